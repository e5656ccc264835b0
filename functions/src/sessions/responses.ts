import { z } from "zod";
import { Failure } from "../errors";
import { type Context, operation } from "../operation";
import { createSessionVault, type SessionVault } from "../protection/vault";
import { isAssistant } from "./chat-target";
import { forget } from "./create";
import { isDone, openAsked, openMessage, openReply } from "./opened";
import { Overtaken } from "./reserve";
import { chatParameters, type ResponseInput, readSaid, refuse, responseInput } from "./responses-input";
import { answerOnce } from "./responses-once";
import { findResponse, placeAfter, placeNew } from "./responses-place";
import { removeResponse } from "./responses-remove";
import {
  type Echo,
  echoOf,
  outputOf,
  type ResponseBody,
  ResponseObject,
  responseId,
  showBegun,
  showEnded,
} from "./responses-shapes";
import type { Session, Turn } from "./store";
import { runTurn } from "./turn";

const TURN = [
  "model_not_found",
  "model_not_available",
  "bot_not_found",
  "bot_incomplete",
  "previous_response_not_found",
  "message_flagged",
  "context_too_long",
  "upstream_rejected",
  "quota_exhausted",
  "upstream_failed",
  "turn_in_progress",
  "session_busy",
  "session_damaged",
  "idempotency_mismatch",
] as const;

const notFound = () => new Failure("response_not_found", "No such response.");

export const createResponse = operation({
  name: "responses.create",
  route: "POST /responses",
  summary:
    "OpenAI's responses: a conversation with an assistant that is kept as a session, or one answer alone.",
  caller: "user",
  appKeys: "all",
  input: responseInput,
  output: ResponseObject,
  errors: TURN,
  idempotent: true,
  run: async (context, input) => {
    if (!input.model && !input.previous_response_id) throw refuse("model", "is required");
    const plain = input.model !== undefined && !isAssistant(input.model);
    if (plain && input.store) throw refuse("store", "only conversations with assistants are kept");
    if (plain || input.store === false) {
      if (input.previous_response_id) {
        throw refuse("previous_response_id", "only kept conversations with assistants go on");
      }
      return answerOnce(context, input);
    }
    return answerInSession(context, input);
  },
});

async function answerInSession(context: Context<"user">, input: ResponseInput): Promise<ResponseBody> {
  const { services, user, signal } = context;
  const said = readSaid(input);
  const previous = input.previous_response_id;
  const place = previous
    ? await placeAfter(context, previous, input, said)
    : await placeNew(context, input.model ?? "", said);
  const { session, vault, turnId } = place;
  const echo = echoOf(input, input.model ?? session.bot ?? "");
  const begun = { id: responseId(session.id, turnId), createdAt: services.now(), session: session.id, echo };
  context.onPart?.({ response: showBegun(begun) });
  const { stream: _, stream_options: __, ...body } = input;
  let heard = false;
  const finished = await runTurn({
    ...place,
    services,
    user,
    kind: "reply",
    message: said.message,
    bodyHmac: vault.mac("responses", JSON.stringify(body)),
    model: session.model,
    asked: { instructions: said.instructions, dials: dialsOf(input), further: chatParameters(input), echo },
    signal,
    onDelta: (text) => {
      heard = true;
      context.onDelta?.(text);
    },
  }).catch(async (error) => {
    if (error instanceof Overtaken) return null;
    // A first answer that never began leaves nothing behind, unless the same call is to come again.
    if (place.create && !heard && !context.idempotencyKey) await forget(services, session);
    throw error;
  });
  if (!finished) return answerInSession(context, input);
  return showResponse(session, finished.turn, vault, services.now());
}

function dialsOf({ temperature, top_p, max_output_tokens: max_tokens }: ResponseInput) {
  const dials = { temperature, top_p, max_tokens };
  return Object.fromEntries(Object.entries(dials).filter(([, value]) => typeof value === "number"));
}

