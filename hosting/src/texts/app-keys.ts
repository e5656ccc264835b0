import { countOf } from "./numbers";

/** What the account page says about app keys. */
export const appKeyTexts = {
  title: "App keys",
  what: "A key for a program or a page, so that its visitors need none. You pay for what they use, within the bounds that you set here. It opens none of your own conversations.",
  none: "You have none yet.",
  make: "Make an app key",
  makeTitle: "A new app key",
  cancel: "Not now",
  submit: "Make the key",
  busy: "Making the key",
  name: "Name",
  nameHint: "For yourself, so that you know what it is for.",
  kind: "Where it is used",
  kinds: {
    secret: { label: "On a server", hint: "Kept secret. Starts with glk_." },
    publishable: {
      label: "In a page",
      hint: "Everyone can see it in the page's source. Starts with glp_, works from your sites only, and always has a budget.",
    },
  },
  bots: "Assistants",
  botsHint: {
    secret: "None chosen: all of your own, and plain models.",
    publishable: "Choose those that the page may use.",
  },
  origins: "Sites",
  originsHint: "One a line, as in https://example.com. This binds browsers; what counts is the budget.",
  budget: "Budget in dollars",
  budgetHint: "What it may spend in all. When it is used up, the key stops.",
  perDay: "Requests a day",
  perDayHint: "Leave empty for no limit.",
  expires: "Last day",
  expiresHint: "Leave empty to let it live until you revoke it.",
  once: "This is the only time you see it.",
  keep: "Copy it now, and put it where your program reads it.",
  copy: "Copy the app key",
  shown: (name: string) => `The key “${name}”`,
  used: (cost: string, budget: string | null) => (budget ? `${cost} of ${budget} spent` : `${cost} spent`),
  requests: (today: number, perDay: number | null) =>
    perDay === null
      ? `${countOf(today, "request")} today`
      : `${today} of ${countOf(perDay, "request")} today`,
  never: "not used yet",
  lastUsed: (when: string) => `last used ${when}`,
  until: (day: string) => `until ${day}`,
  expired: (day: string) => `expired on ${day}`,
  all: "all of your own assistants",
  some: (n: number) => countOf(n, "assistant"),
  change: "Change",
  changeTitle: (name: string) => `Change “${name}”`,
  changeSubmit: "Save the changes",
  changeBusy: "Saving",
  changed: "Saved. It holds from the key's next call on.",
  rotate: "New characters",
  rotateTitle: "Give this key new characters?",
  rotateWhat: (name: string) =>
    `The old characters of “${name}” stop at once. Conversations, bounds and what it has spent stay.`,
  rotateAct: "Give new ones",
  revoke: "Revoke",
  revokeTitle: "Revoke this key?",
  revokeWhat: (name: string) =>
    `“${name}” is refused from now on, and the conversations that were had with it are deleted.`,
  revoked: "The key is revoked.",
  keep_it: "Keep it",
  labelled: (act: string, name: string) => `${act}: ${name}`,
  /** By the field at fault. */
  errors: {
    name: "Give it a name of at most 60 characters.",
    bots: "Choose the assistants. One that was taken down cannot be chosen.",
    origins: "Name at least one site, one a line, as in https://example.com and without anything after it.",
    budget_usd: "Say how many dollars it may spend, up to 100,000.",
    requests_per_day: "Give a whole number, or leave it empty.",
    expires_at: "Choose a day that is still to come.",
  } as Record<string, string | undefined>,
};
