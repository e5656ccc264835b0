import { z } from "zod";
import { Failure } from "../errors";
import { nanoToUsd } from "../openai/pricing";
import { operation } from "../operation";
import type { UsageCounts, UsageDay } from "./store";

const MAX_DAYS = 366;
const DEFAULT_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

const counts = {
  messages: z.int().describe("Model calls, openings and recaps included."),
  input_tokens: z.int(),
  cached_tokens: z.int(),
  output_tokens: z.int(),
  cost_usd: z.number().describe("US dollars, of the calls whose model has a known price."),
  unpriced_messages: z.int().describe("Calls whose model has no known price; they are not in `cost_usd`."),
};

export const DayUsage = z
  .object({
    date: z.iso.date(),
    ...counts,
    models: z.array(z.object({ model: z.string(), ...counts })),
  })
  .meta({ id: "DayUsage" });

const UsageReport = z
  .object({
    object: z.literal("usage"),
    from: z.iso.date(),
    to: z.iso.date(),
    days: z.array(DayUsage).describe("Days on which something was used, oldest first."),
    totals: z.object(counts),
  })
  .meta({ id: "UsageReport" });

/** Counts as the API shows them: money leaves its whole nano-dollars only here. */
const showCounts = ({ cost_nano, unpriced, ...rest }: UsageCounts) => ({
  ...rest,
  cost_usd: nanoToUsd(cost_nano),
  unpriced_messages: unpriced,
});

/** One day of use, for the report and for the export. */
export const showDay = ({ day, models, ...total }: UsageDay): z.input<typeof DayUsage> => ({
  date: day,
  ...showCounts(total),
  models: Object.entries(models)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([model, used]) => ({ model, ...showCounts(used) })),
});

const NOTHING: UsageCounts = {
  messages: 0,
  input_tokens: 0,
  cached_tokens: 0,
  output_tokens: 0,
  cost_nano: 0,
  unpriced: 0,
};

const add = (a: UsageCounts, b: UsageCounts): UsageCounts => ({
  messages: a.messages + b.messages,
  input_tokens: a.input_tokens + b.input_tokens,
  cached_tokens: a.cached_tokens + b.cached_tokens,
  output_tokens: a.output_tokens + b.output_tokens,
  cost_nano: a.cost_nano + b.cost_nano,
  unpriced: a.unpriced + b.unpriced,
});

/** The asked span of days (UTC), both ends included. @throws Failure invalid_request */
function readSpan(asked: { from?: string | undefined; to?: string | undefined }, now: Date) {
  const to = asked.to ?? now.toISOString().slice(0, 10);
  const from =
    asked.from ?? new Date(Date.parse(to) - (DEFAULT_DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1) throw new Failure("invalid_request", "from: is after to", { param: "from" });
  if (days > MAX_DAYS) {
    throw new Failure("invalid_request", `from: more than ${MAX_DAYS} days before to`, { param: "from" });
  }
  return { from, to };
}

export const getUsage = operation({
  name: "users.usage",
  route: "GET /me/usage",
  summary: "Messages, tokens and cost per day and model; the last 30 days unless asked otherwise.",
  caller: "user",
  input: z.strictObject({
    from: z.iso.date().optional().describe("First day (UTC), YYYY-MM-DD."),
    to: z.iso.date().optional().describe("Last day (UTC), included; today unless given."),
  }),
  output: UsageReport,
  errors: [],
  run: async ({ services, user }, input) => {
    const span = readSpan(input, services.now());
    const days = await services.users.readUsage(user.uid, span.from, span.to);
    const total = days.reduce<UsageCounts>(add, NOTHING);
    return { object: "usage" as const, ...span, days: days.map(showDay), totals: showCounts(total) };
  },
});
