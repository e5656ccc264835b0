import { minding } from "./account";
import type { ApiError } from "./errors";
import { call } from "./http";
import type { List } from "./shapes";

const id = encodeURIComponent;

export type AppKeyKind = "secret" | "publishable";

type Settings = {
  name: string;
  kind: AppKeyKind;
  /** Assistants by id; none means all of one's own, and plain models (secret keys only). */
  bots: string[];
  origins: string[];
  budget_usd: number | null;
  requests_per_day: number | null;
  expires_at: string | null;
};

export type AppKey = Settings & {
  id: string;
  status: "active" | "expired";
  prefix: string;
  last4: string;
  created_at: string;
  last_used_at: string | null;
  usage: { requests: number; requests_today: number; cost_usd: number; budget_left_usd: number | null };
};

/** The only answers with the key itself. */
export type ShownAppKey = AppKey & { key: string };

/** One's app keys, newest first; null where this server has none to give. */
export const listAppKeys = (): Promise<AppKey[] | null> =>
  minding(call<List<AppKey>>("GET", "/app-keys")).then(
    ({ data }) => data,
    (error: ApiError) => {
      if (error.code === "not_found") return null;
      throw error;
    },
  );

export const createAppKey = (settings: Settings) => minding(call<ShownAppKey>("POST", "/app-keys", settings));

/** What the key may do from its next call on; where it is used stays as it is. */
export const updateAppKey = (key: string, settings: Omit<Settings, "kind">) =>
  minding(call<AppKey>("PATCH", `/app-keys/${id(key)}`, settings));

/** New characters for a key; the old ones stop at once. */
export const rotateAppKey = (key: string) =>
  minding(call<ShownAppKey>("POST", `/app-keys/${id(key)}/rotate`, {}));

export const revokeAppKey = (key: string) => minding(call<unknown>("DELETE", `/app-keys/${id(key)}`));
