import { Failure } from "../errors";
import { findModel } from "../openai/catalogue";
import { costNano } from "../openai/pricing";
import type { Completion } from "../openai/stream";
import { estimateMessages, estimateTokens } from "../openai/tokens";
import type { ChatRequest } from "../openai/upstream";
import type { Settlement } from "./app-key-meter";

export type Asked = Pick<ChatRequest, "model" | "messages" | "sampling">;

/** Parameters that do not change what a token costs; with any other one the price is not known beforehand. */
const PRICED: ReadonlySet<string> = new Set([
  ...["temperature", "top_p", "frequency_penalty", "presence_penalty", "stop", "seed", "n"],
  ...["max_tokens", "max_completion_tokens", "reasoning_effort", "verbosity"],
  ...["tools", "tool_choice", "parallel_tool_calls", "response_format"],
  ...["logprobs", "top_logprobs", "logit_bias", "user", "safety_identifier", "prompt_cache_key"],
]);

/**
 * The most that a model call can cost, in nano-dollars. A token is at least one byte of what is sent, names and
 * punctuation of the JSON stand for the few tokens around each message, all input counts as written to a cache, and the
 * reply as long as it may get.
 * @returns null where that is not known: for a model without a price, images, and parameters with prices of their own
 */
export function worstCostNano({ model, messages, sampling }: Asked): number | null {
  const info = findModel(model);
  if (!messages.every(isText) || !Object.keys(sampling).every((name) => PRICED.has(name))) return null;
  const sent = Buffer.byteLength(JSON.stringify({ model, messages, ...sampling }));
  const inputTokens = info.known ? Math.min(sent, info.contextWindow) : sent;
  const { max_tokens, max_completion_tokens, n } = sampling;
  const limit = count(max_completion_tokens ?? max_tokens, info.maxOutputTokens);
  const outputTokens = limit * count(n, 1);
  return costNano({ inputTokens, cachedTokens: 0, cacheWriteTokens: inputTokens, outputTokens }, info);
}

/** An address of a few bytes may stand for an image of thousands of tokens. */
const isText = ({ content }: { content?: unknown }): boolean =>
  !Array.isArray(content) || content.every(({ type }) => type === "text" || type === "refusal");

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