/** A turn as a response, the same whenever it is asked for. */
function showResponse(session: Session, turn: Turn, vault: SessionVault, now: Date): ResponseBody {
  const id = responseId(session.id, turn.id);
  const echo = (openAsked(vault, turn) as Echo | undefined) ?? echoOf({ input: "" }, session.bot ?? "");
  const begun = { id, createdAt: turn.created_at.toDate(), session: session.id, echo };
  const waiting = turn.state === "pending" && turn.lease_until.toMillis() > now.getTime();
  if (waiting) return showBegun(begun);
  const ended = showEnded(begun, {
    at: turn.modified_at.toDate(),
    finishReason: turn.state === "blocked" ? "content_filter" : (turn.finish ?? "stop"),
    output: outputOf(id, { content: openReply(vault, turn) }),
    usage: turn.usage,
  });
  return isDone(turn) ? ended : brokenOff(ended);
}

const brokenOff = (ended: ResponseBody): ResponseBody => ({
  ...ended,
  status: "failed",
  completed_at: null,
  error: { code: "server_error", message: "The reply broke off." },
  output: ended.output.map((item) => ({ ...item, status: "incomplete" as const })),
});

const response = z.string().describe("The response's id.");

/** @throws Failure response_not_found */
async function find(context: Context<"user">, id: string) {
  const found = await findResponse(context, id);
  if (!found) throw notFound();
  const { user } = context;
  return { ...found, vault: createSessionVault(user.dek, user.uid, found.session.id) };
}

export const getResponse = operation({
  name: "responses.get",
  route: "GET /responses/{response}",
  summary: "A kept response, as it was answered.",
  caller: "user",
  appKeys: "all",
  input: z.strictObject({ response }),
  output: ResponseObject,
  errors: ["response_not_found", "session_damaged"],
  run: async (context, input) => {
    const { session, turn, vault } = await find(context, input.response);
    return showResponse(session, turn, vault, context.services.now());
  },
});

export const listInputItems = operation({
  name: "responses.input_items",
  route: "GET /responses/{response}/input_items",
  summary: "What the user said to get a response.",
  caller: "user",
  appKeys: "all",
  input: z.strictObject({
    response,
    limit: z.coerce.number().int().min(1).max(100).default(20),
    order: z.enum(["asc", "desc"]).default("desc"),
    after: z.string().max(100).optional(),
  }),
  output: z
    .object({
      object: z.literal("list"),
      data: z.array(
        z.object({
          id: z.string(),
          type: z.literal("message"),
          status: z.literal("completed"),
          role: z.literal("user"),
          content: z.array(z.object({ type: z.literal("input_text"), text: z.string() })),
        }),
      ),
      first_id: z.string().nullable(),
      last_id: z.string().nullable(),
      has_more: z.literal(false),
    })
    .meta({ id: "ResponseItemList" }),
  errors: ["response_not_found", "session_damaged"],
  run: async (context, input) => {
    const { turn, vault } = await find(context, input.response);
    const id = `msg_${turn.id}_user`;
    const content = [{ type: "input_text" as const, text: openMessage(vault, turn) ?? "" }];
    const item = {
      id,
      type: "message" as const,
      status: "completed" as const,
      role: "user" as const,
      content,
    };
    const ends = input.after === undefined ? id : null;
    return {
      object: "list" as const,
      data: ends === null ? [] : [item],
      first_id: ends,
      last_id: ends,
      has_more: false as const,
    };
  },
});

export const deleteResponse = operation({
  name: "responses.delete",
  route: "DELETE /responses/{response}",
  summary: "Delete a response and the message it answered; with its last one a session goes too.",
  caller: "user",
  appKeys: "all",
  input: z.strictObject({ response }),
  output: z
    .object({ id: z.string(), object: z.literal("response"), deleted: z.literal(true) })
    .meta({ id: "DeletedResponse" }),
  errors: ["response_not_found", "turn_in_progress", "session_busy", "session_damaged"],
  run: async (context, input) => {
    const { session, turn, vault } = await find(context, input.response);
    await removeResponse(context.services, vault, { session, turn }, notFound);
    return { id: input.response, object: "response" as const, deleted: true as const };
  },
});
