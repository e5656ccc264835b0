import { Failure } from "../errors";
import type { Services } from "../services";
import type { User } from "./authenticate";
import { isConflict } from "./store";

const TRIES = 5;

/**
 * Wraps a key that still takes an earlier server secret under the newest one, when it is used: one batch, so that at
 * every moment exactly one document opens the account. Where that fails the call goes on, and the next one tries again.
 */
export async function renewKey(services: Services, user: User): Promise<User> {
  const { vault, log } = services;
  const to = vault.lookup(user.apiKey);
  if (user.lookup === to) return user;
  try {
    for (let tries = 1; tries <= TRIES; tries++) {
      if (await attempt(services, user, to)) return { ...user, lookup: to };
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    log.afterReply("key renewal", error);
  }
  return user;
}

/** Whether the key stands under its new id, by this batch or by another call's. */
async function attempt(
  { vault, access, firestore, now }: Services,
  user: User,
  to: string,
): Promise<boolean> {
  const [account, [old, moved]] = await Promise.all([
    access.read(user.uid),
    access.readKeys(user.lookup, to),
  ]);
  if (moved) return true;
  if (!account || !old) throw new Failure("invalid_key", "This key was replaced or removed a moment ago.");
  const batch = firestore.batch();
  const record = { ...old.record, ...vault.wrap(user.dek, user.apiKey, user.uid) };
  access.createKey(batch, to, record, now());
  access.remove(batch, old);
  access.change(batch, account, { active_key: to }, now());
  return batch.commit().then(
    () => true,
    (error) => {
      if (isConflict(error)) return false;
      throw error;
    },
  );
}
