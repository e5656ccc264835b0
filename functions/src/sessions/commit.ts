import { FieldValue, Timestamp } from "firebase-admin/firestore";
import { Failure, notFound } from "../errors";
import type { Moderation } from "../openai/moderation";
import { combineDigests } from "../protection/seal";
import { isConflict } from "../users/store";
import { condensed } from "./condense";
import { type Entry, insert, keep, type SessionContext } from "./context";
import { isDone, openContext, sealContext, sealModeration, sealRecap, sealText, turnDigest } from "./opened";
import { isSuperseded, readReplaced, supersededDigest, without } from "./replace";
import type { TurnSpent } from "./spent";
import type { Turn } from "./store";
import { STRIKES_A_SESSION } from "./strikes";
import type { Summary } from "./summary";
import type { FinishedTurn, Reserved, TurnCall } from "./turn";

/** What the model said, as it may be stored. */
export type Answer = {
  reply: string;
  /** The leak guard held the reply back: `reply` is the apology. */
  blocked: boolean;
  /** Why it ended, in the provider's word. */
  finishReason: string;
  /** It counts against the caller. */
  struck: boolean;
  spent: TurnSpent;
};

/** A reply with what was found out beside it. */
export type Result = Answer & { summary: Summary | null; moderation: Moderation | null };

const TRIES = 40;
const MAX_PAUSE_MS = 200;

/**
 * Stores a reply, its context and what it cost in one batch. The turn's own write time fences off an attempt that
 * lost its lease; the session's write time makes concurrent replies merge one after another.
 * @throws Failure session_not_found (deleted meanwhile), turn_in_progress (another attempt took over)
 */
export async function commit(call: TurnCall, reserved: Reserved, result: Result): Promise<FinishedTurn> {
  let current = reserved;
  for (let tries = 1; tries <= TRIES; tries++) {
    const finished = await attempt(call, current, result);
    if (finished) return finished;
    const found = await call.services.sessions.readWithTurn(reserved.session.ref, reserved.turn.ref);
    const { session, turn } = found;
    if (!session || turn?.nonce !== reserved.turn.nonce) {
      await countSpent(call, spentBy(result));
      if (!session || !turn) throw notFound("session");
      throw new Failure("turn_in_progress", "Another attempt answers this message.", { retryAfter: 1 });
    }
    if (isDone(turn)) return { session, turn, reply: result.reply };
    current = { session, turn };
    await new Promise((resolve) =>
      setTimeout(resolve, Math.random() * Math.min(MAX_PAUSE_MS, 5 * 2 ** tries)),
    );
  }
  throw new Failure("session_busy", "Too many messages at once in this session.", { retryAfter: 1 });
}

/** One try; null where somebody else wrote first. */
async function attempt(call: TurnCall, found: Reserved, result: Result): Promise<FinishedTurn | null> {
  const { firestore, sessions, users, now } = call.services;
  const at = Timestamp.fromDate(now());
  // A broken off turn may have been superseded before it was answered after all.
  const superseded = await isSuperseded(call.services, found, call.replaced);
  const current = { session: found.session, turn: { ...found.turn, superseded } };
  const turn = {
    superseded,
    state: result.blocked ? ("blocked" as const) : ("complete" as const),
    reply: sealText(call.vault, result.reply, "assistant", current.turn),
    usage: showSpent(result.spent),
    finish: result.finishReason,
    condensed: result.summary !== null,
    moderation: sealModeration(call.vault, result.moderation, current.turn),
    modified_at: at,
  };
  const replaced = await readReplaced(call.services, current.session, call.replaced, current.turn.seq);
  const session = sessionChange(call, current, { ...result, replaced }, at);
  const batch = firestore.batch();
  sessions.update(batch, current.turn, turn);
  for (const { ref } of replaced) batch.update(ref, { superseded: true });
  sessions.update(batch, current.session, session);
  users.addUsage(batch, call.user.uid, spentBy(result), at.toDate());
  call.settle?.(batch, current.session);
  try {
    await batch.commit();
  } catch (error) {
    if (isConflict(error)) return null;
    throw error;
  }
  return {
    session: { ...current.session, ...session },
    turn: { ...current.turn, ...turn },
    reply: result.reply,
  };
}

const spentBy = ({ spent, summary }: Result): TurnSpent[] => (summary ? [spent, summary.spent] : [spent]);

/** What was spent is counted, even where the reply has no place any more; not for a deleted user. */
async function countSpent({ services, user }: TurnCall, spent: TurnSpent[]): Promise<void> {
  const batch = services.firestore.batch();
  services.users.touch(batch, user.uid, services.now());
  services.users.addUsage(batch, user.uid, spent, services.now());
  await batch.commit().catch((error) => {
    if (!isConflict(error)) services.log.afterReply("usage", error);
  });
}

const showSpent = (spent: TurnSpent) => ({
  input_tokens: spent.inputTokens,
  cached_tokens: spent.cachedTokens,
  output_tokens: spent.outputTokens,
  reasoning_tokens: spent.reasoningTokens,
  cost_nano: spent.costNano,
  estimated: spent.estimated,
});

