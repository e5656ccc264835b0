import type { ModelInfo } from "../openai/catalogue";
import { estimateMessages } from "../openai/tokens";
import { type Entry, MAX_CONTEXT_BYTES } from "./context";

/** What a condensed context keeps word for word, besides the summary (the original's number). */
export const KEPT_MESSAGES = 4;

/** A coaching context is condensed at this share of the model's window, or at this many tokens. */
const WINDOW_SHARE = 0.6;
const MAX_TOKENS = 32_000;

/**
 * The messages that a summary is to replace; none while the context is small. The last four stay, and what was
 * said in one turn stays together.
 */
export function toCondense(entries: Entry[], { contextWindow }: Pick<ModelInfo, "contextWindow">): Entry[] {
  const limit = Math.min(WINDOW_SHARE * contextWindow, MAX_TOKENS);
  const bytes = entries.reduce((sum, { content }) => sum + Buffer.byteLength(JSON.stringify(content)), 0);
  if (estimateMessages(entries) <= limit && bytes <= WINDOW_SHARE * MAX_CONTEXT_BYTES) return [];
  const firstKept = entries.at(-KEPT_MESSAGES)?.seq ?? 0;
  return entries.filter(({ seq }) => seq < firstKept);
}

/** The context with its oldest messages, up to a turn, replaced by their summary. */
export const condensed = (entries: Entry[], upTo: number, summary: string): Entry[] => [
  { seq: upTo, role: "assistant", content: summary },
  ...entries.filter(({ seq }) => seq > upTo),
];
