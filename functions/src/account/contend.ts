import { Failure } from "../errors";
import { isConflict } from "../users/store";

const TRIES = 10;
const MAX_PAUSE_MS = 200;

/**
 * Runs an attempt (read, decide, one batch) until no other writer came between its reading and its batch.
 * @throws Failure account_busy
 */
export async function contend<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConflict(error)) throw error;
      await new Promise((resolve) =>
        setTimeout(resolve, Math.random() * Math.min(MAX_PAUSE_MS, 10 * 2 ** tries)),
      );
    }
  }
  throw new Failure("account_busy", "Too much happens in this account at once.", { retryAfter: 1 });
}
