import { z } from "zod";
import { LIMITS, modelName, text } from "../bots/operations";
import { Failure } from "../errors";
import { operation } from "../operation";
import { idFrom } from "../protection/seal";
import type { SessionVault } from "../protection/vault";
import { type InSession, session, TURN_FAILURES, vaultOf } from "./in-session";
import { chooseModel } from "./model-choice";
import { isDone, openReply } from "./opened";
import { findReplaced } from "./replace";
import { Reply, showReply } from "./shapes";
import { type FinishedTurn, runTurn } from "./turn";

export const respond = operation({
  name: "sessions.respond",
  route: "POST /sessions/{session}/messages",
  summary: "Say something; without a message the last reply comes again.",
  caller: "session",
  appKeys: "all",
  input: z.strictObject({
    session,
    message: text(LIMITS.message).optional(),
    replaces: z
      .string()
      .max(80)
      .optional()
      .describe(
        "A message's id: the new message takes its place and that of everything after it; without a message, what was said there is said again.",
      ),
    model: modelName.optional().describe("Answers from now on."),
  }),
  output: Reply,
  errors: ["session_not_found", "message_flagged", ...TURN_FAILURES],
  streams: true,
  tool: {
    title: "Say something",
    description:
      "Sends a message to the assistant of a session and answers its reply. Send what the person said, in their own " +
      "words; the assistant remembers the conversation. Without `message` the last reply comes again, for free.",
  },
  run: async (context, input) => {
    const vault = vaultOf(context);
    const { message, replaces, model } = input;
    const finished =
      message === undefined && replaces === undefined
        ? await lastReply(context, vault, model)
        : await say(context, vault, { message, replaces, model });
    return showReply(finished, vault, context.services.now());
  },
});

type Said = { message?: string | undefined; replaces?: string | undefined; model?: string | undefined };

async function say(
  context: InSession,
  vault: SessionVault,
  { message, replaces, model }: Said,
): Promise<FinishedTurn> {
  const { services, user, session, signal, onDelta, idempotencyKey } = context;
  if (model !== undefined) await chooseModel(services, user, model, signal);
  const turnId = idFrom(idempotencyKey ? vault.mac("respond", idempotencyKey) : undefined);
  const replaced =
    replaces === undefined
      ? undefined
      : await findReplaced(services, vault, session, { messageId: replaces, turnId });
  const again = replaces === undefined ? [] : [replaces];
  return runTurn({
    services,
    user,
    vault,
    session,
    kind: "reply",
    turnId,
    message: message ?? replaced?.words ?? "",
    bodyHmac: vault.mac("respond", message ?? "", model ?? "", ...again),
    replaced,
    model: model ?? session.model,
    switchesModel: model !== undefined,
    signal,
    onDelta,
  });
}

/** The newest complete reply, as the original answers when nothing new was said. */
async function lastReply(
  { services, session, onDelta }: InSession,
  vault: SessionVault,
  model: string | undefined,
): Promise<FinishedTurn> {
  if (model !== undefined) {
    throw new Failure("invalid_request", "message: is required with a model", { param: "message" });
  }
  const turns = await services.sessions.lastTurns(session, 50);
  const turn = turns.find((turn) => isDone(turn) && turn.kind !== "recap" && !turn.superseded);
  if (!turn)
    throw new Failure("invalid_request", "message: there is no reply yet to repeat", { param: "message" });
  const reply = openReply(vault, turn);
  onDelta?.(reply);
  return { session, turn, reply };
}
