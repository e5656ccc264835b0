import { LRUCache } from "lru-cache";
import type { Prompts } from "../bots/store";
import {
  createLeakGuard,
  type LeakGuard,
  type PreparedSecrets,
  prepareSecrets,
} from "../protection/leak-guard";

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
  coverage: number[] | null;
};

/** Leak guards over the prompts of assistants; what is prepared of a version's prompts is kept in memory. */
export function createGuards() {
  const prepared = new LRUCache<string, PreparedSecrets>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ bytes }) => Math.max(1, bytes),
  });
  return {
    open({ version, prompts, publicTexts, userTexts, coverage }: GuardedText): LeakGuard {
      const key = JSON.stringify([version, ...publicTexts]); // a card may change without a new version
      let secrets = prepared.get(key);
      if (!secrets) {
        secrets = prepareSecrets({ secrets: [prompts.initial, prompts.summary], publicTexts });
        prepared.set(key, secrets);
      }
      return createLeakGuard({
        prepared: secrets,
        userTexts,
        ...(coverage ? { coverage: { runs: coverage } } : {}),
      });
    },
  };
}

export type Guards = ReturnType<typeof createGuards>;
