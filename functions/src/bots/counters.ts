import {
  type CollectionReference,
  type DocumentReference,
  FieldValue,
  type WriteBatch,
} from "firebase-admin/firestore";
import { z } from "zod";
import { isConflict } from "../users/store";
import type { Bot } from "./store";

/** Starts and ends are spread over this many documents: one document takes about one write a second. */
const SHARDS = 10;
const RECOUNT_AFTER_MS = 60_000;

const counts = z.object({ started: z.number().default(0), ended: z.number().default(0) });
const shardDocument = counts.extend({ versions: z.record(z.string(), counts).default({}) });

type Counts = z.infer<typeof counts>;
type BotCounts = Counts & { ofVersion: (number: number) => Counts };

const sum = (all: Counts[]): Counts => ({
  started: all.reduce((total, { started }) => total + started, 0),
  ended: all.reduce((total, { ended }) => total + ended, 0),
});

/** `bots/{id}/counters/{shard}`: how often an assistant, and each of its versions, was started and ended. */
export function createBotCounters(bots: CollectionReference) {
  const shard = (id: string, number: number) => bots.doc(id).collection("counters").doc(String(number));

  const readCounts = async (id: string): Promise<BotCounts> => {
    const { docs } = await bots.doc(id).collection("counters").get();
    const shards = docs.map((snapshot) => shardDocument.parse(snapshot.data()));
    const ofVersion = (number: number) => sum(shards.flatMap(({ versions }) => versions[number] ?? []));
    return { ...sum(shards), ofVersion };
  };

  return {
    shards: (id: string): DocumentReference[] =>
      Array.from({ length: SHARDS }, (_, number) => shard(id, number)),

    /** Counts one start or end, of the assistant and of its version, on a random shard. */
    count(batch: WriteBatch, id: string, version: number, what: "started" | "ended"): void {
      const one = { [what]: FieldValue.increment(1) };
      const ref = shard(id, Math.floor(Math.random() * SHARDS));
      batch.set(ref, { schema: 1, ...one, versions: { [version]: one } }, { merge: true });
    },

    readCounts,

    /**
     * Brings the card's numbers up to date from the shards, at most once a minute: of several at once the first
     * to stamp the card counts. @returns the card with the numbers it has now
     */
    async recount(bot: Bot, now: Date): Promise<Bot> {
      if (now.getTime() - bot.counted_at.toMillis() < RECOUNT_AFTER_MS) return bot;
      const ref = bots.doc(bot.id);
      try {
        await ref.update({ counted_at: now }, { lastUpdateTime: bot.updateTime });
        const { started, ended } = await readCounts(bot.id);
        const numbers = { sessions_started: started, sessions_ended: ended };
        const { writeTime } = await ref.update(numbers);
        return { ...bot, ...numbers, updateTime: writeTime };
      } catch (error) {
        if (isConflict(error)) return bot;
        throw error;
      }
    },
  };
}
