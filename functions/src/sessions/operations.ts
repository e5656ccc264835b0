import { z } from "zod";
import { botInput, findVersion, modelName } from "../bots/operations";
import { Failure } from "../errors";
import { type Context, operation } from "../operation";
import { listOf, pagingInput, showPage } from "../paging";
import { createSessionVault } from "../protection/vault";
import { requirePlainModels } from "../users/app-key-access";
import { createSession, type Source } from "./create";
import { readVerified, session, TURN_FAILURES, vaultOf } from "./in-session";
import {
  MessageObject,
  Reply,
  SessionObject,
  showListed,
  showMessages,
  showReply,
  showSession,
} from "./shapes";

/** What bots.create takes, the card's fields optional. */
const labConfig = botInput.partial({ name: true, tag_line: true, description: true });
type LabConfig = z.output<typeof labConfig>;

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
  errors: ["bot_incomplete", ...TURN_FAILURES],
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
