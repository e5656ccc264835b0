import { ApiError, toApiError } from "../client/errors";
import { online } from "../client/online";

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

/**
 * Sends until it is answered, over dropped connections and while an earlier try of it is still running. Offline
 * it waits for the line, however long that takes.
 */
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
      const offline = isCut(error) && !online.get();
      const pauseMs = offline ? Number.POSITIVE_INFINITY : pauseBefore(error, failures);
      if (pauseMs === null) throw error;
      if (offline) failures = 0;
      onPause(error);
      await pause(pauseMs, signal);
    }
  }
}

const isCut = ({ code }: ApiError) => code === "network" || code === "connection_lost";

/** Waits so long, or until the line is back. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      forget();
      signal.removeEventListener("abort", stopped);
      resolve();
    };
    const stopped = () => {
      clearTimeout(timer);
      forget();
      reject(new ApiError("stopped", ""));
    };
    const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(end, ms);
    const forget = online.subscribe(() => online.get() && end());
    // A signal that was aborted before this line tells nobody any more.
    if (signal.aborted) stopped();
    else signal.addEventListener("abort", stopped, { once: true });
  });
}
