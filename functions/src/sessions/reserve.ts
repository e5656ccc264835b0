import { Timestamp } from "firebase-admin/firestore";
import { Failure, notFound } from "../errors";
import { suspectsInjection } from "../protection/input-signals";
import { idFrom } from "../protection/seal";
import { isConflict } from "../users/store";
import { isDone, openMessage, sealAsked, sealText } from "./opened";
import type { Session, Turn, TurnDocument } from "./store";
import type { Reserved, TurnCall } from "./turn";

type Outcome = Reserved | { stored: Turn; session: Session };

/** A pending turn's lease outlives its deadline by this much, so that two attempts never overlap. */
const LEASE_MARGIN_MS = 15_000;
const PATIENCE_MS = 20_000;
const MAX_PAUSE_MS = 250;

/**
 * Takes the next seq and writes the user's message in one batch: the turn is created (its id is unique) and the
 * session moves on (only if nobody wrote since it was read). Whoever loses reads both again and decides.
 * @throws Failure turn_in_progress, idempotency_mismatch, session_not_found, session_busy; Overtaken
 */
export async function reserve(call: TurnCall): Promise<Outcome> {
  const { sessions, now } = call.services;
  const turnRef = sessions.turnRef(call.session, call.turnId);
  const nonce = idFrom();
  const giveUpAt = now().getTime() + PATIENCE_MS;
  let { session } = call;
  for (let tries = 1; now().getTime() < giveUpAt; tries++) {
    const reserved = await attempt(call, session, nonce);
    if (reserved) return reserved;
    const found = await sessions.readWithTurn(session.ref, turnRef);
    if (!found.session) {
      if (!call.create) throw notFound("session");
      if (tries > 3) throw new Failure("invalid_key", "This account was deleted.");
      await jitter(tries);
      continue;
    }
    const decided = found.turn && (await decide(call, { session: found.session, turn: found.turn }, nonce));
    if (decided) return decided;
    if (isOvertaken(call, found.session)) throw new Overtaken();
    session = found.session;
    await jitter(tries);
  }
  throw new Failure("session_busy", "Too many messages at once in this session.", { retryAfter: 1 });
}

/** Somebody else went on from the same response: the two must not know of each other. */
export class Overtaken extends Error {}

/** A response that is no session's first goes on from the newest one, and only from there. */
const isOvertaken = ({ asked, create, session }: TurnCall, now: Session): boolean =>
  asked !== undefined && !create && now.next_seq !== session.next_seq;

/** One try; null where somebody else wrote first. */
async function attempt(call: TurnCall, session: Session, nonce: string): Promise<Reserved | null> {
  const { firestore, sessions, now } = call.services;
  const turnRef = sessions.turnRef(session, call.turnId);
  const document = draft(call, session, nonce);
  const at = Timestamp.fromDate(now());
  const batch = firestore.batch();
  sessions.createTurn(batch, turnRef, document);
  const reopened = call.kind === "reply" ? { status: "active" as const } : {};
  const change = { next_seq: document.seq + 1, modified_at: at, ...reopened };
  if (call.create) call.create(batch);
  else sessions.update(batch, session, change);
  try {
    const [written] = await batch.commit();
    const updateTime = written?.writeTime ?? at;
    return {
      session: { ...session, ...(call.create ? {} : change), updateTime },
      turn: { ...document, id: call.turnId, ref: turnRef, updateTime },
    };
  } catch (error) {
    if (isConflict(error)) return null;
    throw error;
  }
}

function draft(call: TurnCall, session: Session, nonce: string): TurnDocument {
  const place = { epoch: session.epoch, seq: call.kind === "opening" ? 0 : session.next_seq, attempt: 1 };
  const at = Timestamp.fromDate(call.services.now());
  return {
    ...place,
    ...lease(call, nonce),
    kind: call.kind,
    body_hmac: call.bodyHmac,
    model: call.model,
    message: call.message === null ? null : sealText(call.vault, call.message, "user", place),
    reply: null,
    usage: null,
    ...(call.asked ? { asked: sealAsked(call.vault, call.turnId, call.asked.echo) } : {}),
    suspected: call.message !== null && suspectsInjection(call.message),
    condensed: false,
    replaces_from: call.replaced?.fromSeq ?? null,
    superseded: false,
    moderation: null,
    created_at: at,
    modified_at: at,
  };
}

function lease({ services }: TurnCall, nonce: string) {
  const untilMs = services.now().getTime() + services.upstream.deadlines.turnMs + LEASE_MARGIN_MS;
  return { state: "pending" as const, nonce, lease_until: Timestamp.fromMillis(untilMs) };
}

/** What a turn that is already there means for this call; null to try again. */
async function decide(call: TurnCall, { session, turn }: Reserved, nonce: string): Promise<Outcome | null> {
  if (turn.nonce === nonce && turn.state === "pending") return { session, turn };
  if (!turn.body_hmac.equals(call.bodyHmac)) {
    throw new Failure("idempotency_mismatch", "This Idempotency-Key was used for another request.");
  }
  if (isDone(turn)) return { stored: turn, session };
  const leftMs = turn.lease_until.toMillis() - call.services.now().getTime();
  if (turn.state === "pending" && leftMs > 0) {
    const retryAfter = Math.min(2, Math.ceil(leftMs / 1000));
    throw new Failure("turn_in_progress", "This message is being answered.", { retryAfter });
  }
  return takeOver(call, { session, turn }, nonce);
}

/** Continues a turn that was cut off: same seq, one attempt more; null where another one was faster. */
async function takeOver(
  call: TurnCall,
  { session, turn }: Reserved,
  nonce: string,
): Promise<Reserved | null> {
  const { firestore, sessions, now } = call.services;
  const message = openMessage(call.vault, turn);
  const place = { epoch: session.epoch, seq: turn.seq, attempt: turn.attempt + 1 };
  const change = {
    ...place,
    ...lease(call, nonce),
    message: message === null ? null : sealText(call.vault, message, "user", place),
    reply: null,
    moderation: null,
    model: call.model,
    modified_at: Timestamp.fromDate(now()),
  };
  const batch = firestore.batch();
  sessions.update(batch, turn, change);
  try {
    const [written] = await batch.commit();
    return { session, turn: { ...turn, ...change, updateTime: written?.writeTime ?? turn.updateTime } };
  } catch (error) {
    if (isConflict(error)) return null;
    throw error;
  }
}

/** A pause that grows with the tries and differs between the competitors. */
const jitter = (tries: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(MAX_PAUSE_MS, 10 * 2 ** tries)));
