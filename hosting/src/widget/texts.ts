import type { ApiError } from "../client/errors";

/** Every word the widget says. */
export const texts = {
  open: "Chat",
  openWith: (name: string) => `Chat with ${name}`,
  close: "Close the chat",
  anew: "New conversation",
  conversation: "Conversation",
  you: "You",
  label: "Your message",
  placeholder: "Write a message",
  send: "Send",
  stop: "Stop",
  again: "Try again",
  writing: (name: string) => `${name} is writing`,
  assistant: "The assistant",
  interrupted: "This reply broke off.",
  leave: "What was said here cannot be brought back.",
  note: "Replies come from an AI and can be wrong.",
  newTab: "(opens in a new tab)",
} as const;

/** A failure as a visitor of the page understands it, and what they can do about it. */
export type Problem = { text: string; way: "again" | "anew" | null };

const NOT_SET_UP: Problem = {
  text: "This chat is not set up right. Whoever runs this page can mend it.",
  way: null,
};
const RESTING: Problem = { text: "The assistant is resting. Please come back later.", way: "again" };
const GONE: Problem = { text: "This conversation is not there any more.", way: "anew" };
const ENDED: Problem = { text: "This conversation has ended.", way: "anew" };
const BUSY: Problem = { text: "There is a lot going on just now. Try again in a moment.", way: "again" };

/** While the line is gone a message waits for it. */
export const WAITING: Problem = {
  text: "There is no connection. Your message goes on when it is back.",
  way: null,
};
export const LINE_LOST: ReadonlySet<string> = new Set(["network", "connection_lost"]);

const PROBLEMS: Record<string, Problem> = {
  network: { text: "There is no connection. Your message is kept.", way: "again" },
  connection_lost: { text: "The connection was lost. Your message is kept.", way: "again" },
  missing_key: NOT_SET_UP,
  invalid_key: NOT_SET_UP,
  key_refused: NOT_SET_UP,
  origin_not_allowed: NOT_SET_UP,
  not_allowed_for_app_key: NOT_SET_UP,
  bot_not_found: { text: "This assistant is not here any more.", way: null },
  bot_incomplete: { text: "This assistant is not ready yet.", way: null },
  session_not_found: GONE,
  session_damaged: GONE,
  session_ended: ENDED,
  assistant_paused: RESTING,
  budget_exhausted: RESTING,
  quota_exhausted: RESTING,
  rate_limited: BUSY,
  upstream_busy: BUSY,
  context_too_long: { text: "That is too long for the assistant.", way: null },
  too_large: { text: "That is too long for the assistant.", way: null },
  message_flagged: { text: "This message was not passed on. Please put it in other words.", way: null },
};

/** @param atStart whether no conversation has begun: then even a visitor who stopped it needs a way on */
export function problemOf({ code }: ApiError, atStart: boolean): Problem | null {
  if (code === "stopped") return atStart ? { text: "Nothing was said yet.", way: "again" } : null;
  return PROBLEMS[code] ?? { text: "Something went wrong. Your message is kept.", way: "again" };
}
