import { Timestamp } from "firebase-admin/firestore";
import { z } from "zod";
import { LIMITS, modelName } from "../bots/operations";
import { SESSION_TYPES } from "../bots/store";
import { combineDigests, idFrom } from "../protection/seal";
import type { SessionVault } from "../protection/vault";
import { EMPTY_CONTEXT, type Entry, keep, type SessionContext } from "../sessions/context";
import { sealModeration, sealText, turnDigest } from "../sessions/opened";
import { MessageObject } from "../sessions/shapes";
import { STATUSES, type TurnDocument } from "../sessions/store";

const MAX_COUNT = 1e12;
const MAX_USD = 1e6;

const words = z.string().overwrite((value) => value.toWellFormed());
/** The database knows no year 0. */
const time = z.iso.datetime().refine((value) => !value.startsWith("0000"), "is before the first year");
const count = z.int().min(0).max(MAX_COUNT);

const Usage = z.object({
  input_tokens: count,
  cached_tokens: count,
  output_tokens: count,
  cost_usd: z.number().min(0).max(MAX_USD).nullable(),
  estimated: z.literal(true).optional(),
});

const Message = z.object({
  role: MessageObject.shape.role,
  content: words,
  created_at: time,
  state: MessageObject.shape.state,
  model: modelName.optional(),
  usage: Usage.optional(),
  moderation: MessageObject.shape.moderation,
  injection_suspected: MessageObject.shape.injection_suspected,
  leak_blocked: MessageObject.shape.leak_blocked,
  context_condensed: MessageObject.shape.context_condensed,
});

/** A session as `users.export` wrote it; fields that a later version adds are left aside. */
export const ImportedSession = z
  .object({
    id: z.string().regex(/^ses_[A-Za-z0-9]{40}$/, "is not a session's id"),
    bot: z.object({
      id: z.string().regex(/^[A-Za-z0-9]{20}$/, "is not an assistant's id"),
      version: z.int().min(1).max(999_999),
      name: words.max(LIMITS.name),
      tag_line: words.max(LIMITS.tag_line),
    }),
    model: modelName,
    fallback_from: modelName.nullable(),
    session_type: z.enum(SESSION_TYPES),
    status: z.enum(STATUSES),
    liked: z.boolean().nullable(),
    recap: words.nullable(),
    usage: Usage,
    created_at: time,
    updated_at: time,
    messages: z.array(Message).min(1),
  })
  .meta({ id: "ImportedSession" });

export type Imported = z.output<typeof ImportedSession>;
type ImportedMessage = Imported["messages"][number];
type Usage = z.output<typeof Usage>;
type Exchange = { kind: TurnDocument["kind"]; user?: ImportedMessage; assistant?: ImportedMessage };

/** Counts as they are stored, money in whole nano-dollars. */
export const storedUsage = (usage: Usage) => ({
  input_tokens: usage.input_tokens,
  cached_tokens: usage.cached_tokens,
  output_tokens: usage.output_tokens,
  cost_nano: usage.cost_usd === null ? null : Math.round(usage.cost_usd * 1e9),
});

export const stamp = (time: string) => Timestamp.fromDate(new Date(time));

/** Messages as exchanges: what the user said with the reply that follows it. The recap is one more, at the end. */
function exchanges({ messages, recap, updated_at }: Imported): Exchange[] {
  const found: Exchange[] = [];
  for (const message of messages) {
    const last = found.at(-1);
    if (message.role === "user") found.push({ kind: "reply", user: message });
    else if (last?.user && !last.assistant) last.assistant = message;
    else found.push({ kind: "opening", assistant: message });
  }
  if (recap === null) return found;
  const said = { role: "assistant", content: recap, created_at: updated_at, state: "complete" } as const;
  return [...found, { kind: "recap", assistant: said }];
}

/** What a message's state was before it was superseded is not exported: where words arrived, it was complete. */
function storedState(state: ImportedMessage["state"], assistant: ImportedMessage | undefined) {
  if (assistant?.leak_blocked) return "blocked";
  if (state === "superseded" && assistant?.content) return "complete";
  return !assistant || state === "pending" || state === "superseded" ? "interrupted" : state;
}

/** The turns of an imported session, sealed for its new place. */
export function importTurns(vault: SessionVault, session: Imported): { id: string; turn: TurnDocument }[] {
  return exchanges(session).map(({ kind, user, assistant }, seq) => {
    const place = { epoch: 0, seq, attempt: 1 };
    const { state } = assistant ?? user ?? { state: "interrupted" };
    const created = stamp((user ?? assistant)?.created_at ?? session.created_at);
    const usage = assistant?.usage;
    const turn: TurnDocument = {
      ...place,
      kind,
      state: storedState(state, assistant),
      nonce: idFrom(),
      lease_until: created,
      body_hmac: vault.mac("import", seq),
      model: assistant?.model ?? session.model,
      message: user ? sealText(vault, user.content, "user", place) : null,
      reply: assistant?.content ? sealText(vault, assistant.content, "assistant", place) : null,
      usage: usage ? { ...storedUsage(usage), estimated: usage.estimated ?? false } : null,
      suspected: user?.injection_suspected ?? false,
      condensed: assistant?.context_condensed ?? false,
      replaces_from: null,
      superseded: state === "superseded",
      moderation: sealModeration(vault, user?.moderation ?? null, place),
      created_at: created,
      modified_at: assistant ? stamp(assistant.created_at) : created,
    };
    return { id: idFrom(vault.mac("import-turn", seq)), turn };
  });
}

/** The context of an imported session, made from its finished turns as if they had been had here. */
export function importContext(
  vault: SessionVault,
  session: Imported,
  turns: { id: string; turn: TurnDocument }[],
): SessionContext {
  const spoken = exchanges(session);
  const done = turns.filter(({ turn }) => turn.state === "complete" || turn.state === "blocked");
  const entries: Entry[] = [];
  let digest: Buffer = Buffer.from(EMPTY_CONTEXT.digest, "hex");
  for (const { id, turn } of done) {
    const { user, assistant } = spoken[turn.seq] ?? {};
    const [said, reply] = [user?.content ?? "", assistant?.content ?? ""];
    digest = combineDigests(digest, turnDigest(vault, { ...turn, id }, said, reply));
    if (turn.kind === "recap" || turn.superseded) continue;
    if (user) entries.push({ seq: turn.seq, role: "user", content: said });
    entries.push({ seq: turn.seq, role: "assistant", content: reply });
  }
  return {
    lastSeq: turns.length - 1,
    turns: done.length,
    digest: digest.toString("hex"),
    entries: keep(session.session_type, entries),
  };
}
