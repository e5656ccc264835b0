import { z } from "zod";
import { Failure, notFound } from "../errors";
import { operation } from "../operation";
import { listOf } from "../paging";
import type { Services } from "../services";
import type { AppKeyKind } from "./app-key";
import { AppKeyObject, appKeyChange, appKeyId, type newAppKeyInput, showAppKey } from "./app-key-shapes";
import type { AppKey, AppKeySettings } from "./app-key-store";
import type { User } from "./authenticate";
import { isConflict } from "./store";

type Asked = Omit<z.output<typeof newAppKeyInput>, "kind">;

/** The caller's own app key; anybody else's is not found. @throws Failure app_key_not_found */
export async function ownAppKey({ appKeys }: Services, user: User, id: string): Promise<AppKey> {
  const key = /^[A-Za-z0-9]{20}$/.test(id) ? await appKeys.read(id) : null;
  if (key?.creator !== user.uid) throw notFound("app_key");
  return key;
}

/** An expired key is over for good: its way in may be removed already. @throws Failure invalid_request */
export function refuseExpired({ expiresAt }: AppKey, now: Date): void {
  if (expiresAt === null || expiresAt > now) return;
  throw new Failure("invalid_request", "app_key: has expired; please make another one", { param: "app_key" });
}

/** App keys as their creator sees them, with what they have used. */
export async function showAppKeys({ appKeys, now }: Services, keys: AppKey[]) {
  const meters = await appKeys.meters(keys.map(({ id }) => id));
  return keys.flatMap((key, i) => {
    const meter = meters[i];
    return meter ? [showAppKey(key, meter, now())] : [];
  });
}

/**
 * Settings as they are stored, after the rules that span several of them.
 * @param known assistants that the key may use already: they need not be there any more
 * @throws Failure invalid_request
 */
export async function checkSettings(
  services: Services,
  kind: AppKeyKind,
  asked: Asked,
  known: string[] = [],
): Promise<AppKeySettings> {
  const { name, bots, origins, budget_usd, requests_per_day, requests_per_minute, expires_at } = asked;
  const publishable = kind === "publishable";
  const expiresAt = expires_at === null ? null : new Date(expires_at);
  if (publishable && bots.length === 0) throw wrong("bots", "name the assistants that the page may use");
  if (publishable && origins.length === 0) throw wrong("origins", "name the origins of the page");
  if (publishable && budget_usd === null) throw wrong("budget_usd", "is required for a publishable key");
  if (!publishable && origins.length > 0) throw wrong("origins", "are for publishable keys");
  if (expiresAt && expiresAt <= services.now()) throw wrong("expires_at", "is over already");
  const added = bots.filter((bot) => !known.includes(bot));
  const found = await Promise.all(added.map((bot) => services.bots.read(bot)));
  if (found.some((bot) => !bot?.active)) throw wrong("bots", "one of them is not there");
  return {
    name,
    bots,
    origins,
    limits: {
      budgetNano: budget_usd === null ? null : Math.round(budget_usd * 1e9),
      perDay: requests_per_day,
      perMinute: requests_per_minute,
    },
    expiresAt,
  };
}

const wrong = (param: string, text: string) => new Failure("invalid_request", `${param}: ${text}`, { param });

export const listAppKeys = operation({
  name: "users.list_app_keys",
  route: "GET /app-keys",
  summary: "Your app keys, newest first, with what each has used; never the key itself.",
  caller: "user",
  input: z.strictObject({}),
  output: listOf(AppKeyObject).meta({ id: "AppKeyList" }),
  errors: [],
  run: async ({ services, user }) => {
    const data = await showAppKeys(services, await services.appKeys.ofCreator(user.uid));
    return { object: "list" as const, data, has_more: false, next_cursor: null };
  },
});

export const updateAppKey = operation({
  name: "users.update_app_key",
  route: "PATCH /app-keys/{app_key}",
  summary: "Change what an app key may do, from its next call on.",
  caller: "user",
  input: appKeyChange.extend({ app_key: appKeyId }),
  output: AppKeyObject,
  errors: ["app_key_not_found", "account_busy"],
  run: async ({ services, user }, { app_key: id, ...change }) => {
    const { appKeys, access, firestore, now } = services;
    const key = await ownAppKey(services, user, id);
    refuseExpired(key, now());
    const settings = await checkSettings(services, key.kind, merge(key, change), key.bots);
    const batch = firestore.batch();
    appKeys.change(batch, key, settings, now());
    access.expire(batch, key.lookup, settings.expiresAt, now());
    await batch.commit().catch((error) => {
      if (!isConflict(error)) throw error;
      throw new Failure("account_busy", "This app key was changed a moment ago.", { retryAfter: 1 });
    });
    const [shown] = await showAppKeys(services, [await ownAppKey(services, user, id)]);
    if (!shown) throw notFound("app_key");
    return shown;
  },
});

/** What a key will be allowed, given some changes. */
function merge(key: AppKey, change: z.output<typeof appKeyChange>): Asked {
  const { budgetNano, perDay, perMinute } = key.limits;
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return {
    name: key.name,
    bots: key.bots,
    origins: key.origins,
    budget_usd: budgetNano === null ? null : budgetNano / 1e9,
    requests_per_day: perDay,
    requests_per_minute: perMinute,
    expires_at: key.expiresAt?.toISOString() ?? null,
    ...Object.fromEntries(given),
  };
}
