import type { ServerResponse } from "node:http";
import type { ErrorBody } from "../errors";
import { type ChatCompletion, completionId } from "../sessions/chat";
import { openEvents, type Stream } from "./event-stream";

/** A chat completion in OpenAI's framing of server-sent events: chunks, perhaps usage, then `[DONE]`. */
export function openChatStream(
  response: ServerResponse,
  collected: () => Headers,
  raw: Record<string, unknown>,
  requestId: string,
): Stream {
  const events = openEvents(response, collected);
  const withUsage = (raw.stream_options as { include_usage?: unknown } | undefined)?.include_usage === true;
  const head = {
    id: completionId(requestId),
    object: "chat.completion.chunk",
    created: Math.floor(Date.now() / 1000),
    model: raw.model,
    system_fingerprint: null,
  };
  const frame = (choices: object[], usage: object | null = null) =>
    `data: ${JSON.stringify({ ...head, choices, ...(withUsage ? { usage } : {}) })}\n\n`;
  const choose = (delta: object, finish_reason: string | null = null) =>
    frame([{ index: 0, delta, logprobs: null, finish_reason }]);
  let begun = false;
  const begin = () => {
    if (!begun) events.send(choose({ role: "assistant", content: "", refusal: null }));
    begun = true;
  };
  return {
    started: events.started,
    delta: (content) => {
      begin();
      events.send(choose({ content }));
    },
    done: (output) => {
      begin();
      const { choices, usage } = output as ChatCompletion;
      events.send(choose({}, choices[0]?.finish_reason));
      if (withUsage) events.send(frame([], usage));
      events.finish("data: [DONE]\n\n");
    },
    fail: (body: ErrorBody) => events.finish(`data: ${JSON.stringify(body)}\n\n`),
  };
}
