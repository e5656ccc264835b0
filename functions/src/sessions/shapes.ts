import { z } from "zod";
import { SESSION_TYPES } from "../bots/store";
import { Failure } from "../errors";
import { nanoToUsd } from "../openai/pricing";
import type { SessionVault } from "../protection/vault";
import { openMessage, openModeration, openRecap, openReply } from "./opened";
import { type SessionSummary, STATUSES, type Turn } from "./store";
import type { FinishedTurn } from "./turn";

const Usage = z
  .object({
    input_tokens: z.int(),
    cached_tokens: z.int(),
    output_tokens: z.int(),
    cost_usd: z.number().nullable().describe("US dollars; null where a model has no known price."),
    estimated: z.literal(true).optional().describe("The provider sent no counts; these are estimates."),
  })
  .meta({ id: "Usage" });

export const SessionObject = z
  .object({
    id: z.string(),
    object: z.literal("session"),
    bot: z
      .object({ id: z.string(), version: z.int(), name: z.string(), tag_line: z.string() })
      .nullable()
      .describe("The assistant as it was at the start; null for a lab session."),
    model: z.string(),
    fallback_from: z
      .string()
      .nullable()
      .describe("The assistant's own model, where the key may not use it and another one answers."),
    session_type: z.enum(SESSION_TYPES),
    status: z.enum(STATUSES),
    liked: z.boolean().nullable(),
    recap: z.string().nullable(),
    message_count: z.int(),
    usage: Usage,
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: "Session" });

const Moderation = z
  .object({ flagged: z.boolean(), categories: z.array(z.string()) })
  .meta({ id: "Moderation" });

export const MessageObject = z
  .object({
    id: z.string(),
    object: z.literal("message"),
    role: z.enum(["user", "assistant"]),
    content: z.string(),
    created_at: z.iso.datetime(),
    state: z
      .enum(["complete", "pending", "blocked", "interrupted", "superseded"])
      .describe("superseded: another message took its place, and the assistant no longer remembers it."),
    model: z.string().optional(),
    usage: Usage.optional(),
    moderation: Moderation.optional().describe(
      "Of a user's message, where the provider's moderation was asked.",
    ),
    injection_suspected: z.literal(true).optional(),
    leak_blocked: z.literal(true).optional(),
    context_condensed: z.literal(true).optional(),
    cleared: z
      .literal(true)
      .optional()
      .describe("The session was cleared after it: kept, but the assistant no longer remembers it."),
  })
  .meta({ id: "Message" });

export const Reply = z
  .object({
    message_id: z.string(),
    user_message_id: z.string().optional(),
    session: SessionObject,
    reply: z.string(),
    model: z.string(),
    usage: Usage,
    leak_blocked: z
      .boolean()
      .describe(
        "The reply would have given the prompt away; `reply` says sorry instead, and replaces what was shown.",
      ),
    context_condensed: z.boolean().describe("What was said long ago is summed up from now on."),
    injection_suspected: z
      .boolean()
      .describe("The message looks like an attempt to draw the prompt out; it is answered all the same."),
    moderation: Moderation.nullable().describe(
      "What the provider's moderation said of the user's message, which is answered all the same; null where it was not asked.",
    ),
  })
  .meta({ id: "Reply" });

const IDLE_MS = 30 * 24 * 60 * 60 * 1000;

/** A session as the API shows it; an active one that was left alone for 30 days reads as abandoned. */
export function showSession(
  session: SessionSummary,
  vault: SessionVault,
  now: Date,
): z.input<typeof SessionObject> {
  const idle = session.status === "active" && now.getTime() - session.modified_at.toMillis() > IDLE_MS;
  return {
    id: session.id,
    object: "session",
    bot:
      session.bot === null
        ? null
        : {
            id: session.bot,
            version: session.bot_version,
            name: session.bot_name,
            tag_line: session.bot_tag_line,
          },
    model: session.model,
    fallback_from: session.fallback_from,
    session_type: session.session_type,
    status: idle ? "abandoned_by_system" : session.status,
    liked: session.liked,
    recap: session.recap && openRecap(vault, session.recap),
    message_count: session.message_count,
    usage: showUsage({ ...session, cost_nano: session.unpriced > 0 ? null : session.cost_nano }),
    created_at: session.created_at.toDate().toISOString(),
    updated_at: session.modified_at.toDate().toISOString(),
  };
}

