import { z } from "zod";
import type { Context } from "../operation";
import { createSessionVault, type SessionVault } from "../protection/vault";
import { verifyTurns } from "./opened";
import type { Session } from "./store";

export const session = z.string().describe("The session's id.");

/** Who calls an operation of one session. */
export type InSession = Context<"session">;

export const vaultOf = ({ user, session }: Pick<InSession, "user" | "session">): SessionVault =>
  createSessionVault(user.dek, user.uid, session.id);

/** How asking a model can fail. */
const UPSTREAM = [
  "model_not_available",
  "context_too_long",
  "upstream_rejected",
  "quota_exhausted",
  "upstream_busy",
  "upstream_failed",
  "upstream_unavailable",
  "upstream_timeout",
] as const;

/** How a turn can fail. */
export const TURN_FAILURES = [
  ...UPSTREAM,
  "bot_not_found",
  "turn_in_progress",
  "session_busy",
  "session_damaged",
  "session_ended",
  "assistant_paused",
  "idempotency_mismatch",
] as const;

/** A session and its turns of one moment, compared with what the context was made from. */
export async function readVerified({ services, session }: InSession, vault: SessionVault) {
  const all = await services.sessions.readAll(session);
  const current: Session = all.session ?? session;
  verifyTurns(vault, current, all.turns);
  return { session: current, turns: all.turns };
}
