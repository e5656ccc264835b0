import { Timestamp, type WriteBatch } from "firebase-admin/firestore";
import { Failure, notFound } from "../errors";
import type { Context } from "../operation";
import { suspectsInjection } from "../protection/input-signals";
import { combineDigests, idFrom } from "../protection/seal";
import { createSessionVault, derivedId, type SessionVault } from "../protection/vault";
import type { Services } from "../services";
import { findAssistant } from "./chat-target";
import { EMPTY_CONTEXT, type Entry, keep } from "./context";
import { draftSession } from "./create";
import { fallBack } from "./model-choice";
import { isDone, openContext, openMessage, openReply, sealContext, sealText, turnDigest } from "./opened";
import { isOwn, ownId } from "./owner";
import { type Exchange, type ResponseInput, refuse, type Said } from "./responses-input";
import { readResponseId } from "./responses-shapes";
import type { Session, Turn, TurnDocument } from "./store";
import type { TurnCall } from "./turn";

/** Where a response goes: a session with its vault, the turn's id, and what a new session takes. */
export type Place = Pick<TurnCall, "session" | "vault" | "turnId" | "create" | "settle">;

/** More than these are not brought into a new session; its context holds no more of most anyway. */
const MAX_BROUGHT = 200;

/** A new session with an assistant, begun by the user's words instead of an opening. */
export async function placeNew(context: Context<"user">, code: string, { earlier }: Said): Promise<Place> {
  const { services, user, signal } = context;
  const { bot, version } = await findAssistant(services, code, user);
  const { number, prompts, modelConfig } = version;
  const own = modelConfig.model;
  const model = await fallBack(services, user, own, signal);
  const { id, vault } = newPlace(context);
  const card = { bot, version: number, card: bot, sessionType: bot.session_type, asked: code };
  const session = draftSession(
    context,
    { ...card, prompts, modelConfig },
    { id, vault, model, fallbackFrom: model === own ? null : own },
  );
  return begin(context, session, vault, earlier);
}

const noPrevious = () =>
  new Failure("previous_response_not_found", "No such previous response.", { param: "previous_response_id" });

/**
 * The newest response goes on in its session; an earlier one, or one that somebody goes on from right now, in a new
 * session that knows no more than it.
 */
export async function placeAfter(
  context: Context<"user">,
  previous: string,
  input: ResponseInput,
  { earlier }: Said,
): Promise<Place> {
  const { services, user, idempotencyKey } = context;
  const { session, turn } = (await findResponse(context, previous)) ?? {};
  if (!session || !turn) throw noPrevious();
  checkModel(input.model, session);
  if (!isDone(turn)) throw refuse("previous_response_id", "this response is not complete");
  if (session.prompts.length === 0) throw notFound("bot"); // imported, and its assistant is not here
  if (earlier.length > 0) throw refuse("input", "what was said before is known already");
  const vault = createSessionVault(user.dek, user.uid, session.id);
  const turnId = turnIdFor(vault, idempotencyKey);
  const [replayed] = idempotencyKey ? await services.sessions.readTurns(session, turnId) : [];
  const here = replayed || (await isNewest(services, vault, session, turn));
  return here ? { session, vault, turnId } : fork(context, session, vault, turn);
}

/** Whether nothing was said after a turn, nor is being answered. */
async function isNewest(
  { sessions, now }: Services,
  vault: SessionVault,
  session: Session,
  turn: Turn,
): Promise<boolean> {
  if (openContext(vault, session).entries.at(-1)?.seq !== turn.seq) return false;
  if (session.next_seq === turn.seq + 1) return true;
  const later = await sessions.turnsBetween(session, turn.seq + 1, session.next_seq);
  return !later.some(({ kind, state, lease_until }) => {
    return kind === "reply" && state === "pending" && lease_until.toMillis() > now().getTime();
  });
}

const turnIdFor = (vault: SessionVault, key: string | undefined) =>
  key ? idFrom(vault.mac("responses", key)) : idFrom();

/** A response of the caller by its id; somebody else's is null like one that never was. */
export async function findResponse({ services, user }: Context<"user">, id: string) {
  const named = readResponseId(id);
  const ref = named && services.sessions.ref(named.session);
  if (!named || !ref?.path.startsWith(`users/${user.uid}/`)) return null;
  const found = await services.sessions.readWithTurn(ref, services.sessions.turnRef({ ref }, named.turn));
  const { session, turn } = found;
  return isOwn(user, session) && turn?.kind === "reply" ? { session, turn } : null;
}

function checkModel(asked: string | undefined, { bot, bot_version }: Session): void {
  const [id, version] = asked?.split("@") ?? [];
  if (asked === undefined || (id === bot && (version ?? String(bot_version)) === String(bot_version))) return;
  throw refuse("model", "the previous response is of another one");
}

