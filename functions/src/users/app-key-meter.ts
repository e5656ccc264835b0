import { z } from "zod";
import { Failure } from "../errors";

/** What a key has used, and what is held back for calls under way. Money in whole nano-dollars, times in epoch ms. */
export const meterSchema = z.object({
  spent_nano: z.number(),
  /** The most that each call under way can cost, and when it counts as cut off. */
  open: z.record(z.string(), z.object({ nano: z.number(), until_ms: z.number() })),
  day_ms: z.number(),
  day_requests: z.number(),
  minute_ms: z.number(),
  minute_requests: z.number(),
  requests: z.number(),
  input_tokens: z.number(),
  cached_tokens: z.number(),
  output_tokens: z.number(),
  last_used_ms: z.number().nullable(),
});

export type Meter = z.infer<typeof meterSchema>;

/** Null: no limit. */
export type Limits = { budgetNano: number | null; perDay: number | null; perMinute: number | null };

/** A model call that is about to be made. */
export type Reservation = {
  id: string;
  /** The most it can cost; null where the model has no known price. */
  worstNano: number | null;
  /** Whether it is its request's first: only those count against the limits of requests. */
  first: boolean;
  nowMs: number;
  /** After this the call counts as cut off, with the most it can have cost. */
  leaseMs: number;
};

/** What a finished call cost. */
export type Settlement = {
  costNano: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
};

export const NEW_METER: Meter = {
  spent_nano: 0,
  open: {},
  day_ms: 0,
  day_requests: 0,
  minute_ms: 0,
  minute_requests: 0,
  requests: 0,
  input_tokens: 0,
  cached_tokens: 0,
  output_tokens: 0,
  last_used_ms: null,
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const startOfDay = (nowMs: number): number => nowMs - (nowMs % DAY_MS);

/** What calls under way hold back of the budget. */
export const reservedNano = ({ open }: Meter): number =>
  Object.values(open).reduce((sum, { nano }) => sum + nano, 0);

/**
 * Counts calls that never reported back as spent, with the most they can have cost: nobody knows what the provider
 * billed for them, and a budget may end early but never late.
 */
export function lapse(meter: Meter, nowMs: number): Meter {
  const entries = Object.entries(meter.open);
  const lapsed = entries.filter(([, { until_ms }]) => until_ms <= nowMs);
  if (lapsed.length === 0) return meter;
  return {
    ...meter,
    spent_nano: lapsed.reduce((sum, [, { nano }]) => sum + nano, meter.spent_nano),
    open: Object.fromEntries(entries.filter(([, { until_ms }]) => until_ms > nowMs)),
  };
}

/**
 * Holds back the most that a call can cost. The same reservation again (a commit whose answer was lost) changes nothing.
 * @returns the meter as it is then, and why the call may not be made, or null
 */
export function reserve(
  before: Meter,
  limits: Limits,
  call: Reservation,
): { meter: Meter; refusal: Failure | null } {
  const { id, nowMs, leaseMs } = call;
  const meter = openWindows(lapse(before, nowMs), nowMs);
  if (Object.hasOwn(meter.open, id)) return { meter, refusal: null };
  const refusal = refuse(meter, limits, call);
  if (refusal) return { meter: before, refusal };
  const counted = call.first ? 1 : 0;
  return {
    refusal,
    meter: {
      ...meter,
      open: { ...meter.open, [id]: { nano: call.worstNano ?? 0, until_ms: nowMs + leaseMs } },
      day_requests: meter.day_requests + counted,
      minute_requests: meter.minute_requests + counted,
      requests: meter.requests + counted,
      last_used_ms: nowMs,
    },
  };
}

/** Replaces a reservation by what the call cost; without one (settled before, or lapsed) nothing changes. */
export function settle(meter: Meter, id: string, spent: Settlement): Meter {
  if (!Object.hasOwn(meter.open, id)) return meter;
  const { [id]: _, ...open } = meter.open;
  return {
    ...meter,
    open,
    spent_nano: meter.spent_nano + spent.costNano,
    input_tokens: meter.input_tokens + spent.inputTokens,
    cached_tokens: meter.cached_tokens + spent.cachedTokens,
    output_tokens: meter.output_tokens + spent.outputTokens,
  };
}

/** The current day and minute (UTC), counted from nothing where they are new; a clock that is behind opens none. */
function openWindows(meter: Meter, nowMs: number): Meter {
  const day_ms = Math.max(meter.day_ms, startOfDay(nowMs));
  const minute_ms = Math.max(meter.minute_ms, nowMs - (nowMs % MINUTE_MS));
  return {
    ...meter,
    day_ms,
    minute_ms,
    day_requests: day_ms === meter.day_ms ? meter.day_requests : 0,
    minute_requests: minute_ms === meter.minute_ms ? meter.minute_requests : 0,
  };
}

function refuse(meter: Meter, { budgetNano, perDay, perMinute }: Limits, call: Reservation): Failure | null {
  const { nowMs, first, worstNano } = call;
  if (first && perDay !== null && meter.day_requests >= perDay) {
    return tooMany("today", meter.day_ms + DAY_MS - nowMs);
  }
  if (first && perMinute !== null && meter.minute_requests >= perMinute) {
    return tooMany("this minute", meter.minute_ms + MINUTE_MS - nowMs);
  }
  if (budgetNano === null) return null;
  if (worstNano === null) {
    const text = "What this costs is not known beforehand, which an app key with a budget needs.";
    return new Failure("model_not_priced", text, { param: "model" });
  }
  return worstNano > budgetNano - meter.spent_nano - reservedNano(meter)
    ? new Failure("budget_exhausted", "What is left of this app key's budget does not cover this.")
    : null;
}

const tooMany = (when: string, leftMs: number) =>
  new Failure("rate_limited", `This app key has answered as much as it may ${when}.`, {
    retryAfter: Math.max(1, Math.ceil(leftMs / 1000)),
  });
