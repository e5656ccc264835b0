import { Timestamp } from "firebase-admin/firestore";
import type { Bot, BotVersion } from "../bots/store";
import { notFound } from "../errors";
import type { Context } from "../operation";
import { idFrom } from "../protection/seal";
import { createSessionVault, derivedId, type SessionVault } from "../protection/vault";
import { EMPTY_CONTEXT } from "./context";
import { chooseModel, fallBack } from "./model-choice";
import { sealContext } from "./opened";
import { type Session, sessionId } from "./store";
import { type FinishedTurn, runTurn } from "./turn";

/** The opening's turn has always the same id: one session, one opening. */
const OPENING = "opening";

/**
 * Creates a session and its opening message. With an Idempotency-Key the session's id follows from it, so that a
 * repeated call meets the first one's session.
 */
export async function createSession(
  context: Context<"user">,
  bot: Bot,
  version: BotVersion,
  { bot: code, model: asked }: { bot: string; model?: string | undefined },
): Promise<FinishedTurn> {
  const { services, user, signal, onDelta, idempotencyKey } = context;
  const { sessions, users, bots, now } = services;
  if (asked !== undefined) await chooseModel(services, user, asked, signal);
  const model = asked ?? (await fallBack(services, user, version.modelConfig.model, signal));
  const id = sessionId(user.uid, idempotencyKey ? derivedId(user.dek, "create", idempotencyKey) : idFrom());
  const vault = createSessionVault(user.dek, user.uid, id);
  const session = draft(context, { bot, version, model, asked, id, vault });
  const recounted = bots.recount(bot, now()).catch((error) => services.log.afterReply("recount", error));
  const finished = await runTurn({
    services,
    user,
    vault,
    session,
    kind: "opening",
    turnId: OPENING,
    message: null,
    bodyHmac: vault.mac("create", code, asked ?? ""),
    model,
    signal,
    onDelta,
    create: (batch) => {
      const { ref, id: _id, uid: _uid, updateTime: _time, ...document } = session;
      sessions.create(batch, ref, document);
      users.touch(batch, user.uid, now());
    },
    settle: (batch) => {
      users.touch(batch, user.uid, now(), "sessions_started");
      bots.count(batch, bot.id, version.number, "started");
    },
  });
  await recounted;
  return finished;
}

type Draft = {
  bot: Bot;
  version: BotVersion;
  model: string;
  asked: string | undefined;
  id: string;
  vault: SessionVault;
};

/** The session before its first write: the assistant's card and settings as they are now. */
function draft(
  { services, user }: Context<"user">,
  { bot, version, model, asked, id, vault }: Draft,
): Session {
  const ref = services.sessions.ref(id);
  if (!ref) throw notFound("session");
  const at = Timestamp.fromDate(services.now());
  const { model: own, ...settings } = version.modelConfig;
  return {
    id,
    uid: user.uid,
    ref,
    updateTime: at,
    bot: bot.id,
    bot_version: version.number,
    bot_name: bot.name,
    bot_tag_line: bot.tag_line,
    bot_description: bot.description,
    model,
    fallback_from: asked === undefined && model !== own ? own : null,
    session_type: bot.session_type,
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
    prompts: services.sessions.sealPrompts(ref.path, version.prompts),
    model_config: settings,
    context: sealContext(vault, EMPTY_CONTEXT, 0),
    coverage: null,
    created_at: at,
    modified_at: at,
  };
}
