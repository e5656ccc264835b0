import type { ServerResponse } from "node:http";
import type { Delta } from "../sessions/chat-reply";
import { callItemId, messageItemId, type ResponseBody, textPart } from "../sessions/responses-shapes";
import { openEvents, type Stream } from "./event-stream";

/** What the operation hands over: the response as it begins, then pieces of what is said. */
type Part = { response: ResponseBody } | { delta: Delta };

type Item = { id: string; [field: string]: unknown };
type Call = Item & { name: string; arguments: string };

const ENDED = { completed: "response.completed", incomplete: "response.incomplete" } as const;

/**
 * A response as OpenAI's typed events, numbered in their order. Nothing is sent before the first piece of the reply, so
 * that a failure before it is still an HTTP status.
 */
export function openResponseStream(response: ServerResponse, collected: () => Headers): Stream {
  const events = openEvents(response, collected);
  let number = 0;
  let snapshot: ResponseBody | null = null;
  const frame = (type: string, fields: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...fields, sequence_number: number++ })}\n\n`;
  const send = (type: string, fields: object) => events.send(frame(type, fields));
  const items = openItems(send, () => snapshot?.id ?? "");
  const begin = () => {
    if (events.started()) return;
    send("response.created", { response: snapshot });
    send("response.in_progress", { response: snapshot });
  };
  const piece = (delta: Delta) => {
    begin();
    if (delta.content) items.say("output_text", delta.content);
    if (delta.refusal) items.say("refusal", delta.refusal);
    for (const call of delta.tool_calls ?? []) items.call(call);
  };
  return {
    started: events.started,
    delta: (content) => piece({ content }),
    part: (part) => {
      const told = part as Part;
      if ("response" in told) snapshot = told.response;
      else piece(told.delta);
    },
    done: (output) => {
      begin();
      const body = output as ResponseBody;
      items.end(body.status);
      const type = ENDED[body.status as keyof typeof ENDED] ?? "response.failed";
      events.finish(frame(type, { response: body }));
    },
    fail: (body) => {
      begin();
      const { code, message } = (body as { error: { code: string; message: string } }).error;
      const known = code === "rate_limit_exceeded" ? code : "server_error";
      const failed = { ...snapshot, status: "failed", error: { code: known, message } };
      events.finish(frame("response.failed", { response: failed }));
    },
  };
}

type Send = (type: string, fields: object) => void;

/** The output items of a response as they grow: one message with a part for its words, and calls of tools. */
function openItems(send: Send, id: () => string) {
  let parts: { kind: "output_text" | "refusal"; text: string }[] = [];
  let messageAt = -1;
  const calls = new Map<number, { at: number; item: Call }>();
  const next = () => calls.size + (messageAt < 0 ? 0 : 1);
  const shape = (kind: "output_text" | "refusal", text: string) =>
    kind === "refusal" ? { type: kind, refusal: text } : textPart(text);
  const message = (status: string, content: object[]) => ({
    id: messageItemId(id()),
    type: "message",
    status,
    role: "assistant",
    content,
  });
  const place = (index: number) => ({
    item_id: messageItemId(id()),
    output_index: messageAt,
    content_index: index,
  });
  return {
    say(kind: "output_text" | "refusal", text: string): void {
      if (messageAt < 0) {
        messageAt = next();
        send("response.output_item.added", { output_index: messageAt, item: message("in_progress", []) });
      }
      let index = parts.findIndex((part) => part.kind === kind);
      if (index < 0) {
        index = parts.push({ kind, text: "" }) - 1;
        send("response.content_part.added", { ...place(index), part: shape(kind, "") });
      }
      const part = parts[index] as (typeof parts)[number];
      part.text += text;
      const more = kind === "output_text" ? { logprobs: [] } : {};
      send(`response.${kind}.delta`, { ...place(index), delta: text, ...more });
    },

    call({ index, id: call_id, function: called }: NonNullable<Delta["tool_calls"]>[number]): void {
      const known = calls.get(index);
      const { name = "", arguments: delta = "" } = called ?? {};
      if (!known) {
        const item = {
          id: callItemId(id(), index),
          type: "function_call",
          status: "in_progress",
          call_id: call_id ?? "",
          name,
          arguments: "",
        };
        const at = next();
        calls.set(index, { at, item });
        send("response.output_item.added", { output_index: at, item: { ...item } });
      }
      const { at, item } = calls.get(index) as { at: number; item: Call };
      item.arguments += delta;
      if (!delta) return;
      send("response.function_call_arguments.delta", { item_id: item.id, output_index: at, delta });
    },

    /** Closes every item, in its order. */
    end(status: string): void {
      const contents = parts.map(({ kind, text }) => shape(kind, text));
      parts.forEach(({ kind, text }, index) => {
        const whole = kind === "output_text" ? { text, logprobs: [] } : { refusal: text };
        send(`response.${kind}.done`, { ...place(index), ...whole });
        send("response.content_part.done", { ...place(index), part: contents[index] });
      });
      parts = [];
      if (messageAt >= 0) {
        const item = message(status, contents);
        send("response.output_item.done", { output_index: messageAt, item });
      }
      for (const { at, item } of calls.values()) {
        const { id: item_id, name, arguments: written } = item;
        const done = { item_id, output_index: at, name, arguments: written };
        send("response.function_call_arguments.done", done);
        send("response.output_item.done", { output_index: at, item: { ...item, status } });
      }
    },
  };
}
