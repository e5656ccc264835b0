import { z } from "zod";
import { operation } from "../operation";
import type { Services } from "../services";
import type { User } from "../users/authenticate";
import { BotObject, botInput, findOwnVersion, saveBot } from "./operations";

const bot = z.string().describe("The id of an assistant of yours, or `id@version`.");

/** One assistant as `bots.create` takes it: the same fields and nothing else. */
export async function copyOf(
  services: Services,
  code: string,
  user: User,
): Promise<z.output<typeof botInput>> {
  const { bot, version } = await findOwnVersion(services, code, user);
  return {
    name: bot.name,
    tag_line: bot.tag_line,
    description: bot.description,
    session_type: bot.session_type,
    initial_prompt: version.prompts.initial,
    summary_prompt: version.prompts.summary,
    model_config: version.modelConfig,
  };
}

export const exportBot = operation({
  name: "bots.export",
  route: "GET /bots/{bot}/export",
  summary: "An assistant of yours as JSON that `bots.create` takes as it is.",
  caller: "user",
  input: z.strictObject({ bot }),
  output: z.strictObject(botInput.shape).meta({ id: "BotExport" }),
  errors: ["bot_not_found", "bot_incomplete"],
  run: ({ services, user }, input) => copyOf(services, input.bot, user),
});

export const duplicateBot = operation({
  name: "bots.duplicate",
  route: "POST /bots/{bot}/duplicate",
  summary: "Save a copy of an assistant of yours as a new one, under another name if you give one.",
  caller: "user",
  input: z.strictObject({ bot, name: botInput.shape.name.optional() }),
  output: BotObject,
  errors: ["bot_not_found", "bot_incomplete"],
  run: async ({ services, user }, input) => {
    const copy = await copyOf(services, input.bot, user);
    return saveBot(services, user, { ...copy, name: input.name ?? copy.name });
  },
});
