import type { ServerResponse } from "node:http";
import { completionId } from "../sessions/chat";
import type { Delta } from "../sessions/chat-reply";
import type { ChatCompletion } from "../sessions/chat-shapes";
import { openEvents, type Stream } from "./event-stream";

/** A piece of a chat completion, as the operation hands it over. */
type Part = { delta: Delta; logprobs: object | null };

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
    service_tier: "default",
    system_fingerprint: null as string | null,
  };
  const frame = (choices: object[], usage: object | null = null) =>
    `data: ${JSON.stringify({ ...head, choices, ...(withUsage ? { usage } : {}) })}\n\n`;
  const choose = (delta: object, logprobs: object | null = null, finish_reason: string | null = null) =>
    frame([{ index: 0, delta, logprobs, finish_reason }]);
  let begun = false;
  const begin = (content: "" | null) => {
    if (!begun) events.send(choose({ role: "assistant", content, refusal: null }));
    begun = true;
  };
  return {
    started: events.started,
    delta: () => undefined,
    part: (part) => {
      const { delta, logprobs } = part as Part;
      begin(delta.tool_calls ? null : "");
      events.send(choose(delta, logprobs));
    },
    done: (output) => {
      begin("");
      const { choices, usage, system_fingerprint } = output as ChatCompletion;
      head.system_fingerprint = system_fingerprint;
      events.send(choose({}, null, choices[0]?.finish_reason));
      if (withUsage) events.send(frame([], usage));
      events.finish("data: [DONE]\n\n");
    },
    fail: (body) => events.finish(`data: ${JSON.stringify(body)}\n\n`),
  };
}
