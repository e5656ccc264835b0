import { ApiError, toApiError } from "../client/errors";

const TRIES_ON_A_BAD_LINE = 4;
const TRIES_WHILE_IN_PROGRESS = 90;

/**
 * Milliseconds to wait before the same request is sent again, or null where that would not help. Safe because
 * a request carries its Idempotency-Key: the model is asked, and paid, once.
 */
export function pauseBefore(error: ApiError, failures: number): number | null {
  switch (error.code) {
    case "network":
    case "connection_lost":
      return failures < TRIES_ON_A_BAD_LINE ? 1000 * 2 ** (failures - 1) : null;
    case "turn_in_progress":
    case "session_busy":
      return failures < TRIES_WHILE_IN_PROGRESS ? (error.details.retryAfterS ?? 2) * 1000 : null;
    default:
      return null;
  }
}

/** Sends until it is answered, over dropped connections and while an earlier try of it is still running. */
export async function persist<T>(
  send: () => Promise<T>,
  signal: AbortSignal,
  onPause: (error: ApiError) => void,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await send();
    } catch (thrown) {
      const error = toApiError(thrown);
      const pauseMs = pauseBefore(error, failures);
      if (pauseMs === null) throw error;
      onPause(error);
      await pause(pauseMs, signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopped = () => {
      clearTimeout(timer);
      reject(new ApiError("stopped", ""));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stopped);
      resolve();
    }, ms);
    // A signal that was aborted before this line tells nobody any more.
    if (signal.aborted) stopped();
    else signal.addEventListener("abort", stopped, { once: true });
  });
}
