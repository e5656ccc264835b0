import { z } from "zod";
import { Failure, notFound } from "../errors";
import { operation } from "../operation";
import { listOf, type Page, type Paging, pagingInput, showPage } from "../paging";
import { idFrom } from "../protection/seal";
import type { Services } from "../services";
import { mayUseBot } from "../users/app-key-access";
import type { AppKey } from "../users/app-key-store";
import type { User } from "../users/authenticate";
import { type Bot, type BotContent, type BotVersion, SESSION_TYPES } from "./store";
import { warningsFor } from "./warnings";

/** Characters at most, as the interface shows them. */
export const LIMITS = {
  name: 30,
  tag_line: 25,
  description: 250,
  initial_prompt: 32_000,
  summary_prompt: 4_000,
  message: 32_000,
} as const;

export const modelName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9][\w.:@/-]*$/, "is not a model name");

/** A text of a user: trimmed, not empty, and well-formed Unicode (a halved emoji would not survive storage). */
export const text = (max: number) =>
  z
    .string()
    .overwrite((value) => value.toWellFormed())
    .trim()
    .min(1, "is required")
    .max(max);

const dials = {
  max_tokens: z.int().min(1).max(100_000),
  temperature: z.number().min(0).max(2),
  top_p: z.number().min(0).max(1),
  frequency_penalty: z.number().min(-2).max(2),
  presence_penalty: z.number().min(-2).max(2),
  second_check: z
    .boolean()
    .describe(
      "The model reads each reply once more, with the prompt, and tells whether it gives the prompt away in other " +
        "words. Nothing is shown before that; it is paid and counted with the reply.",
    ),
};

export const ModelConfigObject = z
  .strictObject({
    model: modelName,
    max_tokens: dials.max_tokens.default(250),
    temperature: dials.temperature.default(0.7),
    top_p: dials.top_p.default(1),
    frequency_penalty: dials.frequency_penalty.default(0),
    presence_penalty: dials.presence_penalty.default(0),
    second_check: dials.second_check.default(false),
  })
  .meta({ id: "ModelConfig" });

/** Some of the settings; what is left out stays as it is. */
export const modelConfigChange = z.strictObject({ model: modelName, ...dials }).partial();

export const botInput = z.strictObject({
  name: text(LIMITS.name),
  tag_line: text(LIMITS.tag_line),
  description: text(LIMITS.description),
  session_type: z.enum(SESSION_TYPES),
  initial_prompt: text(LIMITS.initial_prompt).describe("Who the assistant is. Let it introduce itself."),
  summary_prompt: text(LIMITS.summary_prompt).describe("Asked at the end; its answer is the recap."),
  model_config: ModelConfigObject,
});

export const BotObject = z
  .object({
    id: z.string(),
    object: z.literal("bot"),
    name: z.string(),
    tag_line: z.string(),
    description: z.string(),
    session_type: z.enum(SESSION_TYPES),
    showcased: z.boolean(),
    active: z.boolean(),
    version: z.int(),
    sessions_started: z.int(),
    sessions_ended: z.int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    mine: z.boolean(),
    initial_prompt: z.string().optional().describe("For its creator only."),
    summary_prompt: z.string().optional().describe("For its creator only."),
    model_config: ModelConfigObject.optional().describe("For its creator only."),
    warnings: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe("What its creator should know of a change just made; absent where there is nothing."),
  })
  .meta({ id: "Bot" });

const showCard = (bot: Bot, user: User | null): z.input<typeof BotObject> => ({
  id: bot.id,
  object: "bot",
  name: bot.name,
  tag_line: bot.tag_line,
  description: bot.description,
  session_type: bot.session_type,
  showcased: bot.showcased,
  active: bot.active,
  version: bot.version,
  sessions_started: bot.sessions_started,
  sessions_ended: bot.sessions_ended,
  created_at: bot.created_at.toDate().toISOString(),
  updated_at: bot.modified_at.toDate().toISOString(),
  mine: bot.creator === user?.uid,
});

/** The card with one version's prompts and settings, for its creator. */
export const showBot = (bot: Bot, version: BotVersion, user: User): z.input<typeof BotObject> => ({
  ...showCard({ ...bot, version: version.number }, user),
  initial_prompt: version.prompts.initial,
  summary_prompt: version.prompts.summary,
  model_config: version.modelConfig,
});

const CODE = /^([A-Za-z0-9]{20})(?:@([1-9][0-9]{0,5}))?$/;

/** An active assistant's card by code; its creator also finds one that was taken down, an app key only its own. @throws Failure bot_not_found */
async function findBot({ bots }: Services, code: string, user: User | null) {
  const [, id, version] = CODE.exec(code) ?? [];
  const bot = id ? await bots.read(id) : null;
  if (!bot || (!bot.active && bot.creator !== user?.uid) || !mayUseBot(user, bot)) throw notFound("bot");
  const number = version ? Number(version) : bot.version;
  if (number > bot.latest) throw notFound("bot");
  return { bot, number };
}

/** A version's prompts and settings. @throws Failure bot_incomplete, or bot_not_found where it was just deleted */
export async function openVersion({ bots }: Services, bot: Bot, number: number): Promise<BotVersion> {
  const version = await bots.readVersion(bot.id, number);
  if (version) return version;
  if (!(await bots.read(bot.id))) throw notFound("bot");
  throw new Failure("bot_incomplete", "This assistant has no prompt yet.");
}

