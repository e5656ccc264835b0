import { FAILURES, type Failure } from "../errors";

export type RetryPolicy = {
  /** Attempts at most, the first one included. */
  attempts: number;
  /** First pause in milliseconds; doubles, with jitter down to half. */
  baseMs: number;
  /** A longer Retry-After than this is not waited for: the caller is told instead. */
  maxWaitMs: number;
};

export const RETRY_POLICY: RetryPolicy = { attempts: 3, baseMs: 500, maxWaitMs: 10_000 };

/**
 * Runs an upstream call again while that can help: only for failures the table marks as such, never once
 * `started()` (a byte has reached the caller, and a second run could bill and say everything twice).
 */
export async function withRetries<T>(
  attempt: (number: number) => Promise<T>,
  options: { policy: RetryPolicy; signal: AbortSignal; started: () => boolean },
): Promise<T> {
  const { policy, signal, started } = options;
  for (let number = 1; ; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      const waitMs = pauseMs(error as Failure, number, policy);
      if (number >= policy.attempts || started() || signal.aborted || waitMs === null) throw error;
      await pause(waitMs, signal);
    }
  }
}

function pauseMs(failure: Failure, number: number, policy: RetryPolicy): number | null {
  if (!FAILURES[failure.code]?.retry || failure.code === "cancelled") return null;
  const asked = (failure.retryAfter ?? 0) * 1000;
  if (asked > policy.maxWaitMs) return null;
  const doubled = policy.baseMs * 2 ** (number - 1);
  return Math.max(asked, doubled * (0.5 + Math.random() / 2));
}

/** Waits, or stops early when the signal aborts (the next attempt then fails by itself). */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