/** As one of many: a recap that does not open is left out, so that one damaged session does not hide the others. */
export function showListed(
  session: SessionSummary,
  vault: SessionVault,
  now: Date,
): z.input<typeof SessionObject> {
  try {
    return showSession(session, vault, now);
  } catch (error) {
    if (error instanceof Failure && error.code === "session_damaged") {
      return showSession({ ...session, recap: null }, vault, now);
    }
    throw error;
  }
}

type Counts = {
  input_tokens: number;
  cached_tokens: number;
  output_tokens: number;
  cost_nano: number | null;
  estimated?: boolean;
};

const showUsage = (counts: Counts): z.input<typeof Usage> => ({
  input_tokens: counts.input_tokens,
  cached_tokens: counts.cached_tokens,
  output_tokens: counts.output_tokens,
  cost_usd: counts.cost_nano === null ? null : nanoToUsd(counts.cost_nano),
  ...(counts.estimated ? { estimated: true as const } : {}),
});

const messageId = (turn: Turn, role: "user" | "assistant") => `msg_${turn.id}_${role}`;

/** The answer of create, respond and end. */
export function showReply({ session, turn, reply }: FinishedTurn, vault: SessionVault, now: Date) {
  const usage = turn.usage ?? { input_tokens: 0, cached_tokens: 0, output_tokens: 0, cost_nano: null };
  return {
    message_id: messageId(turn, "assistant"),
    ...(turn.message ? { user_message_id: messageId(turn, "user") } : {}),
    session: showSession(session, vault, now),
    reply,
    model: turn.model,
    usage: showUsage(usage),
    leak_blocked: turn.state === "blocked",
    context_condensed: turn.condensed,
    injection_suspected: turn.suspected,
    moderation: openModeration(vault, turn),
  };
}

/**
 * A turn as its messages. A pending one whose lease is over reads as interrupted, one of an earlier epoch than the
 * session's as cleared.
 */
export function showMessages(
  turn: Turn,
  vault: SessionVault,
  now: Date,
  epoch = turn.epoch,
): z.input<typeof MessageObject>[] {
  if (turn.kind === "recap") return [];
  const state = stateOf(turn, now);
  const cleared = turn.kind === "reply" && turn.epoch < epoch ? { cleared: true as const } : {};
  const created_at = turn.created_at.toDate().toISOString();
  const base = { object: "message" as const, created_at, state, ...cleared };
  const words = openMessage(vault, turn);
  const moderation = openModeration(vault, turn);
  const noticed = {
    ...(turn.suspected ? { injection_suspected: true as const } : {}),
    ...(moderation ? { moderation } : {}),
  };
  const said = { ...base, id: messageId(turn, "user"), role: "user" as const };
  const answered = { ...base, id: messageId(turn, "assistant"), role: "assistant" as const };
  return [
    ...(words === null ? [] : [{ ...said, content: words, ...noticed }]),
    ...(state === "pending" ? [] : [{ ...answered, ...replyOf(turn, vault) }]),
  ];
}

function stateOf(turn: Turn, now: Date) {
  if (turn.superseded) return "superseded" as const;
  const overdue = turn.state === "pending" && turn.lease_until.toMillis() <= now.getTime();
  return overdue ? ("interrupted" as const) : turn.state;
}

const replyOf = (turn: Turn, vault: SessionVault) => ({
  content: openReply(vault, turn),
  created_at: turn.modified_at.toDate().toISOString(),
  model: turn.model,
  ...(turn.usage ? { usage: showUsage(turn.usage) } : {}),
  ...(turn.state === "blocked" ? { leak_blocked: true as const } : {}),
  ...(turn.condensed ? { context_condensed: true as const } : {}),
});
