import { findVersion } from "../bots/operations";
import type { Bot, BotVersion } from "../bots/store";
import { Failure, toFailure } from "../errors";
import type { Services } from "../services";
import { requirePlainModels } from "../users/app-key-access";
import type { User } from "../users/authenticate";
import { fallBack, mayUse } from "./model-choice";

/** Who answers: a provider's model, and the assistant it speaks for; null for a plain model. */
export type Target = { model: string; assistant: { bot: Bot; version: BotVersion } | null };

const ASSISTANT = /^[A-Za-z0-9]{20}(@\d{1,6})?$/;

/** Whether a `model` is an assistant's code; no provider names its models so. */
export const isAssistant = (model: string): boolean => ASSISTANT.test(model);

/** The same answer for a model and for an assistant, never was, taken down or not yours. */
export const unknownModel = () =>
  new Failure("model_not_found", "This model does not exist or is not available to your key.", {
    param: "model",
  });

/** An assistant by its code. @throws Failure model_not_found */
export const findAssistant = (services: Services, code: string, user: User) =>
  findVersion(services, code, user).catch((error) => {
    throw toFailure(error).code === "bot_not_found" ? unknownModel() : error;
  });

/** Resolves the `model` of a request. @throws Failure model_not_found, not_allowed_for_app_key */
export async function findTarget(
  services: Services,
  user: User,
  model: string,
  signal: AbortSignal,
): Promise<Target> {
  if (isAssistant(model)) {
    const assistant = await findAssistant(services, model, user);
    return { assistant, model: await fallBack(services, user, assistant.version.modelConfig.model, signal) };
  }
  requirePlainModels(user);
  if (await mayUse(services, user, model, signal)) return { assistant: null, model };
  throw unknownModel();
}
