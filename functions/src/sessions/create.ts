import { Timestamp } from "firebase-admin/firestore";
import type { Bot, ModelConfig, Prompts, SessionType } from "../bots/store";
import { type FailureCode, notFound, toFailure } from "../errors";
import type { Context } from "../operation";
import { idFrom } from "../protection/seal";
import { createSessionVault, derivedId, type SessionVault } from "../protection/vault";
import { EMPTY_CONTEXT } from "./context";
import { chooseModel, fallBack } from "./model-choice";
import { sealContext } from "./opened";
import { ownId } from "./owner";
import type { Session } from "./store";
import { type FinishedTurn, runTurn, type TurnCall } from "./turn";

/** The opening's turn has always the same id: one session, one opening. */
const OPENING = "opening";
const LAB_DAYS = 7;

/** What a session is made of: a saved assistant's version, or a configuration that is being tried out. */
export type Source = {
  /** Null for the lab. */
  bot: Bot | null;
  version: number;
  card: { name: string; tag_line: string; description: string };
  sessionType: SessionType;
  prompts: Prompts;
  modelConfig: ModelConfig;
  /** What must be the same when an Idempotency-Key comes again. */
  asked: string;
};

/**
 * Creates a session and its opening message. With an Idempotency-Key the session's id follows from it, so that a
 * repeated call meets the first one's session.
 */
export async function createSession(
  context: Context<"user">,
  source: Source,
  askedModel: string | undefined,
): Promise<FinishedTurn> {
  const { services, user, signal, onDelta, idempotencyKey } = context;
  if (askedModel !== undefined) await chooseModel(services, user, askedModel, signal);
  const own = source.modelConfig.model;
  const model = askedModel ?? (await fallBack(services, user, own, signal));
  const unique = idempotencyKey ? derivedId(user.dek, "create", idempotencyKey) : idFrom();
  const id = ownId(source.bot ? "ses" : "lab", user, unique);
  const vault = createSessionVault(user.dek, user.uid, id);
  const fallbackFrom = askedModel === undefined && model !== own ? own : null;
  const session = draftSession(context, source, { id, vault, model, fallbackFrom });
  const recounted = recount(context, source.bot);
  const finished = await runTurn({
    services,
    user,
    vault,
    session,
    kind: "opening",
    turnId: OPENING,
    message: null,
    bodyHmac: vault.mac("create", source.asked, askedModel ?? ""),
    model,
    signal,
    onDelta,
    ...writes(context, source, session),
  }).catch(async (error) => {
    if (UNPAID.has(toFailure(error).code)) await forget(services, session);
    throw error;
  });
  await recounted;
  return finished;
}

/** What an app key's limits say where it may not begin a session: nothing is left of it. */
const UNPAID: ReadonlySet<FailureCode> = new Set(["budget_exhausted", "rate_limited", "model_not_priced"]);

/** Takes back a session whose beginning failed. */
export const forget = ({ sessions, log }: Context<"user">["services"], session: Session): Promise<void> =>
  sessions.delete(session).catch((error) => log.afterReply("forget", error));

/** Every create touches the user, so that nothing appears for a deleted one; the lab is not counted. */
function writes(
  { services, user }: Context<"user">,
  { bot, version }: Source,
  session: Session,
): Pick<TurnCall, "create" | "settle"> {
  const { sessions, users, bots, now } = services;
  return {
    create: (batch) => {
      const { ref, id: _id, uid: _uid, updateTime: _time, ...document } = session;
      sessions.create(batch, ref, document);
      users.touch(batch, user.uid, now());
    },
    settle: (batch) => {
      if (!bot) return;
      users.touch(batch, user.uid, now(), "sessions_started");
      bots.count(batch, bot.id, version, "started");
    },
  };
}

/** Brings the card's numbers up to date beside the opening. */
const recount = async ({ services }: Context<"user">, bot: Bot | null): Promise<void> => {
  if (!bot) return;
  await services.bots
    .recount(bot, services.now())
    .catch((error) => services.log.afterReply("recount", error));
};

type Place = { id: string; vault: SessionVault; model: string; fallbackFrom: string | null };

/** The session before its first write: the assistant's card and settings as they are now. */
export function draftSession(
  { services, user }: Context<"user">,
  source: Source,
  { id, vault, model, fallbackFrom }: Place,
): Session {
  const ref = services.sessions.ref(id);
  if (!ref) throw notFound("session");
  const now = services.now();
  const at = Timestamp.fromDate(now);
  const { model: _own, ...settings } = source.modelConfig;
  return {
    id,
    uid: user.uid,
    ref,
    updateTime: at,
    bot: source.bot?.id ?? null,
    bot_version: source.version,
    bot_name: source.card.name,
    bot_tag_line: source.card.tag_line,
    bot_description: source.card.description,
    model,
    fallback_from: fallbackFrom,
    session_type: source.sessionType,
    status: "active",
    epoch: 0,
    next_seq: 1,
    turns: 0,
    message_count: 0,
    input_tokens: 0,
    cached_tokens: 0,
    output_tokens: 0,
    cost_nano: 0,
    unpriced: 0,
    liked: null,
    recap: null,
    recap_turn: null,
    ended_counted: false,
    ended_seq: null,
    prompts: services.sessions.sealPrompts(ref.path, source.prompts),
    model_config: settings,
    context: sealContext(vault, EMPTY_CONTEXT, 0),
    strikes: 0,
    expires_at: source.bot ? null : Timestamp.fromMillis(now.getTime() + LAB_DAYS * 24 * 60 * 60 * 1000),
    created_at: at,
    modified_at: at,
  };
}
