import type { SessionType } from "../bots/store";

/** A message of the context, with the turn it belongs to. */
export type Entry = { seq: number; role: "user" | "assistant"; content: string };

/**
 * What the next request is made from. `lastSeq`, `turns` and `digest` (hex, over every complete turn) are sealed
 * with it, so that a context or a turn put back to an older state is noticed.
 */
export type SessionContext = { lastSeq: number; turns: number; digest: string; entries: Entry[] };

export const EMPTY_CONTEXT: SessionContext = { lastSeq: -1, turns: 0, digest: "00".repeat(32), entries: [] };

/** A brainstorming session remembers this many messages (the original's rolling window). */
export const ROLLING_WINDOW = 20;

/** Stored context in bytes at most; a Firestore document holds 1 MiB, and it is rewritten once a turn. */
export const MAX_CONTEXT_BYTES = 256 * 1024;

/** The messages a session of this type keeps, oldest first, within the stored bound. */
export function keep(type: SessionType, entries: Entry[]): Entry[] {
  const recent = type === "brainstorming" ? entries.slice(-ROLLING_WINDOW) : entries;
  return dropOldest(
    recent,
    MAX_CONTEXT_BYTES,
    ({ content }) => Buffer.byteLength(JSON.stringify(content)) + 64,
  );
}

/**
 * The longest run of latest messages whose sizes fit the budget; the last message always stays.
 * @param sizeOf a message's size in the budget's unit (bytes or tokens)
 */
export function dropOldest<T>(messages: T[], budget: number, sizeOf: (message: T) => number): T[] {
  let left = budget;
  let from = messages.length;
  while (from > 0) {
    left -= sizeOf(messages[from - 1] as T);
    if (left < 0 && from < messages.length) break;
    from--;
  }
  return messages.slice(from);
}

/** Adds a turn's messages in their place by seq: replies may finish in another order than they were asked in. */
export const insert = (entries: Entry[], added: Entry[]): Entry[] =>
  [...entries, ...added].sort((a, b) => a.seq - b.seq);
