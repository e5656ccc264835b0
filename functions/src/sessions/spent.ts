import { findModel } from "../openai/catalogue";
import { costNano } from "../openai/pricing";
import type { TokenCounts } from "../openai/stream";
import { estimateMessages, estimateTokens, type SizedMessage } from "../openai/tokens";
import type { Spent } from "../users/store";

export type TurnSpent = Spent & { estimated: boolean; reasoningTokens?: number | undefined };

/** What two calls of the same model cost together. */
export function addSpent(one: TurnSpent, other: TurnSpent): TurnSpent {
  const costs = [one.costNano, other.costNano];
  return {
    model: one.model,
    inputTokens: one.inputTokens + other.inputTokens,
    cachedTokens: one.cachedTokens + other.cachedTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    reasoningTokens: (one.reasoningTokens ?? 0) + (other.reasoningTokens ?? 0),
    costNano: costs.includes(null) ? null : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
    estimated: one.estimated || other.estimated,
  };
}

/** Tokens and cost of a reply; estimated and marked so where the provider did not say. */
export function spentOn(
  model: string,
  messages: readonly SizedMessage[],
  received: string,
  usage: TokenCounts | null,
): TurnSpent {
  const counts: TokenCounts = usage ?? {
    inputTokens: estimateMessages(messages),
    cachedTokens: 0,
    outputTokens: estimateTokens(received),
  };
  return { model, ...counts, costNano: costNano(counts, findModel(model)), estimated: usage === null };
}
