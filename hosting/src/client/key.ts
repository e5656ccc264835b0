import { createStore } from "../create-store";

const PLACE = "gptlab.key";
const MINE = "gptlab.";

function stored(): string | null {
  try {
    return sessionStorage.getItem(PLACE);
  } catch {
    return null;
  }
}

/** The visitor's key, or null: in this tab's session storage and nowhere else. */
export const key = createStore<string | null>(stored());

/** Keeps a key for this tab. */
export function keepKey(value: string) {
  remember(PLACE, value);
  key.set(value);
}

/** Forgets the key and everything else this tab has kept (drafts, messages on their way). */
export function forgetEverything() {
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(MINE)) sessionStorage.removeItem(name);
    }
  } catch {
    // No storage (a private window may refuse it): then nothing was kept.
  }
  key.set(null);
}

/** Keeps something for this tab until sign-out; null forgets it. Names start with `gptlab.`. */
export function remember(name: string, value: string | null) {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, value);
  } catch {
    // Without storage it lasts until the page is left, which is what the visitor's browser asks for.
  }
}

/** What was kept under this name, or null. */
export function recall(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}
