import { z } from "zod";
import { botInput, findVersion, LIMITS, modelName, text } from "../bots/operations";
import { Failure } from "../errors";
import { type Context, operation } from "../operation";
import { listOf, pagingInput, showPage } from "../paging";
import { idFrom } from "../protection/seal";
import { createSessionVault, type SessionVault } from "../protection/vault";
import { requirePlainModels } from "../users/app-key-access";
import { createSession, type Source } from "./create";
import { chooseModel } from "./model-choice";
import { isDone, openReply, verifyTurns } from "./opened";
import { findReplaced } from "./replace";
import {
  MessageObject,
  Reply,
  SessionObject,
  showListed,
  showMessages,
  showReply,
  showSession,
} from "./shapes";
import type { Session } from "./store";
import { type FinishedTurn, runTurn } from "./turn";

/** What bots.create takes, the card's fields optional. */
const labConfig = botInput.partial({ name: true, tag_line: true, description: true });
type LabConfig = z.output<typeof labConfig>;

export const session = z.string().describe("The session's id.");

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
const TURN = [
  ...UPSTREAM,
  "bot_not_found",
  "turn_in_progress",
  "session_busy",
  "session_damaged",
  "session_ended",
  "assistant_paused",
  "idempotency_mismatch",
] as const;

type InSession = Context<"session">;

export const vaultOf = ({ user, session }: Pick<InSession, "user" | "session">): SessionVault =>
  createSessionVault(user.dek, user.uid, session.id);

export const create = operation({
  name: "sessions.create",
  route: "POST /sessions",
  summary: "Start talking to an assistant, or try out a configuration: it speaks first.",
  caller: "user",
  appKeys: "all",
  input: z.strictObject({
    bot: z.string().max(40).optional().describe("An assistant's id, or `id@version`."),
    bot_config: labConfig
      .optional()
      .describe("Instead of `bot`: a lab session, kept for 7 days and in no list."),
    model: modelName.optional().describe("Another model than the assistant's own."),
  }),
  output: Reply,
  errors: ["bot_incomplete", ...TURN],
  streams: true,
  tool: {
    title: "Start a conversation",
    description:
      "Starts a conversation with an assistant, named by its id as `bot`. The assistant speaks first: show its words " +
      "(`reply`) to the person, and keep the session's id, which every further call needs. Instead of `bot`, " +
      "`bot_config` tries out a configuration that is not saved.",
  },
  run: async (context, input) => {
    const source = await readSource(context, input);
    const finished = await createSession(context, source, input.model);
    const vault = createSessionVault(context.user.dek, context.user.uid, finished.session.id);
    return showReply(finished, vault, context.services.now());
  },
});

/** @throws Failure bot_not_found, bot_incomplete, invalid_request where not exactly one of the two is given */
async function readSource(
  { services, user }: Context<"user">,
  { bot: code, bot_config: config }: { bot?: string | undefined; bot_config?: LabConfig | undefined },
): Promise<Source> {
  if ((code === undefined) === (config === undefined)) {
    throw new Failure("invalid_request", "bot: give either this or bot_config", { param: "bot" });
  }
  if (config === undefined) {
    const { bot, version } = await findVersion(services, code ?? "", user);
    const { number, prompts, modelConfig } = version;
    return {
      bot,
      version: number,
      card: bot,
      sessionType: bot.session_type,
      prompts,
      modelConfig,
      asked: code ?? "",
    };
  }
  requirePlainModels(user);
  const { name = "", tag_line = "", description = "", initial_prompt, summary_prompt, ...rest } = config;
  return {
    bot: null,
    version: 0,
    card: { name, tag_line, description },
    sessionType: rest.session_type,
    prompts: { initial: initial_prompt, summary: summary_prompt },
    modelConfig: rest.model_config,
    asked: JSON.stringify(config),
  };
}

export const respond = operation({
  name: "sessions.respond",
  route: "POST /sessions/{session}/messages",
  summary: "Say something; without a message the last reply comes again.",
  caller: "session",
  appKeys: "all",
  input: z.strictObject({
    session,
    message: text(LIMITS.message).optional(),
    replaces: z
      .string()
      .max(80)
      .optional()
      .describe(
        "A message's id: the new message takes its place and that of everything after it; without a message, what was said there is said again.",
      ),
    model: modelName.optional().describe("Answers from now on."),
  }),
  output: Reply,
  errors: ["session_not_found", "message_flagged", ...TURN],
  streams: true,
  tool: {
    title: "Say something",
    description:
      "Sends a message to the assistant of a session and answers its reply. Send what the person said, in their own " +
      "words; the assistant remembers the conversation. Without `message` the last reply comes again, for free.",
  },
  run: async (context, input) => {
    const vault = vaultOf(context);
    const { message, replaces, model } = input;
    const finished =
      message === undefined && replaces === undefined
        ? await lastReply(context, vault, model)
        : await say(context, vault, { message, replaces, model });
    return showReply(finished, vault, context.services.now());
  },
});

type Said = { message?: string | undefined; replaces?: string | undefined; model?: string | undefined };

async function say(
  context: InSession,
  vault: SessionVault,
  { message, replaces, model }: Said,
): Promise<FinishedTurn> {
  const { services, user, session, signal, onDelta, idempotencyKey } = context;
  if (model !== undefined) await chooseModel(services, user, model, signal);
  const turnId = idFrom(idempotencyKey ? vault.mac("respond", idempotencyKey) : undefined);
  const replaced =
    replaces === undefined
      ? undefined
      : await findReplaced(services, vault, session, { messageId: replaces, turnId });
  const again = replaces === undefined ? [] : [replaces];
  return runTurn({
    services,
    user,
    vault,
    session,
    kind: "reply",
    turnId,
    message: message ?? replaced?.words ?? "",
    bodyHmac: vault.mac("respond", message ?? "", model ?? "", ...again),
    replaced,
    model: model ?? session.model,
    switchesModel: model !== undefined,
    signal,
    onDelta,
  });
}

