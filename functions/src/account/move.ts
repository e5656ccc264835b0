import type { WriteBatch } from "firebase-admin/firestore";
import { Failure } from "../errors";
import type { Services } from "../services";
import type { Access, StoredKey } from "../users/access";
import { refuseSuspended } from "../users/authenticate";
import type { KeyRecord } from "../users/store";
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
 * the new one. The data key is wrapped anew; nothing else is encrypted again.
 * @throws Failure key_in_use, account_busy, and what `closed` makes
 */
export async function moveAccount(services: Services, move: Move): Promise<void> {
  const { vault, access, firestore, log, now } = services;
  const to = vault.lookup(move.newKey);
  const wrapped = vault.wrap(move.dek, move.newKey, move.uid);
  const replaced = await contend(async () => {
    const account = await access.read(move.uid);
    if (!account) throw move.closed();
    const [old, taken, shown] = await access.readKeys(account.activeKey, to, move.shown);
    // Our own batch, committed twice by the database client because the first answer was lost.
    if (taken?.record.salt.equals(wrapped.salt)) return null;
    if (shown?.record.uid !== move.uid) throw move.closed();
    refuseSuspended(shown.record);
    if (account.activeKey === to) {
      throw new Failure("invalid_request", "new_key: opens this account already", { param: "new_key" });
    }
    const { uid, models } = move;
    const record: KeyRecord = { uid, kind: "provider", ...wrapped, models, replaces: account.activeKey };
    const batch = firestore.batch();
    if (taken) await replaceEmpty(services, batch, taken, record);
    else access.createKey(batch, to, record, now());
    if (old) access.remove(batch, old);
    if (shown.ref.path !== old?.ref.path) access.remove(batch, shown);
    const usedUp = shown.record.kind === "recovery";
    access.change(batch, account, { active_key: to, ...(usedUp ? { recovery_key: null } : {}) }, now());
    await batch.commit();
    return taken?.record.uid;
  });
  if (replaced) await removeBuried(services, replaced).catch((error) => log.afterReply("removal", error));
}

/** Removes the data of an account that was closed; two removals at once do each other no harm. */
export const removeBuried = ({ accounts, now }: Services, uid: string): Promise<void> =>
  contend(() => accounts.sweep(uid, now()));

/** Takes over the key of an account that has nothing in it; that account goes in the same batch. */
async function replaceEmpty(services: Services, batch: WriteBatch, taken: StoredKey, record: KeyRecord) {
  const { access, accounts, now } = services;
  refuseSuspended(taken.record);
  const other = await access.read(taken.record.uid);
  if (other && !(await accounts.isEmpty(other.uid))) {
    throw new Failure("key_in_use", "new_key: has an account of its own that is not empty", {
      param: "new_key",
    });
  }
  if (other) await closeAccount(services, batch, other, taken);
  access.overwriteKey(batch, taken, record, now());
}

/** Adds the end of an account to a batch: no key opens it any more, and its data is marked for removal. */
export async function closeAccount(
  { access, accounts, now }: Services,
  batch: WriteBatch,
  account: Access,
  kept?: StoredKey,
): Promise<void> {
  const keys = await access.keysOf(account.uid);
  for (const key of keys) if (key.ref.path !== kept?.ref.path) access.remove(batch, key);
  access.remove(batch, account);
  accounts.bury(batch, account.uid, now());
}
