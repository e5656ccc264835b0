import { Failure } from "../errors";
import { combineDigests } from "../protection/seal";
import type { SessionVault } from "../protection/vault";
import type { Services } from "../services";
import type { Entry } from "./context";
import { isDone, openContext, openMessage, openReply, turnDigest } from "./opened";
import type { Session, Turn } from "./store";

const MESSAGE_ID = /^msg_(opening|[A-Za-z0-9]{20})_(user|assistant)$/;

const refused = (why: string) => new Failure("invalid_request", `replaces: ${why}`, { param: "replaces" });

/** What a new turn takes the place of: an exchange and everything said after it. */
export type Replaced = { fromSeq: number; words: string };

/**
 * The exchange that a message belongs to, with the user's words in it. Where the new turn is there already (the same
 * Idempotency-Key came again) nothing is judged a second time.
 * @throws Failure invalid_request naming `replaces`, turn_in_progress
 */
export async function findReplaced(
  { sessions, now }: Services,
  vault: SessionVault,
  session: Session,
  { messageId, turnId }: { messageId: string; turnId: string },
): Promise<Replaced> {
  const [, id] = MESSAGE_ID.exec(messageId) ?? [];
  const [turn, own] = id ? await sessions.readTurns(session, id, turnId) : [];
  const words = turn && openMessage(vault, turn);
  if (!turn || typeof words !== "string") throw refused("is not a message that can be said again");
  if (!own) {
    const live = turn.state === "pending" && turn.lease_until.toMillis() > now().getTime();
    if (live) throw new Failure("turn_in_progress", "This message is being answered.", { retryAfter: 1 });
    if (turn.superseded) throw refused("was replaced already");
    if (turn.epoch !== session.epoch || !isRemembered(openContext(vault, session).entries, turn)) {
      throw refused("is not in the assistant's memory any more");
    }
  }
  return { fromSeq: firstTaken(turn), words };
}

/** A try that broke off goes on to replace what it was to replace. */
const firstTaken = (turn: Turn): number =>
  isDone(turn) ? turn.seq : Math.min(turn.seq, turn.replaces_from ?? turn.seq);

/** Whether the context can be cut before a turn: nothing from there on is a summary or lost its question. */
function isRemembered(entries: Entry[], turn: Turn): boolean {
  const asked = questions(entries);
  const whole = entries.every(({ seq }) => seq < firstTaken(turn) || asked.has(seq));
  return whole && (!isDone(turn) || asked.has(turn.seq));
}

const questions = (entries: Entry[]) =>
  new Set(entries.filter(({ role }) => role === "user").map(({ seq }) => seq));

/** The context without what a turn takes the place of. A summary made meanwhile stays, as do turns after it. */
export function without(entries: Entry[], replaced: Replaced | undefined, before: number): Entry[] {
  if (!replaced) return entries;
  const asked = questions(entries);
  return entries.filter(({ seq }) => seq < replaced.fromSeq || seq >= before || !asked.has(seq));
}

/** The turns that a finished turn takes the place of. One that is being answered stays, as a parallel one would. */
export async function readReplaced(
  { sessions }: Services,
  session: Session,
  replaced: Replaced | undefined,
  before: number,
): Promise<Turn[]> {
  if (!replaced) return [];
  const turns = await sessions.turnsBetween(session, replaced.fromSeq, before);
  return turns.filter((turn) => turn.kind === "reply" && turn.state !== "pending" && !turn.superseded);
}

/** Of two turns that replace the same at once the later one stays, whichever is answered first. */
export async function isSuperseded(
  { sessions }: Services,
  { session, turn }: { session: Session; turn: Turn },
  replaced: Replaced | undefined,
): Promise<boolean> {
  if (!replaced || session.next_seq === turn.seq + 1) return false;
  const later = await sessions.turnsBetween(session, turn.seq + 1, session.next_seq);
  return later.some((one) => isDone(one) && one.replaces_from !== null && one.replaces_from <= turn.seq);
}

/** What the digest over all turns changes by when these become superseded. */
export function supersededDigest(vault: SessionVault, turns: Turn[]): Buffer {
  const digests = turns.filter(isDone).flatMap((turn) => {
    const [words, reply] = [openMessage(vault, turn) ?? "", openReply(vault, turn)];
    return [
      turnDigest(vault, turn, words, reply),
      turnDigest(vault, { ...turn, superseded: true }, words, reply),
    ];
  });
  return digests.reduce<Buffer>(combineDigests, Buffer.alloc(32));
}
