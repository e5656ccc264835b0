import { ApiError, toApiError } from "./errors";

const LATER = new Set(["rate_limited", "account_busy"]);
const MOST_TRIES = 8;
const DEFAULT_PAUSE_S = 2;

/** Sends again what the server asked to send later, after the time it named. Throws ApiError. */
export async function patiently<T>(send: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (thrown) {
      const error = toApiError(thrown);
      if (!LATER.has(error.code) || tries === MOST_TRIES) throw error;
      await pause((error.details.retryAfterS ?? DEFAULT_PAUSE_S) * 1000, signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new ApiError("stopped", ""));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
