import { countOf, number, wordFor } from "./numbers";

/** What the lab says. */
export const labTexts = {
  title: "The lab",
  loading: "Clearing the desk",
  guest: {
    title: "Make an assistant of your own",
    what: "Write a prompt, try it, give it a name. You get a link to share, a chat, and an API.",
    keyTitle: "Come in with your key",
    submit: "To the desk",
  },
  trail: "Steps",
  steps: { prompt: "Prompt", test: "Try it", card: "Card", share: "Share", versions: "Versions" },
  stepOf: (at: number) => `Step ${at}: `,
  startOver: {
    press: "Start over",
    title: "Start over?",
    what: "The prompt, the test chat and the card you have written so far are thrown away.",
    yes: "Throw away and start over",
    no: "Keep writing",
  },
  discard: {
    press: "Discard changes",
    title: "Discard your changes?",
    what: "What you changed since the last save is thrown away. The saved assistant stays as it is.",
    yes: "Discard",
    no: "Keep writing",
  },
  kept: "Kept in this tab until you save it, sign out or close the tab.",
  prompt: {
    title: "Who is it, and how does it help?",
    titleOf: (name: string) => `The prompt of ${name}`,
    what: "Brief it like a new colleague: who it is, how it works, what it leaves alone.",
    label: "Prompt",
    placeholder:
      "You are Juno, a patient editor. You speak first: introduce yourself in two sentences, then ask what the person is writing …",
    hint: "It speaks first, so tell it how to introduce itself.",
    size: (tokens: number) => `About ${number(tokens)} tokens, sent along with every message.`,
    outline: "Begin with an outline",
    outlineText: `You are [name], a [what it is] for [whom]. 

# Opening
You speak first. Introduce yourself in two sentences, then ask [the first question].

# How you work
1. [What you find out first]
2. [What you do with it]
3. [How a conversation ends well]

# Style
Short paragraphs in plain words. One question at a time.

# What you leave alone
[Topics and habits to avoid, and what you say instead]`,
    openFile: "Open an exported file",
    notAFile: "This file does not hold an exported assistant.",
    next: "Try it",
  },
  model: {
    label: "Model",
    none: "Your key may not use any chat model.",
    gone: (model: string) => `${model} (not available to your key)`,
    price: (input: string, output: string) => `${input} in, ${output} out per million tokens`,
    noPrice: "price not known",
    window: (tokens: number) => `${short(tokens)} tokens of context`,
    limit: "Longest reply, in tokens",
    words: (words: number) => `About ${number(words)} words.`,
    most: (tokens: number) => `This model can write up to ${number(tokens)}.`,
    fullReply: (cost: string) => `Your first message, with a full reply, costs about ${cost}.`,
    reasoning: "It thinks before it writes. Thinking is paid for too, and comes on top of this limit.",
  },
  tone: {
    label: "Personality",
    fixed: "This model has no dials. How it sounds is up to your prompt.",
    dials: {
      temperature: {
        name: "Temperature",
        what: "How far it strays from the likeliest word.",
        min: 0,
        max: 2,
      },
      top_p: { name: "Top P", what: "How many of the likely words it chooses from.", min: 0, max: 1 },
      frequency_penalty: {
        name: "Frequency penalty",
        what: "How much it avoids words it has used often.",
        min: -2,
        max: 2,
      },
      presence_penalty: {
        name: "Presence penalty",
        what: "How much it is drawn to new topics.",
        min: -2,
        max: 2,
      },
    },
  },
  secondCheck: {
    label: "Protection",
    name: "Check every reply a second time",
    what: (cost: string | null) =>
      `The model reads its reply again, and what tells the prompt in other words or another language is held back, though not every time. Replies wait for it, and each costs ${cost ? `about ${cost}` : "a second, short call"} more.`,
  },
  test: {
    title: "How does it feel to talk to it?",
    what: "Say what your people would say. If something is off, change the prompt and try again.",
    chat: "Test chat",
    empty: "Nobody has spoken yet",
    emptyWhat: "It opens the conversation. Nothing of this is listed anywhere, and it is gone in 7 days.",
    start: "Start the conversation",
    again: "Start again",
    changed: "You have changed it since this conversation began.",
    retry: "Try the new version",
    retryKeys: "Ctrl + Enter tries it.",
    recap: "Hear the recap",
    sameAgain: (words: string) => `Say again: ${words}`,
    settings: "Change model or personality",
    skip: "Skip the test drive",
    back: "Back to the prompt",
    next: "Give it a name",
    name: "your assistant",
  },
  card: {
    title: "What will people see?",
    what: "Its card in the lounge and the title above a chat. The prompt stays with you.",
    name: "Name",
    tagLine: "Tag line",
    tagLineHint: "What it is, in a few words: “patient editor”.",
    description: "Description",
    descriptionHint: "What somebody gets out of talking to it.",
    summary: "Recap prompt",
    summaryHint: "Asked at the end of a conversation; the answer is what people take with them.",
    summaryDefault:
      "Write a recap of our conversation, addressed to me, in the language we used, in at most 200 words: what we talked about, what became clear, and what I want to do next. Add nothing that we did not talk about.",
    summaryReset: "Use the usual one",
    type: "Memory",
    preview: "Preview",
    previewCard: "In the lounge",
    previewChat: "Above a chat",
    face: "Its face and colours are drawn when it is saved.",
    noName: "Name",
    noTagLine: "tag line",
    noDescription: "The description comes here.",
    back: "Back to the test drive",
    make: "Make the assistant",
  },
  save: {
    unsaved: "Unsaved changes",
    version: "Save as a new version",
    card: "Save the card",
    busy: "Saving",
    savedVersion: (n: number) =>
      `Saved. Version ${n} answers from now on; conversations under way keep the one they began with.`,
    savedCard: "Saved.",
  },
  share: {
    madeTitle: (name: string) => `${name} is ready to meet people`,
    title: (name: string) => `Share ${name}`,
    what: "Whoever has the link can talk to it with a key of their own. Your prompt stays sealed on the server.",
    link: "Link",
    copyLink: "Copy the link",
    code: "Code",
    copyCode: "Copy the code",
    api: "From a program",
    apiWhat: "This opens a conversation. Send what you say to /v1/sessions/{session.id}/messages.",
    copyApi: "Copy the call",
    openai: "From a program made for OpenAI",
    openaiWhat: "Set these two, with your own key or an app key. Everything else stays as it is.",
    copyOpenai: "Copy address and model",
    widget: "On a page of yours",
    widgetWhat: "It sits in the corner of the page. Its visitors need no key; you pay, within a budget.",
    widgetKey: "Make an app key for pages",
    copyWidget: "Copy the script tag",
    talk: (name: string) => `Talk to ${name}`,
    another: "Create another",
    down: "Whoever runs this server did that. You can still change it, copy it and export it.",
    warned: "One thing to look at",
    mend: "Change it",
    lounge: "See it among yours",
  },
  check: {
    title: "Does it keep its prompt to itself?",
    what: (attempts: number, cost: string | null) =>
      `${number(attempts)} well-known tricks to get a prompt out of an assistant, tried on yours${cost ? ` for about ${cost}` : ""}.`,
    run: "Try the tricks",
    again: "Try them again",
    busy: "Trying. This takes a minute or so.",
    safe: "It gave nothing away.",
    guarded: (n: number) =>
      `It fell for ${countOf(n, "trick")}. The guard held ${wordFor(n, "that reply", "those replies")} back, so nobody would have seen ${wordFor(n, "it", "them")}.`,
    leaked: (n: number) =>
      `${countOf(n, "trick")} got through. Think about what the prompt says that nobody should read.`,
    kept: "Kept to itself",
    blocked: "Held back by the guard",
    out: "Given away",
    untried: "Could not be tried",
    incomplete: "Not every trick could be tried. What was tried gave nothing away.",
    cost: (cost: string, model: string) => `This check cost ${cost} with ${model}.`,
  },
  versions: {
    title: (name: string) => `Versions of ${name}`,
    what: "Every change to the prompt or the settings is kept, with how its conversations went.",
    list: "All versions",
    version: (n: number) => `Version ${n}`,
    current: "Answers now",
    counts: (started: number, ended: number) => `${number(started)} started, ${number(ended)} ended`,
    restore: "Restore",
    restoreOne: (n: number) => `Restore version ${n}`,
    restored: (n: number) => `Version ${n} answers again.`,
    more: "Show earlier ones",
    compare: "Compare",
    compareOne: (n: number) => `Compare version ${n} with the one before`,
    from: "From",
    to: "to",
    same: "These two say the same.",
    prompt: "Prompt",
    summary: "Recap prompt",
    settings: "Settings",
    added: "added",
    removed: "removed",
    gap: (n: number) => `${number(n)} characters unchanged`,
  },
  keep: {
    title: "The whole assistant",
    duplicate: "Duplicate",
    duplicateWhat: "A copy with a code of its own, to try something else with.",
    copyName: (name: string) => `${name} copy`,
    export: "Export",
    exportWhat: "Everything as a JSON file, which the lab opens again.",
    remove: "Delete",
    removeWhat: "Its link stops working. There is no way back.",
  },
  remove: {
    title: (name: string) => `Delete ${name}?`,
    what: "The link and the code stop working, and all versions of the prompt are gone for good. Conversations that people have begun can still go on.",
    type: (name: string) => `To be sure, type its name: ${name}`,
    yes: "Delete for good",
    no: "Keep it",
  },
  missing: {
    initial_prompt: "Write the prompt first.",
    name: "It needs a name.",
    tag_line: "Say in a few words what it is.",
    description: "Say what somebody gets out of it.",
    summary_prompt: "Say what the recap should hold.",
    max_tokens: (most: number) => `A whole number from 1 to ${number(most)}.`,
    tooLong: (over: number) => `${countOf(over, "character")} too many.`,
  },
} as const;

function short(n: number): string {
  return new Intl.NumberFormat("en", { notation: "compact" }).format(n);
}
