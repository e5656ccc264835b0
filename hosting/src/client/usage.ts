import { call } from "./http";

export type Counts = {
  messages: number;
  input_tokens: number;
  cached_tokens: number;
  output_tokens: number;
  cost_usd: number;
  /** Calls whose model has no known price; they are not in `cost_usd`. */
  unpriced_messages: number;
};

export type ModelUsage = Counts & { model: string };
export type DayUsage = Counts & { date: string; models: ModelUsage[] };

/** Days in UTC, both ends included; only those on which something was used. */
export type UsageReport = { from: string; to: string; days: DayUsage[]; totals: Counts };

/** Messages, tokens and cost per day and model. */
export const readUsage = (from: string, to: string) =>
  call<UsageReport>("GET", `/me/usage?from=${from}&to=${to}`);
