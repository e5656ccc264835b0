import type { DocumentReference, DocumentSnapshot } from "firebase-admin/firestore";
import { Failure } from "../errors";
import { idFrom, Tampered } from "../protection/seal";
import type { Vault } from "../protection/vault";
import type { Services } from "../services";
import { isAppKey } from "./app-key";
import { openAppKey, refuseVisitor } from "./app-key-access";
import type { AppKey } from "./app-key-store";
import { renewKey } from "./renew-key";
import { type KeyRecord, refuseSuspended } from "./store";

/** A caller whose key opened their data key. Lives for one request. */
export type User = {
  uid: string;
  /** The provider key: login and funding at once; with an app key its creator's. Sent to the provider, nowhere else. */
  apiKey: string;
  /** The id of the key's document. */
  lookup: string;
  /** @throws Failure invalid_request for the visitor of a page who brought no secret */
  readonly dek: Buffer;
  /** Chat models the key may use, recommended ones first. */
  models: string[];
  /** Assistants that pause for this caller, and the day (YYYY-MM-DD, UTC) on which they do. */
  paused: Record<string, string>;
  isNew: boolean;
  /** The app key that called in the creator's place; null for a provider key. */
  appKey: AppKey | null;
};

const MIN_KEY = 20;
const MAX_KEY = 512;

/** A key's shape: printable, no spaces, long enough that nobody guesses it. @throws Failure invalid_key */
function checkKey(key: string): void {
  if (isAppKey(key)) throw new Failure("invalid_key", "This is an app key; a provider key is needed here.");
  if (key.length < MIN_KEY || key.length > MAX_KEY || !/^[\x21-\x7e]+$/.test(key)) {
    throw new Failure("invalid_key", "This does not look like a provider key.");
  }
}

type Options = {
  signal: AbortSignal;
  /** One more document to read in the same round trip. */
  also?: DocumentReference | undefined;
  /** What the visitor of a page shows, with a publishable key. */
  visitorSecret?: string | undefined;
};

/**
 * Finds the key's user, and reads one more document in the same round trip.
 * An unknown provider key is checked with its provider and signed in on first use.
 */
export async function authenticate(
  services: Services,
  key: string,
  options: Options,
): Promise<{ user: User; also: DocumentSnapshot | undefined }> {
  if (isAppKey(key)) return openAppKey(services, key, options);
  checkKey(key);
  refuseVisitor(options.visitorSecret);
  const refs = waysIn(services, key);
  const snapshots = await services.firestore.getAll(...refs, ...(options.also ? [options.also] : []));
  const known = openFirst(services, key, snapshots.slice(0, refs.length));
  const user = known ? await renewKey(services, known) : await signUp(services, key, options.signal);
  return { user, also: snapshots[refs.length] };
}

/** Where a key's document lies: under the newest server secret, and while it is rotated under earlier ones. */
const waysIn = ({ users, vaults }: Services, key: string): DocumentReference[] =>
  vaults.map((vault) => users.keyRef(vault.lookup(key)));

/** The user of the first way in that is there; null where the key has none. */
function openFirst(services: Services, key: string, ways: DocumentSnapshot[]): User | null {
  for (const [at, snapshot] of ways.entries()) {
    const record = services.users.parseKey(snapshot);
    const vault = services.vaults[at];
    if (record && vault) return openUser(vault, key, snapshot.id, record);
  }
  return null;
}

/** Checks a key upstream, and creates its user where it has none. The list of models is kept up to date. */
export async function signIn(services: Services, user: User, signal: AbortSignal): Promise<User> {
  if (user.isNew || user.appKey) return user;
  const { users, now } = services;
  const models = await usableModels(services, user.apiKey, signal);
  if (models.join() !== user.models.join()) {
    await users.updateModels(user.lookup, models, now());
  }
  return { ...user, models };
}

async function signUp(services: Services, apiKey: string, signal: AbortSignal): Promise<User> {
  const { firestore, users, vault, now } = services;
  const models = await usableModels(services, apiKey, signal);
  const uid = idFrom();
  const dek = vault.newDataKey();
  const record: KeyRecord = { uid, kind: "provider", ...vault.wrap(dek, apiKey, uid), models };
  const lookup = vault.lookup(apiKey);
  const find = async () => openFirst(services, apiKey, await firestore.getAll(...waysIn(services, apiKey)));
  // Another server may have just moved the key from one secret to another, so that it was seen under neither.
  const moved = services.vaults.length > 1 ? await find() : null;
  if (moved) return moved;
  if (await users.create(lookup, record, now())) {
    return { uid, apiKey, lookup, dek, models, paused: {}, isNew: true, appKey: null };
  }
  const existing = await find();
  if (!existing) throw new Failure("invalid_key", "This key was removed a moment ago.");
  return existing;
}

/**
 * Checks a key that is to open an account from now on, and returns its models.
 * @throws Failure naming `new_key`, so that nobody takes it for a refusal of the key they came with
 */
export async function checkNewKey(services: Services, key: string, signal: AbortSignal): Promise<string[]> {
  try {
    checkKey(key);
    return await usableModels(services, key, signal);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, retryAfter } = error;
    throw new Failure(code, message, { param: "new_key", retryAfter, cause: error.cause });
  }
}

async function usableModels(services: Services, apiKey: string, signal: AbortSignal): Promise<string[]> {
  const models = await services.upstream.listModels(apiKey, signal);
  if (models.length === 0) throw new Failure("key_refused", "This key may not use any chat model.");
  return models;
}

function openUser(vault: Vault, apiKey: string, lookup: string, record: KeyRecord): User {
  refuseSuspended(record);
  try {
    const { uid, models, paused = {} } = record;
    const dek = vault.unwrap(record, apiKey, uid);
    return { uid, apiKey, lookup, dek, models, paused, isNew: false, appKey: null };
  } catch (error) {
    if (error instanceof Tampered) throw new Failure("invalid_key", "This key does not open its account.");
    throw error;
  }
}
