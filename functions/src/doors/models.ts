import { z } from "zod";
import { listAllowed, modelName } from "../bots/operations";
import type { Bot } from "../bots/store";
import { FAILURES, toFailure } from "../errors";
import { acceptedParameters, findModel } from "../openai/catalogue";
import { nanoToUsd } from "../openai/pricing";
import { operation } from "../operation";
import type { Services } from "../services";
import { findAssistant, isAssistant, unknownModel } from "../sessions/chat-target";
import { mayUse } from "../sessions/model-choice";
import { mayUsePlainModels } from "../users/app-key-access";
import { signIn, type User } from "../users/authenticate";

const ModelObject = z
  .object({
    id: z.string(),
    object: z.literal("model"),
    created: z.int().describe("Always 0: not known."),
    owned_by: z.string(),
    context_window: z.int().describe("In tokens."),
    max_output_tokens: z.int(),
    known: z.boolean().describe("False where window and limit are a cautious guess."),
    reasoning: z.boolean(),
    accepted_parameters: z.array(z.string()),
    prices: z
      .object({ input: z.number(), cached_input: z.number(), output: z.number() })
      .nullable()
      .describe("US dollars per million tokens; null where not known."),
  })
  .meta({ id: "Model" });

function showModel(id: string): z.input<typeof ModelObject> {
  const info = findModel(id);
  const { price } = info;
  return {
    id,
    object: "model",
    created: 0,
    owned_by: "provider",
    context_window: info.contextWindow,
    max_output_tokens: info.maxOutputTokens,
    known: info.known,
    reasoning: info.reasoning,
    accepted_parameters: acceptedParameters(info),
    prices: price && {
      input: nanoToUsd(price.inputNanoPerMillion),
      cached_input: nanoToUsd(price.cachedInputNanoPerMillion),
      output: nanoToUsd(price.outputNanoPerMillion),
    },
  };
}

const AssistantModelObject = z
  .object({
    id: z.string().describe("The assistant's code; `@version` may follow it."),
    object: z.literal("model"),
    created: z.int(),
    owned_by: z.literal("assistant"),
    name: z.string(),
    tag_line: z.string(),
    description: z.string(),
    version: z.int().describe("The one that answers."),
    mine: z.boolean(),
  })
  .meta({ id: "AssistantModel" });

const showAssistant = (bot: Bot, user: User): z.input<typeof AssistantModelObject> => ({
  id: bot.id,
  object: "model",
  created: Math.floor(bot.created_at.toMillis() / 1000),
  owned_by: "assistant",
  name: bot.name,
  tag_line: bot.tag_line,
  description: bot.description,
  version: bot.version,
  mine: bot.creator === user.uid,
});

/** More of a kind than these are found by their code. */
const MOST_LISTED = 100;

/** The caller's own assistants, then the showcased ones, each once; with an app key those that it may list. */
async function listAssistants(services: Services, user: User): Promise<Bot[]> {
  const { bots } = services;
  const page = { limit: MOST_LISTED };
  if (user.appKey)
    return user.appKey.kind === "secret" ? (await listAllowed(services, user.appKey, page)).data : [];
  const [mine, showcased] = await Promise.all([bots.listByCreator(user.uid, page), bots.listShowcased(page)]);
  return [...new Map([...mine.data, ...showcased.data].map((bot) => [bot.id, bot])).values()];
}

/** Asked of the provider each time; one that is busy or away is no reason to forget what it said last. */
async function listPlain(services: Services, user: User, signal: AbortSignal): Promise<string[]> {
  const { models } = await signIn(services, user, signal).catch((error) => {
    if (!FAILURES[toFailure(error).code].retry) throw error;
    return user;
  });
  return models;
}

export const listModels = operation({
  name: "models.list",
  route: "GET /models",
  summary: "What may stand as `model`: the chat models of your key, recommended ones first, then assistants.",
  caller: "user",
  appKeys: "all",
  input: z.strictObject({}),
  output: z
    .object({ object: z.literal("list"), data: z.array(z.union([ModelObject, AssistantModelObject])) })
    .meta({ id: "ModelList" }),
  errors: [],
  run: async ({ services, user, signal }) => {
    const [models, assistants] = await Promise.all([
      listPlain(services, user, signal),
      listAssistants(services, user),
    ]);
    const plain = mayUsePlainModels(user) ? models.map(showModel) : [];
    const data = [...plain, ...assistants.map((bot) => showAssistant(bot, user))];
    return { object: "list" as const, data };
  },
});

export const getModel = operation({
  name: "models.get",
  route: "GET /models/{model}",
  summary: "One model: window, limits, prices, what it accepts; or an assistant by its code.",
  caller: "user",
  appKeys: "all",
  input: z.strictObject({ model: modelName }),
  output: z.union([ModelObject, AssistantModelObject]).meta({ id: "AnyModel" }),
  errors: ["model_not_found", "bot_incomplete"],
  run: async ({ services, user, signal }, { model }) => {
    if (isAssistant(model)) {
      const { bot, version } = await findAssistant(services, model, user);
      return { ...showAssistant(bot, user), id: model, version: version.number };
    }
    if (mayUsePlainModels(user) && (await mayUse(services, user, model, signal))) return showModel(model);
    throw unknownModel();
  },
});
