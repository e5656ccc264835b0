import { findModel, outputLimit, samplingFor } from "../openai/catalogue";
import type { ChatMessage } from "../openai/stream";
import { type Beside, nothingBeside, startBeside } from "./beside";
import { toCondense } from "./condense";
import type { Opened } from "./request";
import { spentOn, type TurnSpent } from "./spent";
import type { Session } from "./store";
import type { TurnCall } from "./turn";

/** What replaces the oldest messages of the context, up to a turn. */
export type Summary = { upTo: number; text: string; spent: TurnSpent };

/** Once a reply is complete its summary may take this long; then the next turn tries again. */
const CONDENSE_GRACE_MS = 3_000;

/** Sums up the oldest messages of a long coaching session beside the reply; without a result the context stays. */
export function startCondensing(
  call: TurnCall,
  session: Session,
  { prompts, entries }: Opened,
): Beside<Summary> {
  const { services, user, model, kind } = call;
  const old =
    kind === "reply" && session.session_type === "coaching" ? toCondense(entries, findModel(model)) : [];
  const upTo = old.at(-1)?.seq;
  if (upTo === undefined) return nothingBeside();
  const messages: ChatMessage[] = [
    { role: "system", content: prompts.initial },
    ...old.map(({ role, content }) => ({ role, content })),
    { role: "user", content: prompts.summary },
  ];
  const info = findModel(model);
  const max_tokens = outputLimit(info, session.model_config.max_tokens);
  const sampling = samplingFor(info, { ...session.model_config, max_tokens });
  return startBeside(call, { what: "condense", graceMs: CONDENSE_GRACE_MS }, async (signal) => {
    const request = { apiKey: user.apiKey, model, messages, sampling, signal, onDelta: () => undefined };
    const { text, usage } = await services.upstream.chat(request);
    return { upTo, text: text.toWellFormed(), spent: spentOn(model, messages, text, usage) };
  });
}
