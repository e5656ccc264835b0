import { getApps, initializeApp } from "firebase-admin/app";
import { type Firestore, getFirestore } from "firebase-admin/firestore";
import { type AccountStore, createAccountStore } from "./account/store";
import { type BotStore, createBotStore } from "./bots/store";
import type { Config } from "./config";
import { createLog, type Log } from "./log";
import { createUpstream, type Upstream, type UpstreamOptions } from "./openai/upstream";
import { createRateLimiter, RATE_LIMITS, type RateLimiter, type RateLimits } from "./protection/rate-limits";
import { createVault, newestOf, type Vault } from "./protection/vault";
import { createExposureStore } from "./sessions/exposure";
import { createGuards, type Guards } from "./sessions/guard";
import { createSessionStore, type SessionStore } from "./sessions/store";
import { type AccessStore, createAccessStore } from "./users/access";
import { createMeters, type Meters } from "./users/app-key-meters";
import { type AppKeyStore, createAppKeyStore } from "./users/app-key-store";
import { createUserStore, type UserStore } from "./users/store";

/** Everything an operation works with, built once for a process. */
export type Services = {
  config: Config;
  log: Log;
  now: () => Date;
  firestore: Firestore;
  vault: Vault;
  /** One for each server secret, the newest first: more than one while it is rotated. */
  vaults: Vault[];
  upstream: Upstream;
  users: UserStore;
  access: AccessStore;
  appKeys: AppKeyStore;
  meters: Meters;
  accounts: AccountStore;
  bots: BotStore;
  sessions: SessionStore;
  guards: Guards;
  limiter: RateLimiter;
  /** A Firebase custom token for a user; null where the deployment may not sign one. */
  customToken: (uid: string) => Promise<string | null>;
};

type Overrides = Partial<Pick<Services, "log" | "now" | "firestore">> & {
  upstream?: UpstreamOptions;
  limits?: Partial<RateLimits>;
};

/** Wires the services; tests replace the clock, the log or the database connection. */
export function build(config: Config, overrides: Overrides = {}): Services {
  const log = overrides.log ?? createLog();
  const firestore = overrides.firestore ?? connect();
  const { host } = new URL(config.openaiBaseUrl);
  const vaults = config.serverSecrets.map((secret) => createVault(secret, host)) as [Vault, ...Vault[]];
  const vault = newestOf(vaults);
  return {
    config,
    log,
    now: overrides.now ?? (() => new Date()),
    firestore,
    vault,
    vaults,
    upstream: createUpstream(config, log, overrides.upstream),
    users: createUserStore(firestore),
    access: createAccessStore(firestore),
    appKeys: createAppKeyStore(firestore),
    meters: createMeters(),
    accounts: createAccountStore(firestore),
    bots: createBotStore(firestore, vault),
    sessions: createSessionStore(firestore, vault),
    guards: createGuards(createExposureStore(firestore)),
    limiter: createRateLimiter({ ...RATE_LIMITS, ...overrides.limits }),
    customToken: (uid) => customToken(uid, log),
  };
}

function connect(): Firestore {
  const firestore = getFirestore(getApps()[0] ?? initializeApp());
  firestore.settings({ ignoreUndefinedProperties: true });
  return firestore;
}

async function customToken(uid: string, log: Log): Promise<string | null> {
  const { getAuth } = await import("firebase-admin/auth");
  return getAuth(getApps()[0] ?? initializeApp())
    .createCustomToken(uid)
    .catch((error) => {
      log.customTokenUnavailable(error);
      return null;
    });
}
