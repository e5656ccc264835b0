import { Failure } from "../errors";
import type { User } from "../users/authenticate";
import { dayOf } from "./exposure";

/** Held-back replies that end a session. */
export const STRIKES_A_SESSION = 3;

/**
 * Refuses a caller whose replies had to be held back too often, before anything is asked.
 * @throws Failure session_ended, assistant_paused
 */
export function refuseStruck(
  { paused }: Pick<User, "paused">,
  { bot, strikes }: { bot: string | null; strikes: number },
  now: Date,
): void {
  if (bot !== null && paused[bot] === dayOf(now)) {
    throw new Failure("assistant_paused", "This assistant pauses for you until midnight (UTC).", {
      retryAfter: Math.ceil((nextMidnight(now) - now.getTime()) / 1000),
    });
  }
  if (strikes >= STRIKES_A_SESSION) {
    throw new Failure("session_ended", "This conversation has ended. Please start a new one.");
  }
}

const nextMidnight = (now: Date): number =>
  Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
