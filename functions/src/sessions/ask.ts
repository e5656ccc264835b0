import type { Prompts } from "../bots/store";
import type { Completion } from "../openai/stream";
import type { Answer } from "./commit";
import { APOLOGY } from "./guard";
import { listenerOf } from "./owner";
import type { Request } from "./request";
import { leaksInSubstance } from "./second-check";
import { addSpent, spentOn, type TurnSpent } from "./spent";
import type { Session } from "./store";
import type { TurnCall } from "./turn";

/** A reply before it counts: as the leak guard and, where it is to, the second check leave it. */
export type Draft = Omit<Answer, "struck">;

/** Asks the model, and lets out what the leak guard lets out. A blocked reply ends the call and is replaced. */
export async function ask(
  call: TurnCall,
  session: Session,
  prompts: Prompts,
  { messages, sampling, userTexts }: Request,
  say: (text: string) => void,
): Promise<Draft> {
  const { services, user, model } = call;
  const { apiKey } = user;
  const { bot, bot_version: version } = session;
  const stopped = new AbortController();
  const gate = services.guards.gate(
    {
      version: bot === null ? session.id : `${bot}@${version}`,
      prompts,
      publicTexts: [session.bot_name, session.bot_tag_line, session.bot_description],
      userTexts,
    },
    {
      caller: { uid: user.uid, lookup: user.lookup, listener: listenerOf(user, session.id) },
      assistant: bot === null ? null : { bot, version },
      now: services.now(),
      say,
      stop: () => stopped.abort(),
    },
  );
  let received = "";
  const onDelta = (delta: string) => {
    received += delta;
    gate.pass(gate.guard.push(delta));
  };
  const signal = AbortSignal.any([call.signal, stopped.signal]);
  const completion = await services.upstream
    .chat({ apiKey, model, messages, sampling, signal, onDelta })
    .catch(async (error): Promise<Completion> => {
      await gate.settled();
      if (!gate.blocked) throw error;
      return { text: received, finishReason: "content_filter", usage: null };
    });
  gate.pass(gate.guard.end());
  await gate.settled();
  const spent = spentOn(model, messages, received, completion.usage);
  if (gate.blocked) return holdBack(spent);
  const { text, finishReason } = completion;
  return { reply: text.toWellFormed(), blocked: false, finishReason, spent };
}

/** A held-back reply looks the same whatever its cause, and whether or not the provider could still count it. */
const holdBack = (spent: TurnSpent): Draft => ({
  reply: APOLOGY,
  blocked: true,
  finishReason: "content_filter",
  spent: { ...spent, estimated: true },
});

/** An opening is not checked again: nobody has said anything yet that could draw the prompt out. */
export const waitsForCheck = ({ kind, session }: TurnCall): boolean =>
  kind !== "opening" && session.model_config.second_check;

/** Lets the model judge a reply that has passed the leak guard. @throws Failure where it could not be asked */
export async function checkAgain(
  call: TurnCall,
  deadline: AbortSignal,
  prompts: Prompts,
  draft: Draft,
): Promise<Draft> {
  if (draft.blocked) return draft;
  const { bot_name, bot_tag_line, bot_description } = call.session;
  const signal = AbortSignal.any([call.signal, deadline]);
  const card = [bot_name, bot_tag_line, bot_description];
  const check = await leaksInSubstance({ ...call, signal }, { prompts, card, reply: draft.reply });
  const spent = addSpent(draft.spent, check.spent);
  return check.leaks ? holdBack(spent) : { ...draft, spent };
}

/** Counts a held-back reply against its caller; an opening is the assistant's own doing, not theirs. */
export async function strike(
  { services, user, session, kind }: TurnCall,
  { blocked }: Draft,
): Promise<boolean> {
  if (!blocked || session.bot === null || kind === "opening") return false;
  return user.appKey !== null || services.guards.strike(user, session.bot, services.now());
}
