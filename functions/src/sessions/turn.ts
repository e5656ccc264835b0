import type { WriteBatch } from "firebase-admin/firestore";
import { notFound } from "../errors";
import type { Moderation } from "../openai/moderation";
import type { SessionVault } from "../protection/vault";
import type { Services } from "../services";
import type { User } from "../users/authenticate";
import { isConflict } from "../users/store";
import { ask, checkAgain, type Draft, strike, waitsForCheck } from "./ask";
import { type Beside, nothingBeside } from "./beside";
import { commit, interrupt } from "./commit";
import { refuseFlagged, startModeration } from "./moderate";
import { openReply } from "./opened";
import type { Replaced } from "./replace";
import { openTurn, prepare, type Request } from "./request";
import { reserve } from "./reserve";
import { spentOn } from "./spent";
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

/** How far a turn has come: what is kept of it where it breaks off. */
type Progress = {
  /** What the model has said, and what of it may be kept: nothing of a reply that waits for its second check. */
  heard: string;
  kept: string;
  request: Request | null;
  draft: Draft | null;
  moderation: Beside<Moderation | null>;
  summary: Beside<Summary>;
};

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
  const progress: Progress = {
    heard: "",
    kept: "",
    request: null,
    draft: null,
    moderation: nothingBeside(),
    summary: nothingBeside(),
  };
  try {
    return await answer(call, outcome, progress);
  } catch (error) {
    await keepPart(call, outcome, progress);
    throw error;
  }
}

async function answer(call: TurnCall, reserved: Reserved, progress: Progress): Promise<FinishedTurn> {
  const held = waitsForCheck(call);
  const deadline = AbortSignal.timeout(call.services.upstream.deadlines.turnMs);
  const opened = openTurn(call, reserved);
  progress.request = prepare(call, reserved.session, opened);
  progress.moderation = startModeration(call);
  await refuseFlagged(call, progress.moderation);
  const say = (text: string) => {
    progress.heard += text;
    if (held) return;
    progress.kept += text;
    call.onDelta?.(text);
  };
  // The reply asks first: where an app key's budget does not cover both, it is the summary that has to wait.
  const asked = ask(call, reserved.session, opened.prompts, progress.request, say);
  progress.summary = startCondensing(call, reserved.session, opened);
  progress.draft = await asked.finally(() => {
    progress.summary.hurry();
    progress.moderation.hurry();
  });
  if (held) progress.draft = await checkAgain(call, deadline, opened.prompts, progress.draft);
  const struck = await strike(call, progress.draft);
  progress.kept = progress.draft.reply;
  if (held && !progress.draft.blocked) call.onDelta?.(progress.draft.reply);
  const [summary, moderation] = await Promise.all([progress.summary.result, progress.moderation.result]);
  return commit(call, reserved, { ...progress.draft, struck, summary, moderation });
}

/** Keeps what a turn that breaks off has come to, and what it has cost. */
async function keepPart(call: TurnCall, reserved: Reserved, progress: Progress): Promise<void> {
  const { heard, kept, request, draft, moderation, summary } = progress;
  const estimate = heard && request ? spentOn(call.model, request.messages, heard, null) : null;
  await interrupt(call, reserved, {
    partial: kept,
    spent: draft?.spent ?? estimate,
    moderation: moderation.soFar(),
    summary: summary.soFar(),
  }).catch((problem) => {
    if (!isConflict(problem)) call.services.log.afterReply("interrupt", problem);
  });
}

function replay(call: TurnCall, turn: Turn, session: Session): FinishedTurn {
  const reply = openReply(call.vault, turn);
  call.onDelta?.(reply);
  return { session, turn, reply };
}
