import { Timestamp } from "firebase-admin/firestore";
import { Failure } from "../errors";
import { combineDigests } from "../protection/seal";
import type { SessionVault } from "../protection/vault";
import type { Services } from "../services";
import { isConflict } from "../users/store";
import { isDone, openContext, openMessage, openReply, sealContext, turnDigest } from "./opened";
import type { Session, Turn } from "./store";

const TRIES = 20;
const MESSAGES = 2;
/** More messages than these are not answered at once. */
const LATEST = 50;

type Found = { session: Session; turn: Turn };

/**
 * Takes a turn out of its session: the message, the reply, and what the context holds of them word for word (a summary
 * that was made of them stays). One batch; the digest over all turns is changed along.
 */
export async function removeResponse(
  services: Services,
  vault: SessionVault,
  first: Found,
  gone: () => Failure,
): Promise<void> {
  const { sessions, now } = services;
  let found = first;
  for (let tries = 0; tries < TRIES; tries++) {
    const { session, turn } = found;
    if (turn.state === "pending" && turn.lease_until.toMillis() > now().getTime()) {
      throw new Failure("turn_in_progress", "This response is being made.", { retryAfter: 1 });
    }
    if (await attempt(services, vault, found)) return;
    const again = await sessions.readWithTurn(session.ref, turn.ref);
    if (!again.session || !again.turn) throw gone();
    found = { session: again.session, turn: again.turn };
  }
  throw new Failure("session_busy", "Too much is going on in this session.", { retryAfter: 1 });
}

/** One try; false where somebody else wrote first. */
async function attempt(services: Services, vault: SessionVault, { session, turn }: Found): Promise<boolean> {
  const { firestore, sessions, now } = services;
  const last = isDone(turn) && session.turns === 1 && !(await isAnswering(services, session));
  const batch = firestore.batch();
  batch.delete(turn.ref, { lastUpdateTime: turn.updateTime });
  if (last) batch.delete(session.ref, { lastUpdateTime: session.updateTime });
  else {
    const change = isDone(turn) ? without(vault, session, turn) : {};
    sessions.update(batch, session, { ...change, modified_at: Timestamp.fromDate(now()) });
  }
  try {
    await batch.commit();
  } catch (error) {
    if (isConflict(error)) return false;
    throw error;
  }
  if (last) await sessions.delete(session); // what broke off in it
  return true;
}

/** Whether another message of the session is being answered; read after the session, which every new one changes. */
async function isAnswering({ sessions, now }: Services, session: Session): Promise<boolean> {
  const turns = await sessions.lastTurns(session, LATEST);
  return turns.some(
    ({ state, lease_until }) => state === "pending" && lease_until.toMillis() > now().getTime(),
  );
}

function without(vault: SessionVault, session: Session, turn: Turn) {
  const context = openContext(vault, session);
  const digest = turnDigest(vault, turn, openMessage(vault, turn) ?? "", openReply(vault, turn));
  const left = {
    ...context,
    turns: context.turns - 1,
    digest: combineDigests(Buffer.from(context.digest, "hex"), digest).toString("hex"),
    entries: context.entries.filter(({ seq }) => seq !== turn.seq),
  };
  return {
    context: sealContext(vault, left, session.epoch),
    turns: left.turns,
    message_count: session.message_count - (turn.superseded ? 0 : MESSAGES),
  };
}
