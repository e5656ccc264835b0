import { Failure } from "../errors";
import type { Services } from "../services";
import { requireModelChoice } from "../users/app-key-access";
import type { User } from "../users/authenticate";

/** Whether a key may use a model: by its stored list, else by asking the provider, whose list may have grown. */
export const mayUse = async (
  { upstream }: Services,
  user: User,
  model: string,
  signal: AbortSignal,
): Promise<boolean> => user.models.includes(model) || upstream.hasModel(user.apiKey, model, signal);

/** A model somebody asked for by name. @throws Failure model_not_available, not_allowed_for_app_key */
export async function chooseModel(
  services: Services,
  user: User,
  model: string,
  signal: AbortSignal,
): Promise<void> {
  requireModelChoice(user);
  if (await mayUse(services, user, model, signal)) return;
  throw new Failure("model_not_available", "model: is not available to your key", { param: "model" });
}

/** An assistant's own model, or the first recommended one where the key may not use it. */
export async function fallBack(
  services: Services,
  user: User,
  model: string,
  signal: AbortSignal,
): Promise<string> {
  if (await mayUse(services, user, model, signal)) return model;
  return user.models[0] ?? model;
}
