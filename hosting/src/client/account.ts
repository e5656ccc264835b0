import { createStore } from "../create-store";
import { me, signInWith } from "./api";
import type { ApiError } from "./errors";
import { forgetEverything, keepKey, key } from "./key";
import type { SignedIn } from "./shapes";

/** Who is signed in, once known; after a reload only the key is, until somebody asks with `loadAccount`. */
export const account = createStore<SignedIn | null>(null);

/** Why the visitor was signed out, where it was not their own doing. */
export const signedOutBecause = createStore<ApiError | null>(null);

/** Whether the provider refused the key that is signed in: it reads and takes out, and cannot talk. */
export const keyRefused = createStore(false);

/** Signs in with a provider key. Throws ApiError. */
export async function signIn(providerKey: string): Promise<SignedIn> {
  keyRefused.set(false);
  const answer = await signInWith(providerKey).catch((refusal) => openAnyway(providerKey, refusal));
  account.set(answer);
  signedOutBecause.set(null);
  keepKey(providerKey);
  return answer;
}

/** A key that the provider refuses by now still opens its account. Where there is none, the refusal stands. */
async function openAnyway(providerKey: string, refusal: ApiError): Promise<SignedIn> {
  if (refusal.code !== "invalid_key" && refusal.code !== "key_refused") throw refusal;
  const opened = await me(providerKey).catch(() => {
    throw refusal;
  });
  keyRefused.set(true);
  return opened;
}

/** Forgets the key and everything this tab knew about its owner. */
export function signOut(because: ApiError | null = null) {
  account.set(null);
  signedOutBecause.set(because);
  forgetEverything();
}

/** Fills `account` after a reload. */
export async function loadAccount(): Promise<void> {
  if (key.get() === null || account.get() !== null) return;
  account.set(await me());
}

/** A key that the server does not know any more is no key: back to the form, with the reason. */
export function minding<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: ApiError) => {
    // A refusal that names a field is about what was typed there.
    if (error.details.param !== undefined) throw error;
    if (error.code === "invalid_key" || error.code === "missing_key") signOut(error);
    throw error;
  });
}
