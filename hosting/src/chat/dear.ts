import type { Model } from "../client/shapes";
import type { Entry } from "./entries";

const MANY_TOKENS = 8_000;
const DEAR_USD = 0.01;

/** What the next message sends along before a word of it is written; dollars, null where not known. */
export type Dear = { tokens: number; costUsd: number | null };

/**
 * Whether a conversation has grown dear: the whole history is sent with each message, so the last exchange's
 * tokens are the next one's input. From 8,000 tokens on or from one cent on it is worth a word; right after the
 * history was summed up or cleared nobody knows its size, and nothing is said.
 */
export function dearNext(entries: Entry[], model: Model | undefined): Dear | null {
  const last = entries.at(-1);
  if (!last?.usage || last.condensed || last.cleared) return null;
  const tokens = last.usage.input_tokens + last.usage.output_tokens;
  const costUsd = model?.prices ? (tokens * model.prices.input) / 1_000_000 : null;
  return tokens >= MANY_TOKENS || (costUsd ?? 0) >= DEAR_USD ? { tokens, costUsd } : null;
}
