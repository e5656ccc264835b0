import type { WriteBatch } from "firebase-admin/firestore";
import type { Prompts } from "../bots/store";
import { Failure, notFound } from "../errors";
import { findModel, outputLimit, samplingFor } from "../openai/catalogue";
import type { Moderation } from "../openai/moderation";
import type { ChatMessage, Completion } from "../openai/stream";
import { estimateMessages } from "../openai/tokens";
import type { SessionVault } from "../protection/vault";
import type { Services } from "../services";
import type { User } from "../users/authenticate";
import { isConflict } from "../users/store";
import { type Beside, nothingBeside } from "./beside";
import { type Answer, commit, interrupt } from "./commit";
import { dropOldest, type Entry, ROLLING_WINDOW } from "./context";
import { APOLOGY } from "./guard";
import { refuseFlagged, startModeration } from "./moderate";
import { openContext, openReply } from "./opened";
import { listenerOf } from "./owner";
import { type Replaced, without } from "./replace";
import { reserve } from "./reserve";
import { leaksInSubstance } from "./second-check";
import { addSpent, spentOn } from "./spent";
import type { Session, Turn, TurnDocument } from "./store";
import { refuseStruck } from "./strikes";
import { type Summary, startCondensing } from "./summary";

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
  /** What a program set for this turn alone. */
  asked?: Asked | undefined;
  /** What this turn takes the place of. */
  replaced?: Replaced | undefined;
  /** Whether the model answers from now on too. */
  switchesModel?: boolean;
  signal: AbortSignal;
  onDelta?: ((text: string) => void) | undefined;
  /** For an opening: writes that create the session in the reserving batch. */
  create?: (batch: WriteBatch) => void;
  /** Further writes of the committing batch (counters), given the session as it is then. */
  settle?: (batch: WriteBatch, session: Session) => void;
};

/** Beside its words: instructions that follow the prompt, settings that stand above the assistant's own. */
export type Asked = {
  instructions: string | null;
  dials: Partial<Session["model_config"]>;
  /** Further parameters, by the names the provider knows. */
  further: Record<string, unknown>;
  /** Kept with the turn, to be shown again. */
  echo: object;
};

/** A turn that is this attempt's own to run. */
export type Reserved = { session: Session; turn: Turn };

/** A finished turn with its session as it stands after it. */
export type FinishedTurn = { session: Session; turn: Turn; reply: string };

/** What a request is made from, opened once a turn. */
export type Opened = { prompts: Prompts; entries: Entry[] };

/** A reply before it counts: as the leak guard and, where it is to, the second check leave it. */
type Draft = Omit<Answer, "struck">;

type Request = { messages: ChatMessage[]; sampling: Record<string, unknown>; userTexts: string[] };

/**
 * Runs one turn: reserve (its place and a lease), the model, commit. Every step can be cut off: what is then
 * stored reads as `interrupted` once the lease is over, and the same turn id takes it over.
 * A turn that is already complete is answered from the store, without a model call.
 */
export async function runTurn(call: TurnCall): Promise<FinishedTurn> {
  // An imported conversation whose assistant is not there: it can be read only.
  if (call.session.prompts.length === 0) throw notFound("bot");
  refuseStruck(call.user, call.session, call.services.now());
  const outcome = await reserve(call);
  if ("stored" in outcome) return replay(call, outcome.stored, outcome.session);
  const held = waitsForCheck(call);
  const deadline = AbortSignal.timeout(call.services.upstream.deadlines.turnMs);
  let heard = "";
  let draft: Draft | null = null;
  let answer: Answer | null = null;
  let request: Request | null = null;
  let moderation: Beside<Moderation | null> = nothingBeside();
  let summary: Beside<Summary> = nothingBeside();
  try {
    const { entries } = openContext(call.vault, outcome.session);
    const opened: Opened = {
      prompts: call.services.sessions.openPrompts(outcome.session),
      entries: without(entries, call.replaced, outcome.turn.seq),
    };
    request = prepare(call, outcome.session, opened);
    moderation = startModeration(call);
    await refuseFlagged(call, moderation);
    // The reply asks first: where an app key's budget does not cover both, it is the summary that has to wait.
    const asked = ask(call, outcome.session, opened.prompts, request, (text) => {
      heard += text;
      if (!held) call.onDelta?.(text);
    });
    summary = startCondensing(call, outcome.session, opened);
    draft = await asked.finally(() => {
      summary.hurry();
      moderation.hurry();
    });
    if (held) draft = await checkAgain(call, deadline, opened.prompts, draft);
    answer = { ...draft, struck: await strike(call, draft) };
    if (held && !answer.blocked) call.onDelta?.(answer.reply);
    const beside = { summary: await summary.result, moderation: await moderation.result };
    return await commit(call, outcome, { ...answer, ...beside });
  } catch (error) {
    const spent =
      draft?.spent ?? (heard && request ? spentOn(call.model, request.messages, heard, null) : null);
    const kept = {
      partial: answer?.reply ?? (held ? "" : heard),
      spent,
      moderation: moderation.soFar(),
      summary: summary.soFar(),
    };
    await interrupt(call, outcome, kept).catch((problem) => {
      if (!isConflict(problem)) call.services.log.afterReply("interrupt", problem);
    });
    throw error;
  }
}

/** Asks the model, and lets out what the leak guard lets out. A blocked reply ends the call and is replaced. */
async function ask(
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
  if (gate.blocked) return { ...HELD_BACK, spent };
  const { text, finishReason } = completion;
  return { reply: text.toWellFormed(), blocked: false, finishReason, spent };
}

const HELD_BACK = { reply: APOLOGY, blocked: true, finishReason: "content_filter" };

/** An opening is not checked again: nobody has said anything yet that could draw the prompt out. */
const waitsForCheck = ({ kind, session }: TurnCall): boolean =>
  kind !== "opening" && session.model_config.second_check;

/** Lets the model judge a reply that has passed the leak guard. @throws Failure where it could not be asked */
async function checkAgain(
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
  return { ...draft, ...(check.leaks ? HELD_BACK : {}), spent: addSpent(draft.spent, check.spent) };
}

/** Counts a held-back reply against its caller; an opening is the assistant's own doing, not theirs. */
async function strike({ services, user, session, kind }: TurnCall, { blocked }: Draft): Promise<boolean> {
  if (!blocked || session.bot === null || kind === "opening") return false;
  return user.appKey !== null || services.guards.strike(user, session.bot, services.now());
}

/** The request's messages: the prompt, then what of the context fits the model's window, then the new message. */
function prepare(call: TurnCall, session: Session, { prompts, entries }: Opened): Request {
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
  const room = Math.min(limit, info.contextWindow / 2);
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

function replay(call: TurnCall, turn: Turn, session: Session): FinishedTurn {
  const reply = openReply(call.vault, turn);
  call.onDelta?.(reply);
  return { session, turn, reply };
}
