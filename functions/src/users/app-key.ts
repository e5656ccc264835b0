import { type Binding, idFrom } from "../protection/seal";

/** Secret keys are for servers; publishable ones stand in pages, where everybody can read them. */
export const APP_KEY_KINDS = ["secret", "publishable"] as const;
export type AppKeyKind = (typeof APP_KEY_KINDS)[number];

const PREFIXES = { secret: "glk_", publishable: "glp_" } as const satisfies Record<AppKeyKind, string>;
const APP_KEY = /^(glk|glp)_([A-Za-z0-9]{20})([A-Za-z0-9]{40})$/;

/** A new app key: its kind, the id under which its settings lie, and 40 random characters (238 bits). */
export const newAppKey = (kind: AppKeyKind, id: string): string =>
  `${PREFIXES[kind]}${id}${idFrom()}${idFrom()}`;

/** Whether this is meant as an app key, well formed or not: such a key is never sent to a provider. */
export const isAppKey = (key: string): boolean =>
  Object.values(PREFIXES).some((prefix) => key.startsWith(prefix));

/** What a key claims to be; null for what is no app key. The claim is unchecked. */
export function readAppKey(key: string): { kind: AppKeyKind; id: string } | null {
  const [, prefix, id] = APP_KEY.exec(key) ?? [];
  if (!id) return null;
  return { kind: prefix === "glk" ? "secret" : "publishable", id };
}

/** What of a key may be shown again: enough to tell keys apart. */
export const hintOf = (key: string) => ({ prefix: key.slice(0, 8), last4: key.slice(-4) });

/** What a sealed provider key is bound to. */
export const providerKeyOf = (id: string): Binding => ["provider-key/v1", id];
