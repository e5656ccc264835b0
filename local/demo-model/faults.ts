import {
  type ApiError,
  contextTooLong,
  invalidKey,
  noQuota,
  rateLimited,
  serverError,
  unsupportedParameter,
} from "./errors.ts";
import { paraphrase } from "./judge.ts";
import { LONG_TEXT, UNICODE_TEXT } from "./passages.ts";
import type { Message } from "./request.ts";

/** How an answer leaves the ordinary way; an empty one is an ordinary answer. */
export type Fault = {
  /** The failure before the first byte, for streams too. */
  fail?: () => ApiError;
  /** Only the first call of a key fails. */
  once?: true;
  /** The failure when the request sets a temperature. */
  withTemperature?: () => ApiError;
  /** An HTML page in place of an answer. */
  page?: number;
  /** A pause before the first byte. */
  slow?: true;
  /** What happens after some words: silence, a closed connection, or bytes that are no JSON. */
  breaks?: "stall" | "cut" | "garbage";
  /** No choices at all. */
  empty?: true;
  /** The words, instead of the coach's. */
  text?: (messages: readonly Message[]) => string;
  /** The field the words stand in, instead of the content. */
  field?: "refusal" | "reasoning_content";
  /** No time between words. */
  fast?: true;
  /** Pieces and packets that end inside a grapheme or a UTF-8 sequence. */
  torn?: true;
  /** No `usage`, even when asked for. */
  noUsage?: true;
  /** The context window in tokens. */
  window?: number;
};

const words = (text: string, count: number) => text.split(" ").slice(0, count).join(" ");

const systemPrompt = (messages: readonly Message[]) =>
  messages
    .filter(({ role }) => role === "system" || role === "developer")
    .map(({ content }) => content)
    .join("\n\n");

/** What the user said last, word for word: a reply can be dictated. */
const lastSaid = (messages: readonly Message[]) =>
  messages.findLast(({ role }) => role === "user")?.content ?? "";

/** Model names that stand for a fault or a special answer: they work by name and are never listed. */
export const FAULTS: ReadonlyMap<string, Fault> = new Map<string, Fault>([
  ["demo-429", { fail: () => rateLimited("demo-429", 1) }],
  ["demo-429-bare", { fail: () => rateLimited("demo-429-bare") }],
  ["demo-429-once", { fail: () => rateLimited("demo-429-once", 1), once: true }],
  ["demo-500", { fail: serverError }],
  ["demo-500-once", { fail: serverError, once: true }],
  ["demo-502", { page: 502 }],
  ["demo-slow", { slow: true }],
  ["demo-stall", { breaks: "stall" }],
  ["demo-cut", { breaks: "cut" }],
  ["demo-garbage", { breaks: "garbage" }],
  ["demo-html", { page: 200 }],
  ["demo-empty", { empty: true }],
  ["demo-context", { fail: () => contextTooLong(8_192, 9_001) }],
  ["demo-quota", { fail: noQuota }],
  ["demo-revoked", { fail: () => invalidKey("sk-demo-revoked-while-in-use") }],
  ["demo-param", { withTemperature: () => unsupportedParameter("temperature") }],
  ["demo-leak", { text: systemPrompt }],
  ["demo-echo", { text: lastSaid }],
  ["demo-paraphrase", { text: (messages) => paraphrase(systemPrompt(messages)) }],
  ["demo-leak-refusal", { text: systemPrompt, field: "refusal" }],
  ["demo-leak-reasoning", { text: systemPrompt, field: "reasoning_content" }],
  ["demo-refusal", { text: () => "I am sorry, I can not help with that.", field: "refusal" }],
  ["demo-nousage", { noUsage: true }],
  ["demo-long", { text: () => words(LONG_TEXT, 600) }],
  ["demo-fast", { text: () => words(LONG_TEXT, 200), fast: true }],
  ["demo-unicode", { text: () => UNICODE_TEXT, torn: true }],
  ["demo-8k", { window: 8_192 }],
]);

/** The page a proxy shows in place of an answer. */
export const htmlPage = (status: number) =>
  `<html>\n<head><title>${status === 502 ? "502 Bad Gateway" : "Welcome"}</title></head>\n` +
  `<body><center><h1>${status === 502 ? "502 Bad Gateway" : "Please sign in"}</h1></center></body>\n</html>\n`;
