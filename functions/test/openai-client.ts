import OpenAI from "openai";
import { client as callBots } from "./bot-client";
import { BOT, KEY, startServer, type TestServer } from "./support";

export const APOLOGY = "Sorry, but I can not reveal that. Let's talk about something else.";

/** What the provider was sent. */
export type Sent = {
  model: string;
  messages: { role: string; content: unknown }[];
  [name: string]: unknown;
};

/** A server with an assistant, seen through the official client. */
export async function startOpenAI() {
  const server = await startServer();
  const clientOf = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 });
  const bots = callBots(() => server.rest);
  const bot = await bots.make();
  const sent = () => server.demo.requests.at(-1)?.body as Sent;
  return {
    server,
    clientOf,
    client: clientOf(KEY),
    bots,
    bot,
    sent,
    /** The last request's messages, each as "role: content". */
    spoken: () => sent().messages.map(({ role, content }) => `${role}: ${content}`),
    answeringWith: (model: string) => bots.make({ model_config: { ...BOT.model_config, model } }),
  };
}

export type Setting = Awaited<ReturnType<typeof startOpenAI>> & { server: TestServer };

export const user = (content: string) => ({ role: "user" as const, content });

type ChatParams = Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>;
const GARDEN = [user("I feel stuck with my garden.")];

export const askChat = ({ bot, client }: Setting, more: ChatParams = {}, from = client) =>
  from.chat.completions.create({ model: bot, messages: GARDEN, ...more });

/** All chunks of a streamed reply, and its text. */
export async function streamChat({ bot, client }: Setting, more: ChatParams = {}) {
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  const options = { stream: true, stream_options: { include_usage: true } } as const;
  const stream = await client.chat.completions.create({ model: bot, messages: GARDEN, ...more, ...options });
  for await (const chunk of stream) chunks.push(chunk);
  return { chunks, text: chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("") };
}

type ResponseParams = Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming>;
type Ours = OpenAI.Responses.Response & { session: string | null };

export const respond = async (
  { bot, client }: Setting,
  input: ResponseParams["input"],
  more: ResponseParams = {},
  from = client,
) => (await from.responses.create({ model: bot, input: input ?? "", ...more })) as Ours;

/** Asks again until the answer is the one to wait for; gives up before the test does, so that nothing goes on after it. */
export async function until<T>(ask: () => Promise<T>, right: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (Date.now() > deadline) throw new Error("it never came");
  }
}

/** The failure of a call that must fail. */
export const failing = (call: PromiseLike<unknown>) =>
  call.then(
    () => Promise.reject(new Error("it did not fail")),
    (error) => error,
  );
