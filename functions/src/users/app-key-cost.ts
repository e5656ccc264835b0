import { Failure } from "../errors";
import { findModel } from "../openai/catalogue";
import { costNano } from "../openai/pricing";
import type { Completion } from "../openai/stream";
import { estimateMessages, estimateTokens } from "../openai/tokens";
import type { ChatRequest } from "../openai/upstream";
import type { Settlement } from "./app-key-meter";

export type Asked = Pick<ChatRequest, "model" | "messages" | "sampling">;

/**
 * The most that a model call can cost, in nano-dollars; null where the model has no known price. A token is at least one
 * byte of what is sent, names and punctuation of the JSON stand for the few tokens around each message, all input counts
 * as written to a cache, and the reply as long as it may get.
 */
export function worstCostNano({ model, messages, sampling }: Asked): number | null {
  const info = findModel(model);
  const sent = Buffer.byteLength(JSON.stringify({ model, messages, ...sampling }));
  const inputTokens = info.known ? Math.min(sent, info.contextWindow) : sent;
  const { max_tokens, max_completion_tokens, n } = sampling;
  const limit = count(max_completion_tokens ?? max_tokens, info.maxOutputTokens);
  const outputTokens = limit * count(n, 1);
  return costNano({ inputTokens, cachedTokens: 0, cacheWriteTokens: inputTokens, outputTokens }, info);
}

const count = (value: unknown, otherwise: number) => (typeof value === "number" ? value : otherwise);

/** What a whole reply cost: by the provider's count, else by ours. */
export function costOfReply(asked: Asked, { text, usage }: Completion): Settlement {
  const counts = usage ?? {
    inputTokens: estimateMessages(asked.messages),
    cachedTokens: 0,
    outputTokens: estimateTokens(text),
  };
  return { ...counts, costNano: costNano(counts, findModel(asked.model)) ?? 0 };
}

/**
 * What a failed call cost: nothing where the provider refused it, else the most it can have cost. Nobody knows what is
 * billed for a reply that was cut off, and a budget may end early but never late.
 */
export function costOfFailure(error: unknown, worstNano: number | null): Settlement {
  const free = error instanceof Failure && error.unbilled;
  return { inputTokens: 0, cachedTokens: 0, outputTokens: 0, costNano: free ? 0 : (worstNano ?? 0) };
}
