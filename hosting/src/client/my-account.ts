import { account, keyRefused, minding } from "./account";
import { call } from "./http";
import { keepKey } from "./key";
import type { SignedIn } from "./shapes";

/** From now on the account is opened by this key, in this tab too. */
function moveTo(newKey: string, opened: SignedIn): SignedIn {
  account.set(opened);
  keyRefused.set(false);
  keepKey(newKey);
  return opened;
}

/** Moves the account to another provider key. Throws ApiError; one that is about the new key names `new_key`. */
export const swapKey = async (newKey: string): Promise<SignedIn> =>
  moveTo(newKey, await minding(call<SignedIn>("POST", "/me/key", { new_key: newKey })));

/** Opens an account by its recovery code and a new key, without any other. Throws ApiError. */
export const recover = async (code: string, newKey: string): Promise<SignedIn> =>
  moveTo(newKey, await call<SignedIn>("POST", "/recover", { code, new_key: newKey }, { as: null }));

/** A new recovery code, which replaces the one before. */
export const makeRecoveryCode = async (): Promise<string> => {
  const made = await minding(call<{ recovery_code: string }>("POST", "/me/recovery-code", {}));
  return made.recovery_code;
};

export const deleteAccount = () => minding(call<unknown>("DELETE", "/me"));
