import type { DocumentReference } from "firebase-admin/firestore";
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

const TRIES = 40;
const MAX_PAUSE_MS = 200;

/** One change of a meter that waits for its turn. */
type Step = {
  apply: (meter: Meter) => { meter: Meter; refusal: Failure | null };
  done: (refusal: Failure | null) => void;
  fail: (error: unknown) => void;
};

/**
 * The meters of app keys, each one document. Every reservation and settlement is applied to the document as it is read
 * and written only if nobody has written since, so that limits hold exactly, whatever runs at the same time. What waits
 * in this process for the same meter is written together: fifty calls at once cost about as many writes as two.
 */
export function createMeters() {
  const waiting = new Map<string, Step[]>();

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
        for (const step of steps) step.fail(error);
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

/** Applies steps in their order; what each ended with. @throws Failure account_busy */
async function commit(ref: DocumentReference, steps: Step[]): Promise<(Failure | null)[]> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const refusals = await attempt(ref, steps);
    if (refusals) return refusals;
    const pauseMs = Math.random() * Math.min(MAX_PAUSE_MS, 5 * 2 ** tries);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Failure("account_busy", "Too much happens with this app key at once.", { retryAfter: 1 });
}

/** One try; null where somebody else wrote first. Where every step is refused there is nothing to write. */
async function attempt(ref: DocumentReference, steps: Step[]): Promise<(Failure | null)[] | null> {
  const snapshot = await ref.get();
  if (!snapshot.exists || !snapshot.updateTime) return steps.map(() => revoked());
  const before = meterSchema.parse(snapshot.data());
  let meter = before;
  const refusals = steps.map((step) => {
    const applied = step.apply(meter);
    meter = applied.meter;
    return applied.refusal;
  });
  if (meter === before) return refusals;
  try {
    await ref.update({ ...meter }, { lastUpdateTime: snapshot.updateTime });
    return refusals;
  } catch (error) {
    if (isConflict(error)) return null;
    throw error;
  }
}

const revoked = () => new Failure("invalid_key", "This app key is not valid.");
