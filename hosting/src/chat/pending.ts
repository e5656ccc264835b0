import { recall, remember } from "../client/key";

/** A request on its way: sent again under the same key until it is answered, over a reload too. */
export type Pending = { idempotencyKey: string; text?: string; model?: string };

/** Where the opening of an assistant's session is noted. */
export const openingPlace = (code: string) => `gptlab.opening.${code}`;

/** Where a session's unanswered message is noted. */
export const turnPlace = (session: string) => `gptlab.turn.${session}`;

/** What is noted there, or null. */
export function pendingAt(place: string): Pending | null {
  const kept = recall(place);
  return kept === null ? null : (JSON.parse(kept) as Pending);
}

/** Notes a request and gives it its key; `done` with null. */
export function note(place: string, about: Omit<Pending, "idempotencyKey">): Pending {
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

/** 128 random bits. Not randomUUID, which a page on plain http (a phone on the same network) does not have. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(
    "",
  );
}
