import { z } from "zod";
import { Failure } from "../errors";
import { operation } from "../operation";
import { Tampered } from "../protection/seal";
import type { Services } from "../services";
import { checkNewKey } from "../users/authenticate";
import { Me, readUser } from "../users/operations";
import type { KeyRecord } from "../users/store";
import { contend } from "./contend";
import { moveAccount } from "./move";
import { newRecoveryCode, readRecoveryCode } from "./recovery-code";
import { newKey } from "./swap-key";

export const createRecoveryCode = operation({
  name: "users.recovery_code",
  route: "POST /me/recovery-code",
  summary:
    "A code that opens the account once where the key is lost. Shown now and never again; replaces the last.",
  caller: "user",
  input: z.strictObject({}),
  output: z.object({ recovery_code: z.string() }).meta({ id: "RecoveryCode" }),
  errors: ["account_busy"],
  run: async ({ services, user }) => {
    const { vault, access, firestore, now } = services;
    const shown = newRecoveryCode();
    const code = readRecoveryCode(shown) ?? "";
    const lookup = vault.recovery.lookup(code);
    const { uid } = user;
    const record: KeyRecord = {
      uid,
      kind: "recovery",
      ...vault.recovery.wrap(user.dek, code, uid),
      models: [],
    };
    await contend(async () => {
      const account = await access.read(uid);
      if (account?.activeKey !== user.lookup) {
        throw new Failure("invalid_key", "This key was replaced or removed a moment ago.");
      }
      if (account.recoveryKey === lookup) return;
      const [old] = account.recoveryKey ? await access.readKeys(account.recoveryKey) : [];
      const batch = firestore.batch();
      access.createKey(batch, lookup, record, now());
      if (old) access.remove(batch, old);
      access.change(batch, account, { recovery_key: lookup }, now());
      await batch.commit();
    });
    return { recovery_code: shown };
  },
});

export const recover = operation({
  name: "users.recover",
  route: "POST /recover",
  summary:
    "Open an account by its recovery code and a new key. The code is used up; the old key opens it no more.",
  caller: "anyone",
  input: z.strictObject({ code: z.string().max(100), new_key: newKey }),
  output: Me,
  errors: ["invalid_recovery_code", "key_in_use", "invalid_key", "key_refused", "account_busy"],
  run: async ({ services, signal }, { code, new_key }) => {
    const opened = await openByCode(services, code);
    const models = await checkNewKey(services, new_key, signal);
    await moveAccount(services, { ...opened, newKey: new_key, models, closed: wrongCode });
    return { user: await readUser(services, opened.uid), models };
  },
});

const wrongCode = () =>
  new Failure("invalid_recovery_code", "This recovery code does not open an account.", { param: "code" });

/** The account and data key behind a code; malformed, unknown, replaced and used up are one failure. */
async function openByCode({ vaults, access }: Services, typed: string) {
  const code = readRecoveryCode(typed);
  if (!code) throw wrongCode();
  const found = await access.readKeys(...vaults.map(({ recovery }) => recovery.lookup(code)));
  const at = found.findIndex((one) => one !== null);
  const [stored, vault] = [found[at], vaults[at]];
  if (!stored || !vault) throw wrongCode();
  const { uid } = stored.record;
  try {
    return { uid, dek: vault.recovery.unwrap(stored.record, code, uid), shown: stored.ref.id };
  } catch (error) {
    if (error instanceof Tampered) throw wrongCode();
    throw error;
  }
}
