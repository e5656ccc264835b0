import type { Prompts } from "../bots/store";
import { Failure } from "../errors";
import { findModel, outputLimit, samplingFor } from "../openai/catalogue";
import type { ChatMessage } from "../openai/stream";
import { estimateMessages } from "../openai/tokens";
import { dropOldest, type Entry, ROLLING_WINDOW } from "./context";
import { openContext } from "./opened";
import { without } from "./replace";
import type { Session } from "./store";
import type { Reserved, TurnCall } from "./turn";

/** What a request is made from, opened once a turn. */
export type Opened = { prompts: Prompts; entries: Entry[] };

export type Request = { messages: ChatMessage[]; sampling: Record<string, unknown>; userTexts: string[] };

/** The prompts, and the context without what this turn takes the place of. */
export function openTurn({ services, vault, replaced }: TurnCall, { session, turn }: Reserved): Opened {
  const { entries } = openContext(vault, session);
  return { prompts: services.sessions.openPrompts(session), entries: without(entries, replaced, turn.seq) };
}

/** The request's messages: the prompt, then what of the context fits the model's window, then the new message. */
export function prepare(call: TurnCall, session: Session, { prompts, entries }: Opened): Request {
  const { model, kind } = call;
  const info = findModel(model);
  const { initial, summary } = prompts;
  const { instructions = null, dials, further } = call.asked ?? {};
  const system = [initial, ...(instructions === null ? [] : [instructions])].map(
    (content): ChatMessage => ({ role: "system", content }),
  );
  const settings = { ...session.model_config, ...dials };
  const asked = kind === "recap" ? summary : call.message;
  const added: Entry[] = asked === null ? [] : [{ seq: session.next_seq, role: "user", content: asked }];
  const history = window(session, [...entries, ...added]);
  const limit = dials?.max_tokens ?? outputLimit(info, settings.max_tokens); // what a program sets, it means
  const room = Math.min(limit, Math.floor(info.contextWindow / 2));
  const budget = info.contextWindow - room - estimateMessages(system);
  const fitting = dropOldest(history, budget, (message) => estimateMessages([message]));
  if (estimateMessages(fitting) > budget) {
    throw new Failure("context_too_long", "This is too long for the model.", {
      param: call.message === null ? undefined : call.asked ? "input" : "message",
    });
  }
  const typed = entries.filter(({ role }) => role === "user").map(({ content }) => content);
  return {
    messages: [...system, ...fitting],
    sampling: { ...samplingFor(info, { ...settings, max_tokens: room }), ...further },
    userTexts: [...typed, call.message, instructions].filter((text) => text !== null),
  };
}

const window = ({ session_type }: Session, entries: Entry[]): ChatMessage[] =>
  (session_type === "brainstorming" ? entries.slice(-ROLLING_WINDOW) : entries).map(({ role, content }) => ({
    role,
    content,
  }));
