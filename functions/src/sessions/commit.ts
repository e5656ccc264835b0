import { FieldValue, Timestamp } from "firebase-admin/firestore";
import { Failure, type FailureCode, notFound } from "../errors";
import { combineDigests } from "../protection/seal";
import { isConflict } from "../users/store";
import { type Entry, insert, keep, type SessionContext } from "./context";
import { openContext, sealContext, sealRecap, sealText, turnDigest } from "./opened";
import type { Session, Turn } from "./store";
import type { FinishedTurn, Reserved, TurnCall, TurnSpent } from "./turn";

const TRIES = 40;
const MAX_PAUSE_MS = 200;

/**
 * Stores a reply, its context and what it cost in one batch. The turn's own write time fences off an attempt that
 * lost its lease; the session's write time makes concurrent replies merge one after another.
 * @throws Failure session_not_found (deleted meanwhile), turn_in_progress (another attempt took over)
 */
export async function commit(
  call: TurnCall,
  reserved: Reserved,
  reply: string,
  spent: TurnSpent,
): Promise<FinishedTurn> {
  const { firestore, sessions, users, now } = call.services;
  let current = reserved;
  let intoContext = true;
  for (let tries = 1; tries <= TRIES; tries++) {
    const at = Timestamp.fromDate(now());
    const turn = turnChange(call, current.turn, reply, spent, at);
    const session = sessionChange(call, current, reply, spent, intoContext, at);
    const batch = firestore.batch();
    sessions.update(batch, current.turn, turn);
    sessions.update(batch, current.session, session);
    users.addUsage(batch, call.user.uid, [spent], at.toDate());
    call.settle?.(batch);
    const landed = await batch.commit().then(() => true, conflict);
    if (landed)
      return { session: { ...current.session, ...session }, turn: { ...current.turn, ...turn }, reply };

    const found = await sessions.readWithTurn(reserved.session.ref, reserved.turn.ref);
    if (!found.session || !found.turn) throw notFound("session");
    if (found.turn.nonce !== reserved.turn.nonce) {
      throw new Failure("turn_in_progress", "Another attempt answers this message.", { retryAfter: 1 });
    }
    if (found.turn.state === "complete") return { session: found.session, turn: found.turn, reply };
    intoContext = stillOpen(call, reserved, found.session);
    current = { session: found.session, turn: found.turn };
    await new Promise((resolve) =>
      setTimeout(resolve, Math.random() * Math.min(MAX_PAUSE_MS, 5 * 2 ** tries)),
    );
  }
  throw new Failure("session_busy", "Too many messages at once in this session.", { retryAfter: 1 });
}

/** Whether the session is still the one that was asked: not cleared, ended or left meanwhile. */
const stillOpen = ({ kind }: TurnCall, reserved: Reserved, session: Session): boolean =>
  session.epoch === reserved.turn.epoch && (kind !== "reply" || session.status === "active");

function conflict(error: unknown): false {
  if (isConflict(error)) return false;
  throw error;
}

function turnChange({ vault }: TurnCall, turn: Turn, reply: string, spent: TurnSpent, at: Timestamp) {
  return {
    state: "complete" as const,
    reply: sealText(vault, reply, "assistant", turn),
    usage: showSpent(spent),
    modified_at: at,
  };
}

const showSpent = (spent: TurnSpent) => ({
  input_tokens: spent.inputTokens,
  cached_tokens: spent.cachedTokens,
  output_tokens: spent.outputTokens,
  cost_nano: spent.costNano,
  estimated: spent.estimated,
});

function sessionChange(
  call: TurnCall,
  { session, turn }: Reserved,
  reply: string,
  spent: TurnSpent,
  intoContext: boolean,
  at: Timestamp,
) {
  const context = mergeTurn(call, { session, turn }, reply, intoContext);
  const messages = call.kind === "recap" ? 0 : call.message === null ? 1 : 2;
  return {
    context: sealContext(call.vault, context, session.epoch),
    turns: context.turns,
    message_count: session.message_count + messages,
    ...addTotals(session, spent),
    ...(call.kind === "opening" ? { status: "active" as const } : {}),
    ...(call.kind === "reply" ? { model: call.model } : {}),
    ...(call.kind === "recap" ? completed(call, reply) : {}),
    modified_at: at,
  };
}

const completed = ({ vault, turnId }: TurnCall, recap: string) => ({
  status: "completed" as const,
  recap: sealRecap(vault, recap),
  recap_turn: turnId,
  ended_counted: true,
});

function addTotals(session: Session, spent: TurnSpent) {
  return {
    input_tokens: session.input_tokens + spent.inputTokens,
    cached_tokens: session.cached_tokens + spent.cachedTokens,
    output_tokens: session.output_tokens + spent.outputTokens,
    cost_nano: session.cost_nano + (spent.costNano ?? 0),
    unpriced: session.unpriced + (spent.costNano === null ? 1 : 0),
  };
}

/** The context with this turn in its place, and every complete turn in its digest. */
function mergeTurn(
  call: TurnCall,
  { session, turn }: Reserved,
  reply: string,
  intoContext: boolean,
): SessionContext {
  const context = openContext(call.vault, session);
  const digest = turnDigest(call.vault, turn, call.message ?? "", reply);
  const added: Entry[] = [];
  if (intoContext && call.kind !== "recap") {
    if (call.message !== null) added.push({ seq: turn.seq, role: "user", content: call.message });
    added.push({ seq: turn.seq, role: "assistant", content: reply });
  }
  return {
    lastSeq: Math.max(context.lastSeq, turn.seq),
    turns: context.turns + 1,
    digest: combineDigests(Buffer.from(context.digest, "hex"), digest).toString("hex"),
    entries: keep(session.session_type, insert(context.entries, added)),
  };
}

/** Keeps what had arrived when a reply was cut off; the same turn id may take it over at once. */
export async function interrupt(
  call: TurnCall,
  { session, turn }: Reserved,
  partial: string,
  spent: TurnSpent | null,
  code: FailureCode | undefined,
): Promise<void> {
  const { firestore, sessions, users, now } = call.services;
  const at = Timestamp.fromDate(now());
  const batch = firestore.batch();
  sessions.update(batch, turn, {
    state: "interrupted",
    reply: partial ? sealText(call.vault, partial, "assistant", turn) : null,
    usage: spent && showSpent(spent),
    modified_at: at,
  });
  if (spent) {
    batch.update(session.ref, spentIncrements(spent));
    users.addUsage(batch, call.user.uid, [spent], at.toDate());
  }
  if (call.kind === "opening" && code !== "upstream_busy" && code !== "cancelled") {
    batch.update(session.ref, { status: "failed_upstream", modified_at: at });
  }
  await batch.commit();
}

const spentIncrements = (spent: TurnSpent) => ({
  input_tokens: FieldValue.increment(spent.inputTokens),
  cached_tokens: FieldValue.increment(spent.cachedTokens),
  output_tokens: FieldValue.increment(spent.outputTokens),
  cost_nano: FieldValue.increment(spent.costNano ?? 0),
  unpriced: FieldValue.increment(spent.costNano === null ? 1 : 0),
});