const MESSAGES = { opening: 1, reply: 2, recap: 0 } as const;

function sessionChange(
  call: TurnCall,
  { session, turn }: Reserved,
  result: Result & { replaced: Turn[] },
  at: Timestamp,
) {
  const context = mergeTurn(call, { session, turn }, result);
  const taken = result.replaced.filter(isDone).length * MESSAGES.reply;
  const all = spentBy(result);
  const sum = (of: (spent: TurnSpent) => number) => all.reduce((total, spent) => total + of(spent), 0);
  return {
    context: sealContext(call.vault, context, session.epoch),
    turns: context.turns,
    message_count: session.message_count + (turn.superseded ? 0 : MESSAGES[call.kind]) - taken,
    input_tokens: session.input_tokens + sum((spent) => spent.inputTokens),
    cached_tokens: session.cached_tokens + sum((spent) => spent.cachedTokens),
    output_tokens: session.output_tokens + sum((spent) => spent.outputTokens),
    cost_nano: session.cost_nano + sum((spent) => spent.costNano ?? 0),
    unpriced: session.unpriced + sum((spent) => (spent.costNano === null ? 1 : 0)),
    ...(call.kind === "recap" ? recapped(call, turn, result.reply) : {}),
    status: statusAfter(call, { session, turn }, context),
    ...(result.struck ? struck(session) : {}),
    ...(call.switchesModel ? { model: call.model } : {}),
    modified_at: at,
  };
}

/** One held-back reply more; the third ends the session. */
function struck({ strikes }: Reserved["session"]) {
  const ended = strikes + 1 >= STRIKES_A_SESSION;
  return { strikes: strikes + 1, ...(ended ? { status: "abandoned_by_system" as const } : {}) };
}

const recapped = ({ vault, turnId }: TurnCall, { seq }: Turn, recap: string) => ({
  recap: sealRecap(vault, recap),
  recap_turn: turnId,
  ended_counted: true,
  ended_seq: seq,
});

/** The newest turn decides: what is said after the recap opens the session again, what was under way does not. */
function statusAfter({ kind }: TurnCall, { session, turn }: Reserved, { lastSeq }: SessionContext) {
  if (kind === "recap") return lastSeq > turn.seq ? session.status : ("completed" as const);
  return session.ended_seq !== null && turn.seq < session.ended_seq ? session.status : ("active" as const);
}

/** The context with this turn in its place, and every finished turn in its digest. */
function mergeTurn(
  call: TurnCall,
  { session, turn }: Reserved,
  { reply, replaced, summary }: Result & { replaced: Turn[] },
): SessionContext {
  const context = openContext(call.vault, session);
  const digest = turnDigest(call.vault, turn, call.message ?? "", reply);
  const added: Entry[] = [];
  const cleared = session.epoch !== turn.epoch;
  if (!cleared && !turn.superseded && call.kind !== "recap") {
    if (call.message !== null) added.push({ seq: turn.seq, role: "user", content: call.message });
    added.push({ seq: turn.seq, role: "assistant", content: reply });
  }
  const kept = without(context.entries, call.replaced, turn.seq);
  const entries = summary && !cleared ? condensed(kept, summary.upTo, summary.text) : kept;
  return {
    lastSeq: Math.max(context.lastSeq, turn.seq),
    turns: context.turns + 1,
    digest: [digest, supersededDigest(call.vault, replaced)]
      .reduce<Buffer>(combineDigests, Buffer.from(context.digest, "hex"))
      .toString("hex"),
    entries: keep(session.session_type, insert(entries, added)),
  };
}

type Interrupted = {
  partial: string;
  spent: TurnSpent | null;
  moderation: Moderation | null;
  /** Is lost with its reply, but was paid for. */
  summary: Summary | null;
};

/** Keeps what had arrived when a reply was cut off; the same turn id may take it over at once. */
export async function interrupt(
  call: TurnCall,
  { session, turn }: Reserved,
  { partial, spent, moderation, summary }: Interrupted,
): Promise<void> {
  const { firestore, sessions, users, now } = call.services;
  const at = Timestamp.fromDate(now());
  const batch = firestore.batch();
  sessions.update(batch, turn, {
    state: "interrupted",
    reply: partial ? sealText(call.vault, partial.toWellFormed(), "assistant", turn) : null,
    usage: spent && showSpent(spent),
    moderation: sealModeration(call.vault, moderation, turn),
    modified_at: at,
  });
  const all = [spent, summary?.spent].flatMap((one) => one ?? []);
  for (const one of all) batch.update(session.ref, spentIncrements(one));
  if (all.length > 0) users.addUsage(batch, call.user.uid, all, at.toDate());
  if (call.create) batch.update(session.ref, { status: "failed_upstream", modified_at: at });
  await batch.commit();
}

const spentIncrements = (spent: TurnSpent) => ({
  input_tokens: FieldValue.increment(spent.inputTokens),
  cached_tokens: FieldValue.increment(spent.cachedTokens),
  output_tokens: FieldValue.increment(spent.outputTokens),
  cost_nano: FieldValue.increment(spent.costNano ?? 0),
  unpriced: FieldValue.increment(spent.costNano === null ? 1 : 0),
});
