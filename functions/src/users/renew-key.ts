import { Failure } from "../errors";
import { publicKeyOf, sealTo } from "../protection/hpke";
import type { WrappedKey } from "../protection/vault";
import type { Services } from "../services";
import { providerKeyOf } from "./app-key";
import type { AppKey } from "./app-key-store";
import type { User } from "./authenticate";
import { isConflict } from "./store";

const TRIES = 5;

/**
 * Wraps a key that still takes an earlier server secret under the newest one, when it is used: one batch, so that at
 * every moment exactly one document opens the account. Where that fails the call goes on, and the next one tries again.
 */
export async function renewKey(services: Services, user: User): Promise<User> {
  const { vault } = services;
  const to = vault.lookup(user.apiKey);
  if (user.lookup === to) return user;
  const renewed = await renew(services, {
    uid: user.uid,
    from: user.lookup,
    to,
    wrapped: vault.wrap(user.dek, user.apiKey, user.uid),
  });
  return renewed ? { ...user, lookup: to } : user;
}

/** The same for an app key, with the pair that the creator's provider key is sealed to. */
export async function renewAppKey(
  services: Services,
  appKey: AppKey,
  { key, dek, apiKey }: { key: string; dek: Buffer; apiKey: string },
): Promise<void> {
  const { app } = services.vault;
  const { id, lookup: from } = appKey;
  const to = app.lookup(key);
  if (from === to) return;
  const public_key = publicKeyOf(app.seed(key, id));
  const sealed = await sealTo(public_key, apiKey, providerKeyOf(id));
  const change = { lookup: to, public_key, sealed };
  await renew(services, { uid: id, from, to, wrapped: app.wrap(dek, key, id), appKey: { appKey, change } });
}

type Renewal = {
  uid: string;
  /** Where the key's document lies, and where it is to lie. */
  from: string;
  to: string;
  wrapped: WrappedKey;
  appKey?: { appKey: AppKey; change: { lookup: string; public_key: Buffer; sealed: Buffer } };
};

/** Whether the key lies in its new place now. */
async function renew(services: Services, renewal: Renewal): Promise<boolean> {
  try {
    for (let tries = 1; tries <= TRIES; tries++) if (await attempt(services, renewal)) return true;
  } catch (error) {
    if (error instanceof Failure) throw error;
    services.log.afterReply("key renewal", error);
  }
  return false;
}

/** One try: by this batch or by another call's it lies there; false where somebody else wrote first. */
async function attempt(services: Services, { uid, from, to, wrapped, appKey }: Renewal): Promise<boolean> {
  const { access, appKeys, firestore, now } = services;
  const [account, [old, moved]] = await Promise.all([access.read(uid), access.readKeys(from, to)]);
  if (moved) return true;
  if (!account || !old) throw new Failure("invalid_key", "This key was replaced or removed a moment ago.");
  const batch = firestore.batch();
  access.createKey(batch, to, { ...old.record, ...wrapped }, now());
  access.remove(batch, old);
  access.change(batch, account, { active_key: to }, now());
  if (appKey) appKeys.change(batch, appKey.appKey, appKey.change, now());
  return batch.commit().then(
    () => true,
    (error) => {
      if (isConflict(error)) return false;
      throw error;
    },
  );
}
