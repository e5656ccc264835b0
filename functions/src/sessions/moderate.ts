import { Failure } from "../errors";
import type { Moderation } from "../openai/moderation";
import { type Beside, nothingBeside, startBeside } from "./beside";
import type { TurnCall } from "./turn";

/** Once a reply is complete its message's moderation may take this long; then it reads as not checked. */
const MODERATION_GRACE_MS = 2_000;

type Said = Pick<TurnCall, "services" | "user" | "message" | "signal">;

/** Has the user's message looked at by the provider's moderation, beside the reply. */
export function startModeration(call: Said): Beside<Moderation | null> {
  const { services, user, message } = call;
  if (message === null || services.config.moderation === "off") return nothingBeside();
  return startBeside(call, { what: "moderation", graceMs: MODERATION_GRACE_MS }, (signal) =>
    services.upstream.moderate({ apiKey: user.apiKey, text: message, signal }),
  );
}

/**
 * Where the operator lets flagged messages be refused, the model waits for the verdict. Without one (the provider
 * has no moderation, or it failed) the message is answered.
 * @throws Failure message_flagged
 */
export async function refuseFlagged(
  { services, asked }: Pick<TurnCall, "services" | "asked">,
  check: Beside<Moderation | null>,
  param = asked ? "input" : "message",
): Promise<void> {
  if (services.config.moderation !== "block") return;
  const verdict = await check.result;
  if (!verdict?.flagged) return;
  const why = verdict.categories.join(", ");
  throw new Failure("message_flagged", `This message was flagged (${why}) and is not answered here.`, {
    param,
  });
}

/**
 * The same for a reply that nobody keeps. Where flagged messages are answered nothing is asked: such a reply has no
 * place to tell of it. @throws Failure message_flagged
 */
export async function refuseFlaggedAlone(call: Said): Promise<void> {
  if (call.services.config.moderation === "block")
    await refuseFlagged({ services: call.services }, startModeration(call), "messages");
}
