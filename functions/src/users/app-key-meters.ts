import type { DocumentReference, Firestore } from "firebase-admin/firestore";
import { Failure } from "../errors";
import {
  type Limits,
  type Meter,
  meterSchema,
  type Reservation,
  reserve,
  type Settlement,
  settle,
} from "./app-key-meter";
import { isConflict } from "./store";

/** Other instances write the same document; the loser of a race reads again. */
const ATTEMPTS = 20;

/** One change of a meter that waits for its turn. */
type Step = {
  apply: (meter: Meter) => { meter: Meter; refusal: Failure | null };
  done: (refusal: Failure | null) => void;
  fail: (error: unknown) => void;
};

/**
 * The meters of app keys, each one document: every reservation and settlement is part of a transaction on it, so that
 * limits hold exactly, whatever runs at the same time. What waits in this process for the same meter goes into one
 * transaction together: fifty calls at once cost about as many writes as two.
 */
export function createMeters(firestore: Firestore) {
  const waiting = new Map<string, Step[]>();

  const commit = (ref: DocumentReference, steps: Step[]): Promise<(Failure | null)[]> =>
    firestore.runTransaction(
      async (transaction) => {
        const snapshot = await transaction.get(ref);
        if (!snapshot.exists) return steps.map(() => revoked());
        let meter = meterSchema.parse(snapshot.data());
        const refusals = steps.map((step) => {
          const applied = step.apply(meter);
          meter = applied.meter;
          return applied.refusal;
        });
        transaction.update(ref, { ...meter });
        return refusals;
      },
      { maxAttempts: ATTEMPTS },
    );

  /** Works off what waits for a meter; what comes meanwhile is the next group. */
  const run = async (ref: DocumentReference): Promise<void> => {
    for (let steps = waiting.get(ref.path) ?? []; steps.length > 0; steps = waiting.get(ref.path) ?? []) {
      waiting.set(ref.path, []);
      try {
        const refusals = await commit(ref, steps);
        steps.forEach((step, i) => {
          step.done(refusals[i] ?? null);
        });
      } catch (error) {
        for (const step of steps) step.fail(isConflict(error) ? busy() : error);
      }
    }
    waiting.delete(ref.path);
  };

  const enter = (ref: DocumentReference, apply: Step["apply"]): Promise<Failure | null> =>
    new Promise((done, fail) => {
      const step = { apply, done, fail };
      const steps = waiting.get(ref.path);
      if (steps) {
        steps.push(step);
        return;
      }
      waiting.set(ref.path, [step]);
      void run(ref);
    });

  return {
    /** Holds back the most a call can cost. @throws Failure budget_exhausted, rate_limited, model_not_priced, invalid_key */
    async reserve(ref: DocumentReference, limits: Limits, call: Reservation): Promise<void> {
      const refusal = await enter(ref, (meter) => reserve(meter, limits, call));
      if (refusal) throw refusal;
    },

    /** Replaces a reservation by what the call cost; a key that was revoked meanwhile has no meter any more. */
    async settle(ref: DocumentReference, id: string, spent: Settlement): Promise<void> {
      await enter(ref, (meter) => ({ meter: settle(meter, id, spent), refusal: null }));
    },
  };
}

export type Meters = ReturnType<typeof createMeters>;

const busy = () =>
  new Failure("account_busy", "Too much happens with this app key at once.", { retryAfter: 1 });
const revoked = () => new Failure("invalid_key", "This app key is not valid.");
