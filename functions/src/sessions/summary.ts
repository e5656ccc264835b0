import { findModel, samplingFor } from "../openai/catalogue";
import type { ChatMessage } from "../openai/stream";
import { toCondense } from "./condense";
import { spentOn, type TurnSpent } from "./spent";
import type { Session } from "./store";
import type { Opened, TurnCall } from "./turn";

/** What replaces the oldest messages of the context, up to a turn. */
export type Summary = { upTo: number; text: string; spent: TurnSpent };

/** Once a reply is complete its summary may take this long; then the next turn tries again. */
const CONDENSE_GRACE_MS = 3_000;

/**
 * Sums up the oldest messages of a long coaching session beside the reply, so that no reply waits for it and the
 * key is at hand. Without a result the context stays as it is.
 */
export function startCondensing(
  call: TurnCall,
  session: Session,
  { prompts, entries }: Opened,
): { hurry: () => void; result: Promise<Summary | null> } {
  const { services, user, model, kind } = call;
  const old =
    kind === "reply" && session.session_type === "coaching" ? toCondense(entries, findModel(model)) : [];
  const upTo = old.at(-1)?.seq;
  if (upTo === undefined) return { hurry: () => undefined, result: Promise.resolve(null) };
  const late = new AbortController();
  const signal = AbortSignal.any([call.signal, late.signal]);
  const messages: ChatMessage[] = [
    { role: "system", content: prompts.initial },
    ...old.map(({ role, content }) => ({ role, content })),
    { role: "user", content: prompts.summary },
  ];
  const sampling = samplingFor(findModel(model), session.model_config);
  const result = services.upstream
    .chat({ apiKey: user.apiKey, model, messages, sampling, signal, onDelta: () => undefined })
    .then(
      ({ text, usage }): Summary => ({
        upTo,
        text: text.toWellFormed(),
        spent: spentOn(model, messages, text, usage),
      }),
    )
    .catch((error) => {
      if (!late.signal.aborted) services.log.afterReply("condense", error);
      return null;
    });
  let timer: NodeJS.Timeout;
  result.finally(() => clearTimeout(timer));
  const hurry = () => {
    timer = setTimeout(() => late.abort(), CONDENSE_GRACE_MS);
  };
  return { hurry, result };
}
