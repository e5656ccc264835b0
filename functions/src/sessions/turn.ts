import type { WriteBatch } from "firebase-admin/firestore";
import { Failure, toFailure } from "../errors";
import { findModel, samplingFor } from "../openai/catalogue";
import { costNano } from "../openai/pricing";
import type { ChatMessage, Completion, TokenCounts } from "../openai/stream";
import { estimateMessages, estimateTokens } from "../openai/tokens";
import type { SessionVault } from "../protection/vault";
import type { Services } from "../services";
import type { User } from "../users/authenticate";
import { isConflict, type Spent } from "../users/store";
import { commit, interrupt } from "./commit";
import { dropOldest, type Entry, ROLLING_WINDOW } from "./context";
import { openContext, openReply } from "./opened";
import { reserve } from "./reserve";
import type { Session, Turn, TurnDocument } from "./store";

/** One exchange with the model: an opening, a reply, or the recap at the end. */
export type TurnCall = {
  services: Services;
  user: User;
  vault: SessionVault;
  session: Session;
  kind: TurnDocument["kind"];
  turnId: string;
  /** The user's message; null for an opening and a recap. */
  message: string | null;
  /** What must be the same when the turn's id comes again. */
  bodyHmac: Buffer;
  model: string;
  signal: AbortSignal;
  onDelta?: ((text: string) => void) | undefined;
  /** For an opening: writes that create the session in the reserving batch. */
  create?: (batch: WriteBatch) => void;
  /** Further writes of the committing batch (counters). */
  settle?: (batch: WriteBatch) => void;
};

/** A turn that is this attempt's own to run. */
export type Reserved = { session: Session; turn: Turn };

/** A finished turn with its session as it stands after it. */
export type FinishedTurn = { session: Session; turn: Turn; reply: string };

/**
 * Runs one turn: reserve (its place and a lease), the model, commit. Every step can be cut off: what is then
 * stored reads as `interrupted` once the lease is over, and the same turn id takes it over.
 * A turn that is already complete is answered from the store, without a model call.
 */
export async function runTurn(call: TurnCall): Promise<FinishedTurn> {
  const { upstream } = call.services;
  const outcome = await reserve(call);
  if ("stored" in outcome) return replay(call, outcome.stored, outcome.session);
  let text = "";
  const onDelta = (delta: string) => {
    text += delta;
    call.onDelta?.(delta);
  };
  let messages: ChatMessage[] = [];
  try {
    const prepared = prepare(call, outcome.session);
    messages = prepared.messages;
    const { sampling } = prepared;
    const { apiKey } = call.user;
    const { model, signal } = call;
    const completion = await upstream.chat({ apiKey, model, messages, sampling, signal, onDelta });
    return await commit(call, outcome, completion.text, spentOn(call.model, messages, completion));
  } catch (error) {
    const spent = text ? [spentOn(call.model, messages, { text, finishReason: "", usage: null })] : [];
    await interrupt(call, outcome, text, spent[0] ?? null, toFailure(error).code).catch((problem) => {
      if (!isConflict(problem)) call.services.log.afterReply("interrupt", problem);
    });
    throw error;
  }
}

/** The request's messages: the prompt, then what of the context fits the model's window, then the new message. */
function prepare(call: TurnCall, session: Session) {
  const { services, model, kind } = call;
  const info = findModel(model);
  const sampling = samplingFor(info, session.model_config);
  const { initial, summary } = services.sessions.openPrompts(session) as { initial: string; summary: string };
  const system: ChatMessage = { role: "system", content: initial };
  const { entries } = openContext(call.vault, session);
  const asked = kind === "recap" ? summary : call.message;
  const history: ChatMessage[] = window(session, [
    ...entries,
    ...(asked === null ? [] : [{ seq: session.next_seq, role: "user" as const, content: asked }]),
  ]);
  const reply = Math.min(session.model_config.max_tokens, info.contextWindow / 2);
  const budget = info.contextWindow - reply - estimateMessages([system]);
  const fitting = dropOldest(history, budget, (message) => estimateMessages([message]));
  if (estimateMessages(fitting) > budget) {
    throw new Failure("context_too_long", "This message is too long for the model.", { param: "message" });
  }
  return { messages: [system, ...fitting], sampling };
}

const window = ({ session_type }: Session, entries: Entry[]): ChatMessage[] =>
  (session_type === "brainstorming" ? entries.slice(-ROLLING_WINDOW) : entries).map(({ role, content }) => ({
    role,
    content,
  }));

export type TurnSpent = Spent & { estimated: boolean };

/** Tokens and cost of a completion; estimated and marked so where the provider did not say. */
function spentOn(model: string, messages: ChatMessage[], { text, usage }: Completion): TurnSpent {
  const counts: TokenCounts = usage ?? {
    inputTokens: estimateMessages(messages),
    cachedTokens: 0,
    outputTokens: estimateTokens(text),
  };
  return { model, ...counts, costNano: costNano(counts, findModel(model)), estimated: usage === null };
}

function replay(call: TurnCall, turn: Turn, session: Session): FinishedTurn {
  const reply = openReply(call.vault, turn);
  call.onDelta?.(reply);
  return { session, turn, reply };
}