/** One version of the caller's own assistant by code, taken down or not; anybody else's is not found. */
export async function findOwnVersion(services: Services, code: string, user: User) {
  const { bot, number } = await findBot(services, code, user);
  if (bot.creator !== user.uid) throw notFound("bot");
  return { bot, version: await openVersion(services, bot, number) };
}

/** The caller's own assistant by its id alone. */
export async function findOwn(services: Services, id: string, user: User): Promise<Bot> {
  const { bot } = await findBot(services, id, user);
  if (bot.creator !== user.uid || bot.id !== id) throw notFound("bot");
  return bot;
}

/** An assistant that can be talked to, with one version of its prompts (`id` or `id@version`). */
export async function findVersion(
  services: Services,
  code: string,
  user: User,
): Promise<{ bot: Bot; version: BotVersion }> {
  const { bot, number } = await findBot(services, code, user);
  if (!bot.active) throw notFound("bot");
  return { bot, version: await openVersion(services, bot, number) };
}

export const listBots = operation({
  name: "bots.list",
  route: "GET /bots",
  summary: "Cards of the showcased assistants, or of your own; with an app key those it may use.",
  caller: "anyone",
  appKeys: "secret",
  input: z.strictObject({ filter: z.enum(["showcased", "mine"]).default("showcased"), ...pagingInput }),
  output: listOf(BotObject).meta({ id: "BotList" }),
  errors: ["missing_key", "invalid_key"],
  tool: {
    title: "List assistants",
    description:
      "The assistants one can talk to: name, tag line, what each is good for, and the id (`bot`) that starts a " +
      "conversation with it. Showcased ones unless `filter` is `mine`, which lists those the caller made.",
  },
  run: async ({ services, user }, { filter, ...paging }) => {
    if (filter === "mine" && !user) throw new Failure("missing_key", "Your own assistants need your key.");
    const page = user?.appKey
      ? await listAllowed(services, user.appKey, paging)
      : user && filter === "mine"
        ? await services.bots.listByCreator(user.uid, paging)
        : await services.bots.listShowcased(paging);
    return showPage(page, (bot) => showCard(bot, user));
  },
});

/** The assistants of an app key: those it names, on one page, or else its creator's. */
export async function listAllowed({ bots }: Services, key: AppKey, paging: Paging): Promise<Page<Bot>> {
  if (key.bots.length === 0) return bots.listByCreator(key.creator, paging);
  const found = await Promise.all(key.bots.map(bots.read));
  return { data: found.flatMap((bot) => (bot?.active ? [bot] : [])), nextCursor: null };
}

export const getBot = operation({
  name: "bots.get",
  route: "GET /bots/{bot}",
  summary: "An assistant's card by its code; its creator also sees prompts and settings.",
  caller: "anyone",
  appKeys: "all",
  input: z.strictObject({ bot: z.string().describe("An assistant's id, or `id@version`.") }),
  output: BotObject,
  errors: ["bot_not_found", "bot_incomplete", "invalid_key"],
  tool: {
    title: "Look at an assistant",
    description:
      "One assistant's card by its id, which people share as a code or at the end of a link (…/a/<id>). Only its " +
      "creator also gets its prompts and settings.",
  },
  run: async ({ services, user }, input) => {
    const found = await findBot(services, input.bot, user);
    const { number } = found;
    const bot = await recount(services, found.bot);
    if (!user || bot.creator !== user.uid) return showCard({ ...bot, version: number }, user);
    return showBot(bot, await openVersion(services, bot, number), user);
  },
});

/** The card with fresh numbers; with the old ones where counting fails. */
const recount = ({ bots, log, now }: Services, bot: Bot): Promise<Bot> =>
  bots.recount(bot, now()).catch((error) => {
    log.afterReply("recount", error);
    return bot;
  });

export const createBot = operation({
  name: "bots.create",
  route: "POST /bots",
  summary: "Save a new assistant and return its card and code.",
  caller: "user",
  input: botInput,
  output: BotObject,
  errors: [],
  run: async ({ services, user }, input) => saveBot(services, user, input),
});

/** Stores a new assistant of a user, counts it, and shows it as it is stored. */
export async function saveBot(services: Services, user: User, input: z.output<typeof botInput>) {
  const { firestore, bots, users, now } = services;
  const { initial_prompt, summary_prompt, model_config: modelConfig, ...card } = input;
  const prompts = { initial: initial_prompt, summary: summary_prompt };
  const id = idFrom();
  const batch = firestore.batch();
  bots.create(batch, id, user.uid, { ...card, showcased: false, prompts, modelConfig }, now());
  users.touch(batch, user.uid, now(), "bots_created");
  await batch.commit();
  const { bot } = await findBot(services, id, user);
  return withWarnings(showBot(bot, { number: 1, prompts, modelConfig }, user), { prompts, modelConfig });
}

/** A saved assistant, with what its creator should know of it. */
export function withWarnings(bot: z.input<typeof BotObject>, content: BotContent) {
  const warnings = warningsFor(bot, content);
  return warnings.length > 0 ? { ...bot, warnings } : bot;
}
