import type { WriteBatch } from "firebase-admin/firestore";
import { Failure } from "../errors";
import { sealTo } from "../protection/hpke";
import type { Services } from "../services";
import type { Access, StoredKey } from "../users/access";
import { providerKeyOf } from "../users/app-key";
import type { AppKey } from "../users/app-key-store";
import { type KeyRecord, refuseSuspended } from "../users/store";
import { contend } from "./contend";

export type Move = {
  uid: string;
  dek: Buffer;
  newKey: string;
  models: string[];
  /** Lookup of the way in that was shown, and is closed by this: the provider key, or a recovery code. */
  shown: string;
  /** What to answer where that way in was closed meanwhile. */
  closed: () => Failure;
};

/**
 * Moves an account to another provider key, in one batch: before it only the old key opens the account, after it only
 * the new one. The data key is wrapped anew, and the new key sealed to each app key; nothing else is encrypted again.
 * @throws Failure key_in_use, account_busy, and what `closed` makes
 */
export async function moveAccount(services: Services, move: Move): Promise<void> {
  const { vault, access, firestore, log, now } = services;
  const [to = "", ...earlier] = services.vaults.map((one) => one.lookup(move.newKey));
  const wrapped = vault.wrap(move.dek, move.newKey, move.uid);
  const replaced = await contend(async () => {
    const account = await access.read(move.uid);
    if (!account) throw move.closed();
    const [old, shown, ...there] = await access.readKeys(account.activeKey, move.shown, to, ...earlier);
    const taken = there.find((one) => one !== null);
    // Our own batch, committed twice by the database client because the first answer was lost.
    if (taken?.record.salt.equals(wrapped.salt)) return null;
    if (shown?.record.uid !== move.uid) throw move.closed();
    refuseSuspended(shown.record);
    if (old && old.ref.path === taken?.ref.path) {
      throw new Failure("invalid_request", "new_key: opens this account already", { param: "new_key" });
    }
    const { uid, models } = move;
    const record: KeyRecord = {
      uid,
      kind: "provider",
      ...wrapped,
      models,
      replaces: account.activeKey,
      paused: old?.record.paused,
    };
    const batch = firestore.batch();
    if (taken) await closeEmpty(services, batch, taken, to);
    if (taken?.ref.id === to) access.overwriteKey(batch, taken, record, now());
    else access.createKey(batch, to, record, now());
    if (old) access.remove(batch, old);
    if (shown.ref.path !== old?.ref.path) access.remove(batch, shown);
    const usedUp = shown.record.kind === "recovery";
    await resealAppKeys(services, batch, move);
    access.change(batch, account, { active_key: to, ...(usedUp ? { recovery_key: null } : {}) }, now());
    await batch.commit();
    return taken?.record.uid;
  });
  if (replaced) await removeBuried(services, replaced).catch((error) => log.afterReply("removal", error));
}

/** From now on the account's app keys pay with its new provider key. */
async function resealAppKeys({ appKeys, now }: Services, batch: WriteBatch, { uid, newKey, models }: Move) {
  for (const key of await appKeys.ofCreator(uid)) {
    const sealed = await sealTo(key.publicKey, newKey, providerKeyOf(key.id));
    appKeys.change(batch, key, { sealed, models }, now());
  }
}

/** Removes the data of an account that was closed; two removals at once do each other no harm. */
export const removeBuried = ({ accounts, now }: Services, uid: string): Promise<void> =>
  contend(() => accounts.sweep(uid, now()));

/** The new key may have an account that has nothing in it: that one goes in the same batch. @throws Failure key_in_use */
async function closeEmpty(services: Services, batch: WriteBatch, taken: StoredKey, to: string) {
  const { access, accounts } = services;
  refuseSuspended(taken.record);
  const other = await access.read(taken.record.uid);
  if (other && !(await accounts.isEmpty(other.uid))) {
    throw new Failure("key_in_use", "new_key: has an account of its own that is not empty", {
      param: "new_key",
    });
  }
  const kept = taken.ref.id === to ? taken : undefined;
  if (other) await closeAccount(services, batch, other, kept);
  else if (!kept) access.remove(batch, taken);
}

/**
 * Adds the end of an account to a batch: no key opens it any more, its app keys are revoked, and all its data is marked
 * for removal. @returns the uids that are to be removed
 */
export async function closeAccount(
  services: Services,
  batch: WriteBatch,
  account: Access,
  kept?: StoredKey,
): Promise<string[]> {
  const { access, accounts, appKeys, now } = services;
  const owned = await appKeys.ofCreator(account.uid);
  for (const key of owned) await closeAppKey(services, batch, key);
  const keys = await access.keysOf(account.uid);
  for (const key of keys) if (key.ref.path !== kept?.ref.path) access.remove(batch, key);
  access.remove(batch, account);
  accounts.bury(batch, account.uid, now());
  return [account.uid, ...owned.map(({ id }) => id)];
}

/** Adds the end of an app key to a batch: it is an account of its own, whose settings go with it. */
export async function closeAppKey(services: Services, batch: WriteBatch, key: AppKey): Promise<void> {
  const { access, accounts, appKeys, now } = services;
  const [principal, ways] = await Promise.all([access.read(key.id), access.keysOf(key.id)]);
  for (const way of ways) access.remove(batch, way);
  if (principal) access.remove(batch, principal);
  appKeys.remove(batch, key);
  accounts.bury(batch, key.id, now());
}
