import { countOf } from "./numbers";

/** What the account page and the way back into an account say. */
export const accountTexts = {
  title: "Your account",
  keyTitle: "Your key opens this page",
  keyWhat:
    "An account here is a key: no name, no address, no password. Come in with it to change it, to take your data out, or to leave.",
  tabs: { label: "Your pages", account: "Account", usage: "Usage and conversations" },
  profile: (since: string, started: number, ended: number, bots: number) =>
    `Here since ${since}: ${countOf(started, "conversation")} started, ${ended} concluded, ${countOf(bots, "assistant")} made.`,
  refused:
    "The provider refuses this key just now, so nobody can talk with it. It still opens your account: you can read, take your data out, and change to a new key.",
  swap: {
    title: "Change your key",
    what: "Your provider gave you a new key, or you want to retire the old one. Everything of yours moves to the new key at once.",
    label: "The new key",
    hint: "It is checked with the provider. The old key may have been revoked already; that does no harm.",
    submit: "Change the key",
    busy: "Checking the new key",
    done: "Done. From now on the new key opens this account. The old one does not: it would begin an empty one.",
  },
  recovery: {
    title: "A way back without your key",
    what: "Lose your key, and nobody can open your conversations any more, not even whoever runs this server. A recovery code can, once, together with a new key.",
    make: "Make a recovery code",
    makeAnother: "Make another one",
    once: "This is the only time you see it.",
    keep: "Print it or write it down, and keep it where your key is not. A code made before this one no longer works.",
    copy: "Copy the code",
    save: "Save as a file",
    file: (code: string, where: string) =>
      `GPT Lab recovery code\n\n${code}\n\nIt opens your account once, together with a new key:\n${where}\n`,
    label: "Your recovery code",
  },
  exports: {
    title: "Take everything with you",
    what: "All your conversations, your figures and your assistants with their prompts, as one JSON file. It is not encrypted: keep it as you would keep a diary.",
    start: "Download everything",
    busy: (n: number) => `${countOf(n, "conversation")} so far`,
    done: (n: number) => `Saved, with ${countOf(n, "conversation")}.`,
    damaged: (n: number) =>
      `${countOf(n, "conversation")} had been changed from outside and could not be opened; the file has no messages of ${n === 1 ? "it" : "them"}.`,
  },
  imports: {
    title: "Bring conversations in",
    what: "From a file that was downloaded here or on another GPT Lab. What is here already stays as it is, and is not brought in twice.",
    label: "The file",
    start: "Bring them in",
    stop: "Stop",
    contents: (sessions: number, bots: number) =>
      `This file holds ${countOf(sessions, "conversation")} and ${countOf(bots, "assistant")}.`,
    remake: (n: number) => `Make ${n === 1 ? "the assistant" : `the ${n} assistants`} again as my own`,
    remakeHint: "Only if they are gone: they get new codes, and their conversations go on with them.",
    busy: (n: number, of: number) => `${n} of ${of}`,
    done: (n: number) => `${countOf(n, "conversation")} brought in.`,
    remade: (n: number) => `${countOf(n, "assistant")} made again.`,
    readOnly: (n: number) =>
      `${n} of them can be read, and not continued: ${n === 1 ? "its assistant is" : "their assistants are"} not here.`,
    stopped: "Stopped. What was brought in so far is here; the same file again brings the rest.",
    skipped: (n: number) => `${countOf(n, "conversation")} left out`,
    of: (name: string, when: string) => `${name}, ${when}`,
    nobody: "Somebody unknown",
    why: {
      damaged: "was damaged when it was downloaded",
      empty: "has no messages",
      too_large: "is larger than 8 MB",
    },
    notOurs: "This is not a file that was downloaded from an account here.",
    none: "Choose the file first.",
    whatFailed: (why: string) => `It stopped here: ${why}`,
  },
  remove: {
    title: "Delete your account",
    what: "What goes, at once and for good:",
    gone: [
      "All your conversations. The operator's backups may hold them, encrypted, until they age out; only your key could open those.",
      "Your figures and the assistants you made. Their links stop working; a conversation that somebody else began with one can still be read and continued.",
      "Your recovery code and your app keys, with the conversations that others had by them.",
    ],
    advice: "There is no way back. If you may want anything again, download everything first.",
    word: "delete",
    label: (word: string) => `Type ${word} to confirm`,
    submit: "Delete my account",
    busy: "Deleting",
    wrong: (word: string) => `Type the word ${word} in the field, then press the button.`,
    doneTitle: "Your account is deleted",
    doneWhat:
      "It is gone from here, and so is every way to open it. Your key still works with your provider, and would begin a new account.",
    home: "Back to the entrance",
  },
  recover: {
    title: "Back in with a recovery code",
    what: "Your old key is gone, and you kept the code. Together with a new key it opens your account again, with everything in it.",
    code: "Your recovery code",
    codeHint: "Eight groups of four characters. Spaces, dashes and lower case do not matter.",
    key: "Your new key",
    keyHint: "It opens the account from now on; the old key does not any more.",
    submit: "Open my account",
    busy: "Opening",
    emptyCode: "Type the code first.",
    doneTitle: "You are back in",
    doneWhat: "The new key opens your account from now on. The code is used up.",
    another: "Make another code",
    toConversations: "See your conversations",
    noCode: "No code? Then the conversations cannot be opened again.",
    noCodeLink: "Why that is so",
  },
  /** By the server's code, where a new key is at fault and not the one that came along. */
  errors: {
    key_in_use: "That key has an account of its own here, with something in it. Take another new key.",
    invalid_request: "That key opens this account already.",
    account_busy: "Your account is being changed in another place. Try again in a moment.",
    invalid_recovery_code:
      "No account answers to this code. It may be mistyped, used, or replaced by a newer one.",
    key_refused:
      "The provider refuses the new key. It may have been revoked or limited; make another one there.",
  } as Record<string, string | undefined>,
};
