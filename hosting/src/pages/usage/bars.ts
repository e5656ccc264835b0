import type { Counts, ModelUsage, UsageReport } from "../../client/usage";
import { addDays, lengthOf } from "./span";

/** One bar of the chart: a day, or a week where days would be too thin to tell apart. */
export type Bar = { from: string; to: string; total: Counts; models: ModelUsage[] };

const MOST_BARS = 120;

const NOTHING: Counts = {
  messages: 0,
  input_tokens: 0,
  cached_tokens: 0,
  output_tokens: 0,
  cost_usd: 0,
  unpriced_messages: 0,
};

const add = (a: Counts, b: Counts): Counts => ({
  messages: a.messages + b.messages,
  input_tokens: a.input_tokens + b.input_tokens,
  cached_tokens: a.cached_tokens + b.cached_tokens,
  output_tokens: a.output_tokens + b.output_tokens,
  cost_usd: a.cost_usd + b.cost_usd,
  unpriced_messages: a.unpriced_messages + b.unpriced_messages,
});

/** The whole span as bars, with those on which nothing was used. */
export function barsOf(report: UsageReport): Bar[] {
  const length = lengthOf(report);
  const step = length > MOST_BARS ? 7 : 1;
  const bars = Array.from({ length: Math.ceil(length / step) }, (_, i): Bar => {
    const from = addDays(report.from, i * step);
    const to = addDays(from, step - 1);
    return { from, to: to > report.to ? report.to : to, total: NOTHING, models: [] };
  });
  for (const day of report.days) {
    const bar = bars[Math.floor((lengthOf({ from: report.from, to: day.date }) - 1) / step)];
    if (!bar) continue;
    bar.total = add(bar.total, day);
    bar.models = addModels(bar.models, day.models);
  }
  return bars;
}

/** All bars as one: what the whole span came to, the models most used first. */
export function sumOf(bars: Bar[]): Pick<Bar, "total" | "models"> {
  const models = bars.reduce<ModelUsage[]>((sum, bar) => addModels(sum, bar.models), []);
  const total = bars.reduce<Counts>((sum, bar) => add(sum, bar.total), NOTHING);
  return { total, models: models.sort((a, b) => tokensOf(b) - tokensOf(a) || (a.model < b.model ? -1 : 1)) };
}

function addModels(sum: ModelUsage[], more: ModelUsage[]): ModelUsage[] {
  const byName = new Map(sum.map((one) => [one.model, one]));
  for (const { model, ...counts } of more) {
    byName.set(model, { model, ...add(byName.get(model) ?? NOTHING, counts) });
  }
  return [...byName.values()];
}

export const tokensOf = ({ input_tokens, output_tokens }: Counts) => input_tokens + output_tokens;

export type Measure = "cost" | "tokens";
export const measured = (counts: Counts, measure: Measure) =>
  measure === "cost" ? counts.cost_usd : tokensOf(counts);

/** Round values for an axis from 0 to at least `max`, three to five of them; only 0 where there is nothing. */
export function ticksFor(max: number): number[] {
  if (max <= 0) return [0];
  const rough = max / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? max;
  const count = Math.ceil(max / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

/** How dollars are written along an axis: as many digits as its steps need, the same for all of them. */
export function dollarsInSteps(step: number): (amount: number) => string {
  const digits = Math.max(2, Math.ceil(-Math.log10(step) - 1e-9));
  return new Intl.NumberFormat("en", {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format;
}
