import { LRUCache } from "lru-cache";
import type { Prompts } from "../bots/store";
import {
  addCoverage,
  type Coverage,
  createLeakGuard,
  type LeakGuard,
  type PreparedSecrets,
  prepareSecrets,
} from "../protection/leak-guard";
import type { Caller, ExposureStore } from "./exposure";
import { Gate } from "./gate";

/** What is said instead of a reply that gives the prompt away (the original's words). */
export const APOLOGY = "Sorry, but I can not reveal that. Let's talk about something else.";

const CACHE_BYTES = 64 * 1024 * 1024;

export type GuardedText = {
  /** Identifies the prompts: a version never changes. */
  version: string;
  prompts: Prompts;
  /** The assistant's public card: reciting it is no leak. */
  publicTexts: string[];
  userTexts: string[];
};

/** Who is talked to, and by whom: what is shown of the prompts adds up over all sessions of the two. */
export type Listener<T> = {
  caller: Caller;
  /** Null in the lab, where the prompts are the caller's own: nothing adds up. */
  assistant: { bot: string; version: number } | null;
  now: Date;
  say: (piece: T) => void;
  /** Called when nothing more will be said. */
  stop: () => void;
};

/** Leak guards over the prompts of assistants; what is prepared of a version's prompts is kept in memory. */
export function createGuards(exposure: ExposureStore) {
  const cache = new LRUCache<string, PreparedSecrets>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ bytes }) => Math.max(1, bytes),
  });

  const prepare = ({ version, prompts, publicTexts }: GuardedText): PreparedSecrets => {
    const key = JSON.stringify([version, ...publicTexts]); // a card may change without a new version
    const known = cache.get(key);
    if (known) return known;
    const prepared = prepareSecrets({ secrets: [prompts.initial, prompts.summary], publicTexts });
    cache.set(key, prepared);
    return prepared;
  };

  return {
    strike: exposure.strike,

    /** A guard of one reply by itself. */
    open: (guarded: GuardedText): LeakGuard =>
      createLeakGuard({ prepared: prepare(guarded), userTexts: guarded.userTexts }),

    /** The way of one reply to a caller, with a guard that adds up what earlier replies have shown. */
    gate<T>(guarded: GuardedText, { caller, assistant, now, say, stop }: Listener<T>): Gate<T> {
      const prepared = prepare(guarded);
      const guard = createLeakGuard({ prepared, userTexts: guarded.userTexts });
      const count = (shown: Coverage) =>
        assistant
          ? exposure.show(caller, assistant, (before) => addCoverage(prepared, before, shown), now)
          : Promise.resolve(true);
      return new Gate(guard, { count, say, stop });
    },
  };
}

export type Guards = ReturnType<typeof createGuards>;
