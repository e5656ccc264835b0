import type { Said } from "../client/api";
import { recall, remember } from "../client/key";
import type { Message } from "../client/shapes";

/** A request on its way: sent again under the same key until it is answered, over a reload too. */
export type Pending = { idempotencyKey: string };

/** An opening on its way. */
export type PendingOpening = Pending & { model?: string };

/** A message on its way, and the last stored message before it. */
export type PendingTurn = Pending & { said: Said; after?: string };

/** Where the opening of an assistant's session is noted. */
export const openingPlace = (code: string) => `gptlab.opening.${code}`;

/** Where a session's unanswered message is noted. */
export const turnPlace = (session: string) => `gptlab.turn.${session}`;

/** Where it is noted that a session is being concluded. */
export const recapPlace = (session: string) => `gptlab.recap.${session}`;

/** What is noted there, or null. */
export function pendingAt<T extends Pending>(place: string): T | null {
  const kept = recall(place);
  return kept === null ? null : (JSON.parse(kept) as T);
}

/** Notes a request and gives it its key; `remember(place, null)` when it is answered. */
export function note<T extends object>(place: string, about: T): T & Pending {
  const pending = { ...about, idempotencyKey: newKey() };
  remember(place, JSON.stringify(pending));
  return pending;
}

/** Notes that a session is to be opened: the chat page does it, once, even over a reload. */
export function planOpening(code: string, model?: string) {
  note(openingPlace(code), model ? { model } : {});
}

/** Whether an opening is noted; without one, `/a/{code}/new` is only an address and must cost nothing. */
export const isOpeningPlanned = (code: string) => recall(openingPlace(code)) !== null;

/**
 * What became of a message that was on its way when the page was left: `running`, `broken` off, `answered`, or
 * `unsent` where the server never had it.
 */
export function fateOf({ said, after }: PendingTurn, messages: Message[]) {
  const since = messages.slice(messages.findIndex(({ id }) => id === after) + 1);
  const words = since.findLast(
    ({ role, content }) => role === "user" && (said.message === undefined || content === said.message),
  );
  if (!words) return "unsent";
  if (words.state === "pending") return "running";
  return words.state === "interrupted" ? "broken" : "answered";
}

/** 128 random bits. Not randomUUID, which a page on plain http (a phone on the same network) does not have. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(
    "",
  );
}
