import { Timestamp, type WriteBatch } from "firebase-admin/firestore";
import { z } from "zod";
import { Failure } from "../errors";
import { operation } from "../operation";
import { publicKeyOf, sealTo } from "../protection/hpke";
import { idFrom } from "../protection/seal";
import type { Services } from "../services";
import { type AppKeyKind, hintOf, newAppKey, providerKeyOf } from "../users/app-key";
import { AppKeyShown, appKeyId, newAppKeyInput } from "../users/app-key-shapes";
import type { AppKeySecrets } from "../users/app-key-store";
import { checkSettings, ownAppKey, refuseExpired, showAppKeys } from "../users/app-keys";
import type { User } from "../users/authenticate";
import type { KeyRecord } from "../users/store";
import { contend } from "./contend";
import { closeAppKey, removeBuried } from "./move";

/** All keys of an account are written in one batch when its provider key is swapped. */
const MAX_APP_KEYS = 50;

export const createAppKey = operation({
  name: "users.create_app_key",
  route: "POST /app-keys",
  summary: "Make an app key: others talk to your assistants with it, and you pay. Shown now and never again.",
  caller: "user",
  input: newAppKeyInput,
  output: AppKeyShown,
  errors: ["account_busy"],
  run: async ({ services, user }, { kind, ...asked }) => {
    const { vault, access, appKeys, users, now } = services;
    const settings = await checkSettings(services, kind, asked);
    const id = idFrom();
    const dek = vault.newDataKey();
    const made = await makeKey(services, user, { id, kind, dek });
    await change(services, user, async (batch) => {
      const present = await appKeys.ofCreator(user.uid);
      if (present.some((key) => key.id === id)) return;
      if (present.length >= MAX_APP_KEYS) throw tooMany();
      const record = { ...made.record, expires_at: stamp(settings.expiresAt) };
      access.createKey(batch, made.secrets.lookup, record, now());
      users.createDocument(batch, id, made.secrets.lookup, now());
      appKeys.create(batch, id, { creator: user.uid, kind, ...settings, ...made.secrets }, now());
    });
    return show(services, user, id, made.key);
  },
});

const tooMany = () =>
  new Failure("invalid_request", `You have ${MAX_APP_KEYS} app keys; please revoke one first.`);

export const rotateAppKey = operation({
  name: "users.rotate_app_key",
  route: "POST /app-keys/{app_key}/rotate",
  summary: "New characters for an app key: the old ones stop at once; sessions, settings and usage stay.",
  caller: "user",
  input: z.strictObject({ app_key: appKeyId }),
  output: AppKeyShown,
  errors: ["app_key_not_found", "account_busy"],
  run: async ({ services, user }, { app_key: id }) => {
    const { vault, access, appKeys, now } = services;
    const { kind, escrow } = await ownAppKey(services, user, id);
    const dek = vault.app.openEscrow(user.dek, escrow, id);
    const made = await makeKey(services, user, { id, kind, dek });
    await change(services, user, async (batch) => {
      const key = await ownAppKey(services, user, id);
      if (key.lookup === made.secrets.lookup) return;
      refuseExpired(key, now());
      const [[old], principal] = await Promise.all([access.readKeys(key.lookup), access.read(id)]);
      if (!old || !principal) throw replaced();
      const { suspended } = old.record;
      access.remove(batch, old);
      access.createKey(
        batch,
        made.secrets.lookup,
        { ...made.record, expires_at: stamp(key.expiresAt), suspended },
        now(),
      );
      access.change(batch, principal, { active_key: made.secrets.lookup }, now());
      appKeys.change(batch, key, made.secrets, now());
    });
    return show(services, user, id, made.key);
  },
});

export const revokeAppKey = operation({
  name: "users.revoke_app_key",
  route: "DELETE /app-keys/{app_key}",
  summary: "Revoke an app key: it is refused at once, and its sessions are deleted.",
  caller: "user",
  input: z.strictObject({ app_key: appKeyId }),
  output: z
    .object({ id: z.string(), object: z.literal("app_key"), deleted: z.literal(true) })
    .meta({ id: "AppKeyRevoked" }),
  errors: ["app_key_not_found", "account_busy"],
  run: async ({ services, user }, { app_key: id }) => {
    await contend(async () => {
      const batch = services.firestore.batch();
      await closeAppKey(services, batch, await ownAppKey(services, user, id));
      await batch.commit();
    });
    await removeBuried(services, id);
    return { id, object: "app_key" as const, deleted: true as const };
  },
});

/**
 * Runs a change of the caller's app keys that holds only while their provider key is the account's: a key that is
 * sealed beside a swap would carry the old one. Every such change also writes `users/{uid}`, as the swap does.
 */
async function change(
  { access, firestore, now }: Services,
  user: User,
  fill: (batch: WriteBatch) => Promise<void>,
): Promise<void> {
  await contend(async () => {
    const account = await access.read(user.uid);
    if (account?.activeKey !== user.lookup) throw replaced();
    const batch = firestore.batch();
    await fill(batch);
    access.change(batch, account, {}, now());
    await batch.commit();
  });
}

const replaced = () => new Failure("invalid_key", "This key was replaced or removed a moment ago.");

const stamp = (time: Date | null) => time && Timestamp.fromDate(time);

type Principal = { id: string; kind: AppKeyKind; dek: Buffer };

/** A key's characters with all that is stored of them: its way in, and what is sealed for it and for its creator. */
async function makeKey(services: Services, { uid, dek: own, apiKey, models }: User, principal: Principal) {
  const { vault } = services;
  const { id, kind, dek } = principal;
  const key = newAppKey(kind, id);
  const public_key = publicKeyOf(vault.app.seed(key, id));
  const record: KeyRecord = {
    uid: id,
    kind: "app",
    creator: uid,
    ...vault.app.wrap(dek, key, id),
    models: [],
  };
  const secrets: AppKeySecrets = {
    ...hintOf(key),
    lookup: vault.app.lookup(key),
    public_key,
    sealed: await sealTo(public_key, apiKey, providerKeyOf(id)),
    escrow: vault.app.sealEscrow(own, dek, id),
    models,
  };
  return { key, record, secrets };
}

/** The answer to making and rotating a key. */
async function show(services: Services, user: User, id: string, key: string) {
  const [shown] = await showAppKeys(services, [await ownAppKey(services, user, id)]);
  if (!shown) throw replaced();
  return { ...shown, key };
}
