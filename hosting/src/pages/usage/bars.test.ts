import type { Counts, DayUsage } from "../../client/usage";
import { barsOf, dollarsInSteps, sumOf, ticksFor } from "./bars";
import { spanOf } from "./span";

const counts = (cost_usd: number): Counts => ({
  messages: 1,
  input_tokens: 10,
  cached_tokens: 0,
  output_tokens: 5,
  cost_usd,
  unpriced_messages: 0,
});
const day = (date: string, cost: number, model = "a"): DayUsage => ({
  date,
  ...counts(cost),
  models: [{ model, ...counts(cost) }],
});
const report = (from: string, to: string, days: DayUsage[]) => ({ from, to, days, totals: counts(0) });

test("a bar for every day, those without use too", () => {
  const bars = barsOf(report("2026-02-27", "2026-03-02", [day("2026-02-28", 2), day("2026-03-02", 1)]));
  expect(bars.map(({ from, total }) => [from, total.cost_usd])).toEqual([
    ["2026-02-27", 0],
    ["2026-02-28", 2],
    ["2026-03-01", 0],
    ["2026-03-02", 1],
  ]);
});

test("a long span is shown in weeks, the last one as short as it is", () => {
  const days = [day("2026-01-07", 1), day("2026-01-08", 2), day("2026-12-31", 4, "b")];
  const bars = barsOf(report("2026-01-01", "2026-12-31", days));
  expect(bars).toHaveLength(53);
  expect(bars.slice(0, 2).map(({ total }) => total.cost_usd)).toEqual([1, 2]);
  expect(bars.at(-1)).toMatchObject({ from: "2026-12-31", to: "2026-12-31", total: { cost_usd: 4 } });
  const { total, models } = sumOf(bars);
  expect([total.cost_usd, models.map(({ model, messages }) => [model, messages])]).toEqual([
    7,
    [
      ["a", 2],
      ["b", 1],
    ],
  ]);
});

test.each([
  [0, [0]],
  [1, [0, 0.5, 1]],
  [0.0021, [0, 0.001, 0.002, 0.003]],
  [900, [0, 500, 1000]],
  [30, [0, 10, 20, 30]],
])("the axis for %d", (max, ticks) => {
  const found = ticksFor(max);
  expect(found).toHaveLength(ticks.length);
  for (const [i, tick] of ticks.entries()) expect(found[i]).toBeCloseTo(tick, 9);
});

test("the steps of an axis are written with the same digits", () => {
  expect([0, 0.05, 0.1].map(dollarsInSteps(0.05))).toEqual(["$0.00", "$0.05", "$0.10"]);
  expect([0, 0.001].map(dollarsInSteps(0.001))).toEqual(["$0.000", "$0.001"]);
  expect([0, 20].map(dollarsInSteps(20))).toEqual(["$0.00", "$20.00"]);
});

test.each([
  ["", "2026-10-23", "2026-11-21", 30],
  ["?days=7", "2026-11-15", "2026-11-21", 7],
  ["?days=8", "2026-10-23", "2026-11-21", 30],
  ["?from=2026-01-01&to=2026-01-31", "2026-01-01", "2026-01-31", null],
  ["?from=2026-02-01&to=2026-01-31", "2026-10-23", "2026-11-21", 30],
  ["?from=2024-01-01&to=2026-01-31", "2026-10-23", "2026-11-21", 30],
  ["?from=nonsense&to=2026-99-99", "2026-10-23", "2026-11-21", 30],
])("the days that %j asks for", (query, from, to, days) => {
  expect(spanOf(new URL(`http://x/usage${query}`), "2026-11-21")).toEqual({ from, to, days });
});
