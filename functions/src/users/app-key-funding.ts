import { Failure, type FailureCode } from "../errors";
import type { Completion } from "../openai/stream";
import type { ChatRequest } from "../openai/upstream";
import { idFrom } from "../protection/seal";
import type { Services } from "../services";
import { costOfFailure, costOfReply, worstCostNano } from "./app-key-cost";
import type { AppKey } from "./app-key-store";
import type { User } from "./authenticate";

/** A reservation outlives the longest call, so that only one whose process is gone lapses. */
const LEASE_MARGIN_MS = 60_000;

type Funded = {
  services: Services;
  /** Waits until what was spent is counted. */
  settled: () => Promise<void>;
};

/**
 * The services of a caller: with an app key every attempt at the provider is paid from the key's meter. The most it can
 * cost is held back before, and replaced by what it did cost after, beside the storing of the reply.
 */
export function fund(services: Services, user: User | null): Funded {
  if (!user?.appKey) return { services, settled: async () => undefined };
  const { upstream } = services;
  const account = openAccount(services, user.appKey);

  const chat = async (request: ChatRequest): Promise<Completion> => {
    const worstNano = worstCostNano(request);
    let reserved: string | null = await account.reserve(worstNano);
    const paid = async (attempt: () => Promise<Completion>): Promise<Completion> => {
      const id = reserved ?? (await account.reserve(worstNano));
      reserved = null;
      try {
        const completion = await attempt();
        account.settle(id, costOfReply(request, completion));
        return completion;
      } catch (error) {
        account.settle(id, costOfFailure(error, worstNano));
        return refusedPayer(error);
      }
    };
    return account.follow(upstream.chat({ ...request, paid }));
  };
  const hasModel: typeof upstream.hasModel = (...asked) => upstream.hasModel(...asked).catch(refusedPayer);
  return {
    services: { ...services, upstream: { ...upstream, chat, hasModel } },
    settled: account.settled,
  };
}

/** Reservations and settlements of one call. */
function openAccount({ appKeys, meters, upstream, log, now }: Services, { id: key, limits }: AppKey) {
  const ref = appKeys.meterRef(key);
  const calls: Promise<unknown>[] = [];
  const settlements: Promise<void>[] = [];
  let counted = false;
  let last: Promise<unknown> = Promise.resolve();

  const next = async (worstNano: number | null): Promise<string> => {
    const id = idFrom();
    const leaseMs = upstream.deadlines.turnMs + LEASE_MARGIN_MS;
    await meters.reserve(ref, limits, { id, worstNano, first: !counted, nowMs: now().getTime(), leaseMs });
    counted = true;
    return id;
  };

  return {
    /** One after another: a call counts as one request, however often it asks the model. */
    reserve(worstNano: number | null): Promise<string> {
      const reserved = last.then(() => next(worstNano));
      last = reserved.catch(() => undefined);
      return reserved;
    },

    settle(id: string, spent: ReturnType<typeof costOfReply>): void {
      settlements.push(meters.settle(ref, id, spent).catch((error) => log.afterReply("settle", error)));
    },

    /** A call that nobody waits for any more is waited for here: a summary beside a reply that failed. */
    follow<T>(call: Promise<T>): Promise<T> {
      calls.push(call.catch(() => undefined));
      return call;
    },

    async settled(): Promise<void> {
      await Promise.all(calls);
      await Promise.all(settlements);
    },
  };
}

const PAYER: ReadonlySet<FailureCode> = new Set(["invalid_key", "key_refused", "quota_exhausted"]);

/** The provider refuses the creator's key, not the one the caller holds. */
function refusedPayer(error: unknown): never {
  if (!(error instanceof Failure) || !PAYER.has(error.code)) throw error;
  throw new Failure("quota_exhausted", "The account behind this app key cannot pay for this right now.", {
    cause: error,
  });
}
