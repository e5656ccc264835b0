import { z } from "zod";
import { modelName } from "../bots/operations";
import { FAILURES, Failure, toFailure } from "../errors";
import { acceptedParameters, findModel } from "../openai/catalogue";
import { nanoToUsd } from "../openai/pricing";
import { operation } from "../operation";
import { mayUsePlainModels } from "../users/app-key-access";
import { signIn } from "../users/authenticate";

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

export const listModels = operation({
  name: "models.list",
  route: "GET /models",
  summary: "The chat models your key may use, recommended ones first; asked of the provider each time.",
  caller: "user",
  appKeys: "all",
  input: z.strictObject({}),
  output: z.object({ object: z.literal("list"), data: z.array(ModelObject) }).meta({ id: "ModelList" }),
  errors: [],
  run: async ({ services, user, signal }) => {
    // A provider that is busy or away is no reason to forget what it said last.
    const { models } = await signIn(services, user, signal).catch((error) => {
      if (!FAILURES[toFailure(error).code].retry) throw error;
      return user;
    });
    return { object: "list" as const, data: mayUsePlainModels(user) ? models.map(showModel) : [] };
  },
});

export const getModel = operation({
  name: "models.get",
  route: "GET /models/{model}",
  summary: "One model: window, limits, prices, what it accepts.",
  caller: "user",
  appKeys: "all",
  input: z.strictObject({ model: modelName }),
  output: ModelObject,
  errors: ["model_not_found"],
  run: async ({ services, user, signal }, { model }) => {
    const { models, apiKey } = user;
    const known = () => models.includes(model) || services.upstream.hasModel(apiKey, model, signal);
    if (mayUsePlainModels(user) && (await known())) return showModel(model);
    throw new Failure("model_not_found", "This model does not exist or is not available to your key.", {
      param: "model",
    });
  },
});
