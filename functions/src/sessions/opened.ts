import { Failure } from "../errors";
import type { Moderation } from "../openai/moderation";
import { combineDigests, Tampered } from "../protection/seal";
import type { SessionVault } from "../protection/vault";
import type { SessionContext } from "./context";
import type { Session, Turn, TurnDocument } from "./store";

type TurnPlace = Pick<TurnDocument, "epoch" | "seq" | "attempt">;
type TurnText = "user" | "assistant";

const damaged = () =>
  new Failure("session_damaged", "This conversation was changed outside this service and cannot be opened.");

/** Opens what is sealed; a ciphertext that was changed or moved is one failure, whichever it was. */
function opening<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof Tampered || error instanceof SyntaxError) throw damaged();
    throw error;
  }
}

export const sealText = (vault: SessionVault, text: string, role: TurnText, at: TurnPlace): Buffer =>
  vault.seal(text, at.epoch, at.seq, role, at.attempt);

const openText = (vault: SessionVault, sealed: Buffer, role: TurnText, at: TurnPlace): string =>
  opening(() => vault.open(sealed, at.epoch, at.seq, role, at.attempt));

/** The user's message of a turn; null where it has none. */
export const openMessage = (vault: SessionVault, turn: Turn): string | null =>
  turn.message && openText(vault, turn.message, "user", turn);

/** The assistant's words of a turn; empty where none arrived. */
export const openReply = (vault: SessionVault, turn: Turn): string =>
  turn.reply ? openText(vault, turn.reply, "assistant", turn) : "";

export const sealContext = (vault: SessionVault, context: SessionContext, epoch: number): Buffer =>
  vault.seal(JSON.stringify(context), epoch, "context");

/** The context, after its sealed counts were compared with the session's. @throws Failure session_damaged */
export function openContext(vault: SessionVault, session: Session): SessionContext {
  const context: SessionContext = opening(() =>
    JSON.parse(vault.open(session.context, session.epoch, "context")),
  );
  if (context.turns !== session.turns || context.lastSeq >= session.next_seq) throw damaged();
  return context;
}

export const sealModeration = (
  vault: SessionVault,
  verdict: Moderation | null,
  at: TurnPlace,
): Buffer | null =>
  verdict && vault.seal(JSON.stringify(verdict), at.epoch, at.seq, "moderation", at.attempt);

/** What the provider's moderation said of a turn's message; null where it was not asked. */
export const openModeration = (vault: SessionVault, turn: Turn): Moderation | null => {
  const { moderation, epoch, seq, attempt } = turn;
  return moderation && opening(() => JSON.parse(vault.open(moderation, epoch, seq, "moderation", attempt)));
};

/** What a program set for a turn beside its words. */
export const sealAsked = (vault: SessionVault, turnId: string, asked: object): Buffer =>
  vault.seal(JSON.stringify(asked), turnId, "asked");
export const openAsked = (vault: SessionVault, { id, asked }: Turn): unknown =>
  asked && opening(() => JSON.parse(vault.open(asked, id, "asked")));

export const sealRecap = (vault: SessionVault, text: string): Buffer => vault.seal(text, "recap");
export const openRecap = (vault: SessionVault, sealed: Buffer): string =>
  opening(() => vault.open(sealed, "recap"));

/** A complete turn's fingerprint over its place and its words. */
export const turnDigest = (
  vault: SessionVault,
  at: TurnPlace & { id: string; kind: string; superseded: boolean },
  words: string,
  reply: string,
) =>
  vault.mac(
    at.superseded ? "superseded" : "turn",
    at.id,
    at.kind,
    at.epoch,
    at.seq,
    at.attempt,
    words,
    reply,
  );

/** Whether a turn has its final reply, be it the model's or the apology for a blocked one. */
export const isDone = ({ state }: Turn): boolean => state === "complete" || state === "blocked";

/** Checks that the stored turns are the ones the context was made from. @throws Failure session_damaged */
export function verifyTurns(vault: SessionVault, session: Session, turns: Turn[]): void {
  const complete = turns.filter(isDone);
  const digest = complete.reduce<Buffer>(
    (sum, turn) =>
      combineDigests(sum, turnDigest(vault, turn, openMessage(vault, turn) ?? "", openReply(vault, turn))),
    Buffer.alloc(32),
  );
  if (openContext(vault, session).digest !== digest.toString("hex")) throw damaged();
}