/** A copy of a session up to one of its turns. What was drawn out of the prompts so far stays counted. */
async function fork(
  context: Context<"user">,
  source: Session,
  vault: SessionVault,
  last: Turn,
): Promise<Place> {
  const { sessions, now } = context.services;
  const { turns } = await sessions.readAll(source);
  const exchanges = turns
    .filter((turn) => turn.seq <= last.seq && turn.epoch === last.epoch && turn.kind !== "recap")
    .filter((turn) => isDone(turn) && (!turn.superseded || turn.id === last.id))
    .map((turn) => ({ message: openMessage(vault, turn), reply: openReply(vault, turn) }));
  const place = newPlace(context);
  const ref = sessions.ref(place.id);
  if (!ref) throw noPrevious();
  const at = Timestamp.fromDate(now());
  const nothing = { input_tokens: 0, cached_tokens: 0, output_tokens: 0, cost_nano: 0, unpriced: 0 };
  const session: Session = {
    ...source,
    ...nothing,
    id: place.id,
    ref,
    status: "active",
    epoch: 0,
    liked: null,
    recap: null,
    recap_turn: null,
    ended_counted: false,
    ended_seq: null,
    prompts: sessions.sealPrompts(ref.path, sessions.openPrompts(source)),
    created_at: at,
    modified_at: at,
  };
  return begin(context, session, place.vault, exchanges);
}

/** With an Idempotency-Key the session's id follows from it: a repeated call meets the first one's session. */
function newPlace({ user, idempotencyKey }: Context<"user">) {
  const own = idempotencyKey ? derivedId(user.dek, "responses", idempotencyKey) : idFrom();
  const id = ownId("ses", user, own);
  return { id, vault: createSessionVault(user.dek, user.uid, id) };
}

/** A session that is created together with its first turn here, what was said before already in it. */
function begin(
  { services, user, idempotencyKey }: Context<"user">,
  drafted: Session,
  vault: SessionVault,
  exchanges: Exchange[],
): Place {
  const { sessions, users, bots, now } = services;
  const brought = bring(vault, drafted, exchanges.slice(-MAX_BROUGHT));
  const session = { ...drafted, ...brought.fields };
  const { id: _id, uid: _uid, updateTime: _time, ref, ...document } = session;
  return {
    session,
    vault,
    turnId: turnIdFor(vault, idempotencyKey),
    create: (batch: WriteBatch) => {
      sessions.create(batch, ref, { ...document, next_seq: session.next_seq + 1 });
      for (const { id, ...turn } of brought.turns) {
        sessions.createTurn(batch, sessions.turnRef({ ref }, id), turn);
      }
      users.touch(batch, user.uid, now());
    },
    settle: (batch) => {
      if (session.bot === null) return;
      users.touch(batch, user.uid, now(), "sessions_started");
      bots.count(batch, session.bot, session.bot_version, "started");
    },
  };
}

/** Exchanges as turns of a session, and the fields of the session that follow from them. */
function bring(vault: SessionVault, session: Session, exchanges: Exchange[]) {
  const turns = exchanges.map((exchange, seq) => broughtTurn(vault, session, exchange, seq));
  const digest = exchanges.reduce<Buffer>(
    (sum, { message, reply }, seq) => {
      const turn = turns[seq] as (typeof turns)[number];
      return combineDigests(sum, turnDigest(vault, turn, message ?? "", reply));
    },
    Buffer.from(EMPTY_CONTEXT.digest, "hex"),
  );
  const entries = exchanges.flatMap(({ message, reply }, seq): Entry[] => [
    ...(message === null ? [] : [{ seq, role: "user" as const, content: message }]),
    { seq, role: "assistant", content: reply },
  ]);
  const context = {
    lastSeq: turns.length - 1,
    turns: turns.length,
    digest: digest.toString("hex"),
    entries: keep(session.session_type, entries),
  };
  return {
    turns,
    fields: {
      next_seq: turns.length,
      turns: turns.length,
      message_count: entries.length,
      context: sealContext(vault, context, 0),
    },
  };
}

/** The id of a turn that opens a session, as everywhere. */
const OPENING = "opening";

function broughtTurn(
  vault: SessionVault,
  session: Session,
  { message, reply }: Exchange,
  seq: number,
): { id: string } & TurnDocument {
  const place = { epoch: 0, seq, attempt: 1 };
  const at = session.created_at;
  return {
    ...place,
    id: message === null ? OPENING : idFrom(vault.mac("brought", seq)),
    kind: message === null ? "opening" : "reply",
    state: "complete",
    nonce: idFrom(),
    lease_until: at,
    body_hmac: vault.mac("brought", seq),
    model: session.model,
    message: message === null ? null : sealText(vault, message, "user", place),
    reply: sealText(vault, reply, "assistant", place),
    usage: null,
    suspected: message !== null && suspectsInjection(message),
    condensed: false,
    replaces_from: null,
    superseded: false,
    moderation: null,
    created_at: at,
    modified_at: at,
  };
}