/** The newest complete reply, as the original answers when nothing new was said. */
async function lastReply(
  { services, session, onDelta }: InSession,
  vault: SessionVault,
  model: string | undefined,
): Promise<FinishedTurn> {
  if (model !== undefined) {
    throw new Failure("invalid_request", "message: is required with a model", { param: "message" });
  }
  const turns = await services.sessions.lastTurns(session, 50);
  const turn = turns.find((turn) => isDone(turn) && turn.kind !== "recap" && !turn.superseded);
  if (!turn)
    throw new Failure("invalid_request", "message: there is no reply yet to repeat", { param: "message" });
  const reply = openReply(vault, turn);
  onDelta?.(reply);
  return { session, turn, reply };
}

/** What ending without a recap answers. */
const Left = z.object({ session: SessionObject }).meta({ id: "LeftSession" });

export const end = operation({
  name: "sessions.end",
  route: "POST /sessions/{session}/end",
  summary: "Conclude: the assistant sums up. Again, the same recap. Without a recap the session is left.",
  caller: "session",
  appKeys: "all",
  input: z.strictObject({ session, recap: z.boolean().default(true) }),
  output: z.union([Reply, Left]),
  errors: ["session_not_found", ...TURN],
  streams: true,
  tool: {
    title: "Conclude a conversation",
    description:
      "Ends a conversation: the assistant sums up what was said, and that recap is the reply. Asked again, the same " +
      "recap at no cost. With `recap: false` the session is left without one. A later message opens it again.",
    idempotent: true,
  },
  run: async (context, input) => {
    const vault = vaultOf(context);
    if (!input.recap) return { session: showSession(await leave(context), vault, context.services.now()) };
    const finished = (await storedRecap(context, vault)) ?? (await recap(context, vault));
    return showReply(finished, vault, context.services.now());
  },
});

/** The user leaves without a recap; a completed session stays completed. */
async function leave({ services, session }: InSession): Promise<Session> {
  if (session.status === "completed") return session;
  const change = { status: "abandoned_by_user" as const };
  await services.sessions.change(session, change);
  return { ...session, ...change };
}

async function storedRecap({ services, session, onDelta }: InSession, vault: SessionVault) {
  if (session.status !== "completed" || !session.recap_turn) return null;
  const [turn] = await services.sessions.readTurns(session, session.recap_turn);
  if (!turn) return null;
  const reply = openReply(vault, turn);
  onDelta?.(reply);
  return { session, turn, reply };
}

function recap(
  { services, user, session, signal, onDelta, idempotencyKey }: InSession,
  vault: SessionVault,
): Promise<FinishedTurn> {
  const { users, bots, now } = services;
  return runTurn({
    services,
    user,
    vault,
    session,
    kind: "recap",
    turnId: idFrom(idempotencyKey ? vault.mac("end", idempotencyKey) : vault.mac("recap", session.turns)),
    message: null,
    bodyHmac: vault.mac("recap"),
    model: session.model,
    signal,
    onDelta,
    settle: (batch, { ended_counted }) => {
      if (ended_counted || session.bot === null) return;
      users.touch(batch, user.uid, now(), "sessions_ended");
      bots.count(batch, session.bot, session.bot_version, "ended");
    },
  });
}

export const get = operation({
  name: "sessions.get",
  route: "GET /sessions/{session}",
  summary: "One session with its totals.",
  caller: "session",
  appKeys: "all",
  input: z.strictObject({ session }),
  output: SessionObject,
  errors: ["session_not_found", "session_damaged"],
  run: async (context) => showSession(context.session, vaultOf(context), context.services.now()),
});

export const list = operation({
  name: "sessions.list",
  route: "GET /sessions",
  summary: "Your sessions, newest first, of one assistant or of all.",
  caller: "user",
  appKeys: "secret",
  input: z.strictObject({ bot: z.string().max(40).optional(), ...pagingInput }),
  output: listOf(SessionObject).meta({ id: "SessionList" }),
  errors: [],
  tool: {
    title: "List conversations",
    description:
      "The caller's earlier conversations, newest first, with all assistants or with one (`bot`). Any of them can be " +
      "read with sessions_transcript and continued with sessions_respond.",
  },
  run: async ({ services, user }, { bot, ...paging }) => {
    const page = await services.sessions.list(user.uid, bot, paging);
    return showPage(page, (session) =>
      showListed(session, createSessionVault(user.dek, user.uid, session.id), services.now()),
    );
  },
});

export const messages = operation({
  name: "sessions.messages",
  route: "GET /sessions/{session}/messages",
  summary: "What was said, oldest first.",
  caller: "session",
  appKeys: "all",
  input: z.strictObject({ session }),
  output: listOf(MessageObject).meta({ id: "MessageList" }),
  errors: ["session_not_found", "session_damaged"],
  run: async (context) => {
    const { services } = context;
    const vault = vaultOf(context);
    const { session, turns } = await readVerified(context, vault);
    const data = turns.flatMap((turn) => showMessages(turn, vault, services.now(), session.epoch));
    return { object: "list" as const, data, has_more: false, next_cursor: null };
  },
});

/** A session and its turns of one moment, compared with what the context was made from. */
export async function readVerified({ services, session }: InSession, vault: SessionVault) {
  const all = await services.sessions.readAll(session);
  const current: Session = all.session ?? session;
  verifyTurns(vault, current, all.turns);
  return { session: current, turns: all.turns };
}
