import { z } from "zod";
import { notFound } from "../errors";
import { operation } from "../operation";
import { listOf, pagingInput } from "../paging";
import { changeOwn, ownBot } from "./change";
import { BotObject, findOwn, ModelConfigObject, openVersion, showBot } from "./operations";

const VersionObject = z
  .object({
    object: z.literal("bot_version"),
    version: z.int(),
    current: z.boolean().describe("Whether this is the version that answers."),
    created_at: z.iso.datetime(),
    sessions_started: z.int(),
    sessions_ended: z.int(),
    initial_prompt: z.string(),
    summary_prompt: z.string(),
    model_config: ModelConfigObject,
  })
  .meta({ id: "BotVersion" });

/** Versions are numbered without a gap, so the next page's first number is all a cursor has to say. */
const cursor = z
  .string()
  .regex(/^[1-9][0-9]{0,5}$/, "is not one of ours")
  .transform(Number)
  .optional()
  .describe("`next_cursor` of the page before.");

export const listVersions = operation({
  name: "bots.list_versions",
  route: "GET /bots/{bot}/versions",
  summary: "All versions of an assistant of yours, newest first, with how often each was started and ended.",
  caller: "user",
  input: z.strictObject({ bot: ownBot, ...pagingInput, cursor }),
  output: listOf(VersionObject).meta({ id: "BotVersionList" }),
  errors: ["bot_not_found"],
  run: async ({ services, user }, { bot: id, limit, cursor }) => {
    const bot = await findOwn(services, id, user);
    const from = Math.min(cursor ?? bot.latest, bot.latest);
    const [versions, counts] = await Promise.all([
      services.bots.readVersions(bot.id, from, limit),
      services.bots.readCounts(bot.id),
    ]);
    const data = versions.map(({ number, createdAt, prompts, modelConfig }) => ({
      object: "bot_version" as const,
      version: number,
      current: number === bot.version,
      created_at: createdAt.toISOString(),
      sessions_started: counts.ofVersion(number).started,
      sessions_ended: counts.ofVersion(number).ended,
      initial_prompt: prompts.initial,
      summary_prompt: prompts.summary,
      model_config: modelConfig,
    }));
    const next = from - limit;
    return {
      object: "list" as const,
      data,
      has_more: next > 0,
      next_cursor: next > 0 ? String(next) : null,
    };
  },
});

/**
 * Restoring moves the pointer and adds no version: the same prompt keeps one number, so its starts and ends stay in
 * one row and remain comparable with the others'. The next change takes the next free number.
 */
export const restoreVersion = operation({
  name: "bots.restore",
  route: "POST /bots/{bot}/versions/{version}/restore",
  summary: "Let an earlier version answer again, under its own number.",
  caller: "user",
  input: z.strictObject({ bot: ownBot, version: z.coerce.number().int().min(1).max(999_999) }),
  output: BotObject,
  errors: ["bot_not_found", "bot_incomplete", "bot_busy"],
  run: (context, { bot: id, version: number }) => {
    const { services, user } = context;
    return changeOwn(context, id, async (batch, bot) => {
      if (number > bot.latest) throw notFound("bot");
      const version = await openVersion(services, bot, number);
      if (number === bot.version) return showBot(bot, version, user);
      return showBot(services.bots.change(batch, bot, { version: number }, services.now()), version, user);
    });
  },
});
