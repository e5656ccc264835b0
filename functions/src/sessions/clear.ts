import { Timestamp } from "firebase-admin/firestore";
import { Failure, notFound } from "../errors";
import type { SessionVault } from "../protection/vault";
import type { Services } from "../services";
import { isConflict } from "../users/store";
import { openContext, openReply, sealContext } from "./opened";
import type { Session } from "./store";

const TRIES = 20;

/**
 * The context back to the stored opening, without a model call: a new epoch, so that a reply that is under way is
 * kept as a message but does not come back into the context.
 */
export async function clearContext(
  services: Services,
  vault: SessionVault,
  first: Session,
): Promise<Session> {
  const { firestore, sessions, now } = services;
  let session = first;
  for (let tries = 0; tries < TRIES; tries++) {
    const opening = await sessions.readWithTurn(session.ref, sessions.turnRef(session, "opening"));
    if (!opening.session) throw notFound("session");
    session = opening.session;
    const said = opening.turn ? openReply(vault, opening.turn) : "";
    const entries = said ? [{ seq: 0, role: "assistant" as const, content: said }] : [];
    const epoch = session.epoch + 1;
    const context = sealContext(vault, { ...openContext(vault, session), entries }, epoch);
    const change = { epoch, context, modified_at: Timestamp.fromDate(now()) };
    const batch = firestore.batch();
    sessions.update(batch, session, change);
    try {
      await batch.commit();
      return { ...session, ...change };
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  throw new Failure("session_busy", "Too much is going on in this session.", { retryAfter: 1 });
}
