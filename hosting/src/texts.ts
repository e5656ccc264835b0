/**
 * Every word that this site says, in one place: to be read as a whole, and to be translated as one. What only a page
 * that is loaded later says stands in texts/, so that the first page need not bring it.
 */
export const texts = {
  site: {
    name: "GPT Lab",
    skip: "Skip to the content",
    lounge: "Lounge",
    lab: "Lab",
    signIn: "Sign in",
    signOut: "Sign out",
    footer: "Open source, MIT licence. You pay your provider for what you use, and nobody else.",
    docs: "API",
    version: (version: string) => `Version ${version}`,
    newTab: "(opens in a new tab)",
    wait: "One moment",
  },
  home: {
    title: "A quiet room to think in.",
    what: "GPT Lab makes an assistant out of a prompt: one link to share, a chat, and an API. You bring your own key, and see what every reply costs.",
    look: "Look around the lounge first",
    privacyTitle: "What stays yours",
    privacy: [
      {
        lead: "Your conversations.",
        rest: "They are stored encrypted under a key made from yours. Whoever runs the database cannot read them from it; the running server sees your words only while it answers.",
      },
      {
        lead: "Your key.",
        rest: "It is kept in this tab and nowhere else, and sent to this server and the model provider only. Close the tab and it is gone.",
      },
      {
        lead: "The prompts.",
        rest: "What makes an assistant itself is kept sealed on the server. Talking to it does not give it away.",
      },
    ],
    keyTitle: "Come in with your key",
    inTitle: "Come in, take a seat.",
    inWhat: "Your key is in this tab until you sign out or close it.",
    started: (n: number) =>
      n === 1 ? "1 conversation started so far" : `${number(n)} conversations started so far`,
    loungeDoor: "The lounge",
    loungeDoorWhat: "Meet the assistants that are here, and talk to one.",
    labDoor: "The lab",
    labDoorWhat: "Write a prompt, try it, and make an assistant of your own.",
    models: (first: string[], more: number) =>
      `Your key opens ${first.join(", ")}${more > 0 ? ` and ${number(more)} more` : ""}.`,
  },
  key: {
    label: "Your OpenAI key",
    agree: "I am 18 or older and agree to the terms",
    terms: "What the terms say",
    termsList: [
      "You are 18 or older.",
      "Leave out what is nobody's business: no personal details, nothing about anybody's health.",
      "Assistants are software. What they say is not advice of a doctor, a lawyer or any other professional.",
      "Your provider bills you for what you use here.",
      "Whoever runs this server may take an assistant down.",
    ],
    keep: "Keep your key safe: it is your way back to your conversations and assistants.",
    where: "Where do I get one?",
    free: "Free accounts there are limited to a few requests a minute.",
    show: "Show the key",
    hide: "Hide the key",
    submit: "Come in",
    submitTo: (name: string) => `Talk to ${name}`,
    checking: "Checking the key",
    demo: "Use the demo key",
    demoWhat: "This is a local stack with a demo model. Nothing is billed.",
    account: "GPT Lab key",
    errors: {
      empty: "Paste your key first.",
      short: "That is too short for a key. Copy all of it, from the first character to the last.",
      terms: "Please agree to the terms first.",
    },
  },
  lounge: {
    title: "The lounge",
    what: "Everyone here is made of a prompt. Sit down with one of them.",
    everyone: "Everyone",
    mine: "Mine",
    filter: "Which assistants",
    loading: "Seeing who is here",
    empty: "Nobody is here yet",
    emptyWhat: "The room is open all the same. If somebody gave you a code, it leads to their assistant.",
    emptyMine: "You have not made an assistant yet",
    emptyMineWhat: "When you have, it waits here with its code to share.",
    emptyMineGo: "Make one in the lab",
  },
  code: {
    title: "Somebody gave you a code?",
    label: "Code or link",
    submit: "Open",
    empty: "Paste the code or the link first.",
  },
  card: {
    talk: (name: string) => `Talk to ${name}`,
    starts: (n: number) => (n === 0 ? "New here" : n === 1 ? "1 conversation" : `${number(n)} conversations`),
    code: "Code",
    copyCode: "Copy the code",
    edit: "Edit",
    editName: (name: string) => `Edit ${name}`,
  },
  assistant: {
    loading: "Looking for this assistant",
    start: (name: string) => `Talk to ${name}`,
    keyTitle: (name: string) => `${name} is ready when you are`,
    keyWhat: "One thing first: a key of your own, which pays for your side of the talk.",
    past: "Where you left off",
    pastOne: (count: number) => `${number(count)} messages`,
    resume: "Resume",
    concluded: "Concluded",
    read: "Read",
    more: "Show earlier ones",
    looking: "Looking for earlier conversations",
    wrong: "No assistant answers to this code",
    wrongWhat:
      "It may have been taken down, or a character went missing on the way. Try the code again, or see who is in the lounge.",
    down: "This assistant has been taken down",
    downWhat: "Earlier conversations with it can still be read.",
    toLounge: "Go to the lounge",
  },
  model: {
    label: "Model",
    own: "The assistant's own",
    ownWhat: "What its maker chose for it.",
    pick: (model: string) => `Model: ${model}. Choose another`,
    price: (input: string, output: string) => `${input} in, ${output} out per million tokens`,
    noPrice: "Price not known",
    window: (tokens: number) => `${short(tokens)} window`,
    sticky: "Answers from your next message on.",
    fallback: (own: string, other: string) => `Your key does not open ${own}, so ${other} answers.`,
  },
  chat: {
    loading: "Fetching your conversation",
    with: (name: string) => `Conversation with ${name}`,
    label: "Your message",
    placeholder: (name: string) => `Write to ${name}`,
    send: "Send",
    stop: "Stop",
    keys: "Enter sends, Shift + Enter breaks the line, Esc stops.",
    dear: (tokens: number, cost: string | null) =>
      `Long by now: your next message sends about ${number(tokens)} tokens along${cost ? ` (${cost})` : ""}. Conclude or clear to travel light.`,
    offline: "You are offline. What you write is kept, and goes out when you are back.",
    elsewhere: "A reply is on its way in another tab.",
    edit: "Edit",
    editMessage: "Edit this message",
    editing: "Edit your message",
    editSend: "Send again",
    editCancel: "Cancel",
    editWhat: "What was said after it goes with it.",
    retry: "Try again",
    retryMessage: "Try again for another reply",
    earlier: (replies: number) => (replies > 1 ? `${number(replies)} earlier versions` : "Earlier version"),
    condensed: (name: string) => `From here on, ${name} goes by a summary of what was said long before.`,
    cleared: (name: string) => `Cleared. ${name} starts over from the opening.`,
    clearedShow: (n: number) =>
      n === 1 ? "Read the message before" : `Read the ${number(n)} messages before`,
    flagged: (about: string) =>
      `The provider's check takes this for a touchy subject${about ? ` (${about})` : ""}. It was sent all the same.`,
    flaggedCare:
      "If you think of harming yourself, please speak to somebody now: a crisis line or an emergency number near you.",
    suspected: (name: string) =>
      `This reads like a question after ${name}'s prompt. That stays private; anything else is welcome.`,
    options: "More",
    download: "Download",
    formats: { md: "Markdown", csv: "Spreadsheet (CSV)", json: "JSON" },
    downloadAs: (format: string) => `Download as ${format}`,
    clear: "Clear the conversation",
    clearAsk: (name: string) => `Let ${name} start over?`,
    clearWhat: (name: string) =>
      `${name} forgets what was said and goes back to the opening. You can still read and download it. What it has cost so far stays in the total.`,
    clearNo: "Keep talking",
    clearYes: "Clear",
    leave: "Leave without a recap",
    down: "This assistant has been taken down. You can read and download the conversation; it does not answer any more.",
    anew: "Start a new conversation",
    you: "You said",
    they: (name: string) => `${name} said`,
    waiting: (name: string) => `${name} is thinking`,
    longer: (name: string) => `${name} is still thinking. Nothing is lost; some answers take a while.`,
    reconnecting: "The connection dropped. Taking it up again; you will not pay twice.",
    interrupted: "Interrupted. This is all that had arrived.",
    blocked:
      "The reply was held back because it came close to giving the prompt away. Ask for something else, or put it differently.",
    copy: "Copy",
    copied: "Copied",
    copyMessage: "Copy this message",
    copyCode: "Copy this code",
    latest: "To the latest message",
    conclude: "Conclude chat",
    concluding: "Writing the recap",
    tokens: (n: number) => (n === 1 ? "1 token" : `${number(n)} tokens`),
    inOut: (input: number, output: number) => `${number(input)} in, ${number(output)} out`,
    estimated: "estimated",
    soFar: "So far",
    signInAgain: "Your key is needed to go on",
    signInAgainWhat: "This conversation is safe. Come in with the key it was written with.",
    submit: "Go on",
  },
  recap: {
    title: "What you take with you",
    ask: (name: string) => `Was ${name} of help?`,
    yes: "Helpful",
    no: "Not helpful",
    thanks: "Noted. Thank you.",
    lounge: "Back to the lounge",
    goOn: "Go on talking",
  },
  lost: {
    title: "There is nothing on this shelf",
    what: "The page may have moved, or the address lost a character on the way.",
    home: "Back to the entrance",
    lounge: "Go to the lounge",
  },
  failed: {
    title: "That did not work",
    again: "Try again",
    in: (time: string) => `Try again ${time}.`,
    code: (code: string, id: string | undefined) => (id ? `${code}, request ${id}` : code),
  },
  /** By the server's code, or ours. What is not here is said in the server's own words. */
  errors: {
    network: "The server could not be reached. Nothing is lost; see whether you are online, then try again.",
    connection_lost: "The connection broke before the reply was whole. Trying again does not bill you twice.",
    stopped: "Stopped. Nothing is lost.",
    interrupted: "This reply was interrupted. What had arrived is kept.",
    unsent: "This message did not get through. It is still here; send it once more.",
    session_ended:
      "This conversation is over: several replies came close to giving the prompt away. Everything said is kept, to read and to download, and a new one can begin.",
    assistant_paused:
      "This assistant takes a rest from your questions, because several replies came close to giving its prompt away. Others in the lounge are there for you meanwhile.",
    message_flagged:
      "Messages like this one are not answered here. Put it differently, and the conversation goes on.",
    rate_limited: "That was a lot at once. Nothing is lost; wait a little.",
    model_not_available: "Your key does not open this model. Pick another one below and try again.",
    missing_key: "Please come in with your key.",
    invalid_key: "The provider does not know this key. Copy it once more, all of it.",
    key_refused: "The provider refuses this key just now. It may have been revoked; a new one will do.",
    quota_exhausted:
      "The provider says that this account has no credit left. Add some there, then try again. Nothing was lost here.",
    upstream_busy:
      "The model provider is busy, or your account has reached its limit for this minute. Wait a little, then try again.",
    upstream_unavailable:
      "The model provider does not answer just now. Your message is kept; try again soon.",
    upstream_failed: "The model provider ran into trouble. Your message is kept; try again.",
    upstream_timeout: "The model took too long. Your message is kept; try again.",
    turn_in_progress: "Your message is already being answered. Give it a moment.",
    session_busy: "This conversation is busy in another tab. Give it a moment.",
    context_too_long: "This conversation has grown too long for the model. Conclude it and start a new one.",
    too_large: "That message is too long. Send it in parts.",
    bot_not_found: "No assistant answers to this code.",
    session_not_found:
      "There is no such conversation under this key. It may have been held under another key.",
    internal: "Something went wrong on our side. What you wrote is safe; try again.",
  } as Record<string, string | undefined>,
  /** Where the way out of an error lies elsewhere. */
  help: {
    quota_exhausted: {
      text: "Add credit at OpenAI",
      href: "https://platform.openai.com/settings/organization/billing/overview",
    },
    invalid_key: { text: "See your keys at OpenAI", href: "https://platform.openai.com/api-keys" },
    key_refused: { text: "See your keys at OpenAI", href: "https://platform.openai.com/api-keys" },
    upstream_busy: {
      text: "See your limits at OpenAI",
      href: "https://platform.openai.com/settings/organization/limits",
    },
  } as Record<string, { text: string; href: string } | undefined>,
} as const;

function number(n: number): string {
  return new Intl.NumberFormat("en").format(n);
}

/** A token count in round figures: 128k, 1M. */
function short(tokens: number): string {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 0 }).format(tokens);
}
