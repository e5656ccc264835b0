import { findModel } from "../openai/catalogue";
import { costNano } from "../openai/pricing";
import type { TokenCounts } from "../openai/stream";
import { estimateMessages, estimateTokens, type SizedMessage } from "../openai/tokens";
import type { Spent } from "../users/store";

export type TurnSpent = Spent & { estimated: boolean; reasoningTokens?: number | undefined };

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
