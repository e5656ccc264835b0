import type { Prose } from "../components/rich";

/** What the developers' page says around its examples. */
export const developersTexts = {
  title: "Put an assistant anywhere",
  lede: "Everything this site does goes through one API, and your program can do the same. The examples below hold your own values: copy, paste, run.",
  languages: "Language",
  values: {
    title: "Your values",
    base: "Address of the API",
    copyBase: "Copy the address",
    bot: "Assistant",
    mine: "Mine",
    lounge: "In the lounge",
    noBot: "No assistant here yet. The examples show a code that stands for one.",
    key: "Your key",
    noKey: "The examples read it from GPTLAB_KEY. Come in, and the line that sets it is here to copy.",
    hidden: "Hidden; the examples read it from the environment.",
    show: "Show the line that sets it",
    hide: "Hide it again",
    copyKey: "Copy the line that sets the key",
  },
  copy: (title: string) => `Copy the example: ${title}`,
  steps: {
    start: {
      title: "Start a conversation",
      what: [
        "The assistant speaks first. The answer holds its words, what they cost, and the session that you go on with.",
      ],
    },
    respond: {
      title: "Say something",
      what: [
        "Send an `Idempotency-Key`, and sending the same again after a broken connection is answered, and paid, once. Each answer names model, tokens and cost.",
      ],
    },
    stream: {
      title: "Read the reply while it is written",
      what: [
        "Ask for `text/event-stream`: `delta` events carry text, `done` the whole reply. Show what `done` says in place of what you showed: a reply that would have given the prompt away is replaced there. Use the address of the function itself, since the site's own buffers.",
      ],
    },
    openai: {
      title: "From a program made for OpenAI",
      what: [
        "Change the address and the key, and put an assistant's code in place of the model; `code@3` pins its third version. The prompt is put in front on the server. A plain model's name works as well.",
        "With chat completions you keep the history yourself, and nothing is stored but the day's usage. With OpenAI's Responses (`client.responses.create`, `previous_response_id`) it is a conversation like any other, kept here for you.",
      ],
    },
    appKey: {
      title: "Give a key to your app, not yours",
      what: [
        "An app key lets others talk to your assistants at your cost, within the bounds that you set. Use it wherever a key stands above. The answer shows it once; [your account page](/account#app-keys) makes them, too, and revokes them.",
      ],
    },
  } satisfies Record<string, { title: string; what: Prose }>,
  more: {
    title: "And further",
    points: [
      [
        "[Working examples](/docs/examples) of every way in, for the shell, Node and Python.",
        "On a page of yours: one script tag puts an assistant in its corner, with an app key made for pages. [Try the widget](/widget-demo).",
        "From a program that speaks MCP, such as an editor: the server is at `/mcp` on this site, with your key as the `Authorization: Bearer` header. It lists assistants, talks to them, and reads what was said.",
        "[The reference](/docs): every operation, its fields, answers and failures; the same as [OpenAPI 3.1](/v1/openapi.json).",
        "Errors look like OpenAI's: `{error: {code, message, type, param, request_id}}`. A 429 says in `Retry-After` how many seconds to wait.",
        "From a Firebase app: the callable functions `users`, `bots` and `sessions` take the same fields.",
      ],
    ] as Prose,
  },
};

/** What the examples say in the visitor's place. */
export const sampleWords = {
  first: "I put things off.",
  second: "Mostly writing. What could I try?",
  app: "My site",
};
