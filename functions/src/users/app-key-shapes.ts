import { z } from "zod";
import { nanoToUsd } from "../openai/pricing";
import { APP_KEY_KINDS } from "./app-key";
import { lapse, type Meter, reservedNano, startOfDay } from "./app-key-meter";
import type { AppKey } from "./app-key-store";

const MAX_BOTS = 20;
const MAX_ORIGINS = 20;
const MAX_BUDGET_USD = 100_000;
const MAX_REQUESTS = 1_000_000_000;
/** The database knows no later year than 9999. */
const LATEST_MS = Date.UTC(10_000, 0);

/** A web origin exactly as browsers send it: no path, no wildcard, plain http on this machine only. */
const origin = z
  .string()
  .max(200)
  .refine(isOrigin, "must be an origin like https://example.com (http for localhost only)");

function isOrigin(value: string): boolean {
  const url = URL.parse(value);
  if (!url || url.origin !== value || value.includes("*")) return false;
  return (
    url.protocol === "https:" ||
    (url.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
  );
}

const unique = <T>(values: T[]): T[] => [...new Set(values)];

const settings = {
  name: z
    .string()
    .overwrite((value) => value.toWellFormed())
    .trim()
    .min(1, "is required")
    .max(60),
  bots: z
    .array(z.string().regex(/^[A-Za-z0-9]{20}$/, "is not an assistant's id"))
    .max(MAX_BOTS)
    .overwrite(unique)
    .describe("Assistants it may use, by id. Empty (secret keys only): all of your own, and plain models."),
  origins: z
    .array(origin)
    .max(MAX_ORIGINS)
    .overwrite(unique)
    .describe("Origins of the pages that may use a publishable key. They bind browsers only."),
  budget_usd: z
    .number()
    .min(0.000001)
    .max(MAX_BUDGET_USD)
    .nullable()
    .describe("US dollars it may spend in all; null for no limit (secret keys only)."),
  requests_per_day: z
    .int()
    .min(1)
    .max(MAX_REQUESTS)
    .nullable()
    .describe("Calls a day (UTC) that ask a model; null for no limit."),
  requests_per_minute: z
    .int()
    .min(1)
    .max(MAX_REQUESTS)
    .nullable()
    .describe("Calls in a minute of the clock that ask a model; null for no limit."),
  expires_at: z.iso
    .datetime({ offset: true })
    .refine((value) => new Date(value).getTime() < LATEST_MS, "is too far away")
    .nullable()
    .describe("When it stops working; null for never."),
};

export const newAppKeyInput = z.strictObject({
  name: settings.name,
  kind: z.enum(APP_KEY_KINDS).describe("secret: for servers; publishable: for pages."),
  bots: settings.bots.default([]),
  origins: settings.origins.default([]),
  budget_usd: settings.budget_usd.default(null),
  requests_per_day: settings.requests_per_day.default(null),
  requests_per_minute: settings.requests_per_minute.default(null),
  expires_at: settings.expires_at.default(null),
});

/** Some of the settings; what is left out stays as it is. */
export const appKeyChange = z.strictObject(settings).partial();

export const appKeyId = z.string().describe("The app key's id.");

export const AppKeyObject = z
  .object({
    id: z.string(),
    object: z.literal("app_key"),
    name: z.string(),
    kind: z.enum(APP_KEY_KINDS),
    status: z.enum(["active", "expired"]),
    prefix: z.string().describe("The key's first characters."),
    last4: z.string(),
    bots: z.array(z.string()),
    origins: z.array(z.string()),
    budget_usd: z.number().nullable(),
    requests_per_day: z.int().nullable(),
    requests_per_minute: z.int().nullable(),
    expires_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().nullable().describe("When it last asked a model."),
    usage: z
      .object({
        requests: z.int().describe("Calls that asked a model."),
        requests_today: z.int(),
        input_tokens: z.int(),
        cached_tokens: z.int(),
        output_tokens: z.int(),
        cost_usd: z
          .number()
          .describe("US dollars spent; a call that was cut off counts with the most that it can have cost."),
        reserved_usd: z.number().describe("US dollars held back for the calls that are under way."),
        budget_left_usd: z.number().nullable().describe("null where there is no budget."),
      })
      .describe("Since the key was made; rotating it does not begin anew."),
  })
  .meta({ id: "AppKey" });

/** The only answers that hold the key itself. */
export const AppKeyShown = AppKeyObject.extend({
  key: z.string().describe("Shown now and never again."),
}).meta({ id: "AppKeyShown" });

/** An app key as its creator sees it: settings and numbers, never a text of those who use it. */
export function showAppKey(key: AppKey, meter: Meter, now: Date): z.input<typeof AppKeyObject> {
  const { budgetNano, perDay, perMinute } = key.limits;
  return {
    id: key.id,
    object: "app_key",
    name: key.name,
    kind: key.kind,
    status: key.expiresAt !== null && key.expiresAt <= now ? "expired" : "active",
    prefix: key.prefix,
    last4: key.last4,
    bots: key.bots,
    origins: key.origins,
    budget_usd: budgetNano === null ? null : nanoToUsd(budgetNano),
    requests_per_day: perDay,
    requests_per_minute: perMinute,
    expires_at: key.expiresAt?.toISOString() ?? null,
    created_at: key.createdAt.toISOString(),
    updated_at: key.modifiedAt.toISOString(),
    last_used_at: meter.last_used_ms === null ? null : new Date(meter.last_used_ms).toISOString(),
    usage: showUsage(lapse(meter, now.getTime()), budgetNano, now),
  };
}

function showUsage(meter: Meter, budgetNano: number | null, now: Date) {
  const { requests, input_tokens, cached_tokens, output_tokens, spent_nano } = meter;
  const reserved = reservedNano(meter);
  return {
    requests,
    requests_today: meter.day_ms === startOfDay(now.getTime()) ? meter.day_requests : 0,
    input_tokens,
    cached_tokens,
    output_tokens,
    cost_usd: nanoToUsd(spent_nano),
    reserved_usd: nanoToUsd(reserved),
    budget_left_usd: budgetNano === null ? null : nanoToUsd(Math.max(0, budgetNano - spent_nano - reserved)),
  };
}
