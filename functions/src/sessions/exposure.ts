import {
  type DocumentReference,
  type DocumentSnapshot,
  FieldPath,
  type Firestore,
  type Transaction,
} from "firebase-admin/firestore";
import { z } from "zod";
import { Failure } from "../errors";
import type { Coverage } from "../protection/leak-guard";
import type { User } from "../users/authenticate";

/** Held-back replies of one assistant, in one day, after which it does not answer this caller until midnight UTC. */
const STRIKES_A_DAY = 10;

const TRIES = 10;

const coverageDocument = z.object({ runs: z.array(z.number()) });
const strikesDocument = z.object({ day: z.string(), strikes: z.number() });

export type Caller = Pick<User, "uid" | "lookup"> & {
  /** Who of those that share the key; "" where nobody does. */
  listener: string;
};
type Decide = (transaction: Transaction, found: DocumentSnapshot, key: DocumentSnapshot) => boolean;

/**
 * What a caller has drawn out of an assistant's prompts, over all sessions: `users/{uid}/coverage/{bot@version}` (with
 * `~{listener}` behind it where many share a key) and `users/{uid}/strikes/{bot}`. Read and written only when a reply
 * shows some of them or was held back. The creator holds the prompts: nothing is counted for them.
 */
export function createExposureStore(firestore: Firestore) {
  const below = (uid: string, name: string) => firestore.doc(`users/${uid}/${name}`);

  /** Changes a document; for the assistant's creator nothing is done but `forCreator` answered. Fails for a deleted user. */
  const change = (
    caller: Pick<User, "uid" | "lookup">,
    bot: string,
    ref: DocumentReference,
    decide: Decide,
    forCreator: boolean,
  ) =>
    firestore.runTransaction(
      async (transaction) => {
        const refs = [firestore.doc(`users/${caller.uid}`), firestore.doc(`bots/${bot}`), ref] as const;
        const [user, card, found, key] = await transaction.getAll(
          ...refs,
          firestore.doc(`keys/${caller.lookup}`),
        );
        if (!user?.exists) throw new Failure("invalid_key", "This account was deleted.");
        if (card?.get("creator") === caller.uid) return forCreator;
        return decide(transaction, found as DocumentSnapshot, key as DocumentSnapshot);
      },
      { maxAttempts: TRIES },
    );

  return {
    /**
     * Counts what a reply is about to show, before it is shown.
     * @param add the sum of what was shown before and this; null where it is too much
     * @returns whether it may be shown
     */
    show: (
      caller: Caller,
      { bot, version }: { bot: string; version: number },
      add: (before: Coverage) => Coverage | null,
      now: Date,
    ): Promise<boolean> =>
      change(
        caller,
        bot,
        below(caller.uid, `coverage/${[`${bot}@${version}`, caller.listener].filter(Boolean).join("~")}`),
        (transaction, found) => {
          const sum = add(found.exists ? coverageDocument.parse(found.data()) : { runs: [] });
          if (sum) transaction.set(found.ref, stamped(found, now, { runs: [...sum.runs] }));
          return sum !== null;
        },
        true,
      ),

    /**
     * Counts a held-back reply; the tenth of a day pauses the assistant for the caller. That is noted on their key's
     * document, which every call reads anyway.
     * @returns whether it counts: not for the assistant's creator
     */
    strike: (caller: Pick<User, "uid" | "lookup">, bot: string, now: Date): Promise<boolean> =>
      change(
        caller,
        bot,
        below(caller.uid, `strikes/${bot}`),
        (transaction, found, key) => {
          const day = dayOf(now);
          const before = found.exists ? strikesDocument.parse(found.data()) : { day, strikes: 0 };
          const strikes = (before.day === day ? before.strikes : 0) + 1;
          transaction.set(found.ref, stamped(found, now, { day, strikes }));
          if (strikes >= STRIKES_A_DAY && key.exists) {
            transaction.update(key.ref, new FieldPath("paused", bot), day);
          }
          return true;
        },
        false,
      ),
  };
}

export type ExposureStore = ReturnType<typeof createExposureStore>;

export const dayOf = (now: Date): string => now.toISOString().slice(0, 10);

const stamped = (found: DocumentSnapshot, now: Date, data: object) => ({
  schema: 1,
  created_at: found.get("created_at") ?? now,
  modified_at: now,
  ...data,
});
