import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "./faults.ts";
import { countTokens } from "./tokens.ts";
import type { ToolCall } from "./tools.ts";

const BROKEN_AFTER_WORDS = 6;

/** A finished answer, before it is put on the wire. */
export type Answer = {
  model: string;
  text: string;
  field: "content" | "refusal" | "reasoning_content";
  /** In place of words. */
  calls: ToolCall[];
  finish: "stop" | "length" | "tool_calls";
  usage: ReturnType<typeof countUsage>;
};

/** OpenAI's `usage`; all in tokens, `reasoning` is part of the completion. */
export function countUsage(prompt: number, cached: number, text: string, reasoning: number) {
  const completion = countTokens(text) + reasoning;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

const stamp = () => ({ id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000) });

const showCall = ({ name, arguments: written }: ToolCall) => ({
  id: `call_${randomUUID().replaceAll("-", "").slice(0, 24)}`,
  type: "function",
  function: { name, arguments: written },
});

const showMessage = ({ text, field, calls }: Answer) => ({
  role: "assistant",
  content: null,
  refusal: null,
  annotations: [],
  ...(calls.length > 0 ? { tool_calls: calls.map(showCall) } : { [field]: text }),
});

const FINGERPRINT = "fp_demo";

const wholeBody = (answer: Answer, fault: Fault) => ({
  ...stamp(),
  object: "chat.completion",
  model: answer.model,
  choices: fault.empty
    ? []
    : [{ index: 0, message: showMessage(answer), logprobs: null, finish_reason: answer.finish }],
  ...(fault.noUsage ? {} : { usage: answer.usage }),
  service_tier: "default",
  system_fingerprint: FINGERPRINT,
});

/** Sends an answer as one JSON body; a fault breaks it in its middle. */
export async function sendWhole(response: ServerResponse, answer: Answer, fault: Fault): Promise<void> {
  const json = JSON.stringify(wholeBody(answer, fault));
  response.setHeader("content-type", "application/json");
  if (!fault.breaks) {
    response.end(json);
    return;
  }
  const half = json.slice(0, Math.floor(json.length / 2));
  if (fault.breaks === "garbage") {
    response.end(half);
    return;
  }
  response.write(half);
  if (fault.breaks === "cut") await sleep(20).then(() => response.destroy());
  else await once(response, "close");
}

/** The pieces a stream is made of: words with the space before them, or torn ones that end anywhere. */
const pieces = (text: string, torn: boolean): string[] =>
  (torn ? text.match(/.{1,3}/gsu) : text.match(/\s*\S+|\s+$/g)) ?? [];

/** A call begins with its id and name; its arguments follow word by word. */
const callDeltas = (call: ToolCall, index: number, torn: boolean): object[] => {
  const { id, type, function: named } = showCall(call);
  const begun = { index, id, type, function: { name: named.name, arguments: "" } };
  const rest = pieces(call.arguments, torn).map((piece) => ({ index, function: { arguments: piece } }));
  return [begun, ...rest].map((one) => ({ tool_calls: [one] }));
};

const deltas = ({ text, field, calls }: Answer, torn: boolean): object[] =>
  calls.length > 0
    ? calls.flatMap((call, index) => callDeltas(call, index, torn))
    : pieces(text, torn).map((piece) => ({ [field]: piece }));

function writeEvent(response: ServerResponse, data: string, torn: boolean): void {
  const bytes = Buffer.from(`data: ${data}\n\n`);
  const at = torn ? bytes.findIndex((byte) => byte >= 0x80) : -1;
  if (at < 0) {
    response.write(bytes);
    return;
  }
  response.write(bytes.subarray(0, at + 1));
  response.write(bytes.subarray(at + 1));
}

/** Begins an event stream; the functions it returns write one chunk each. */
function beginStream(response: ServerResponse, answer: Answer, fault: Fault, withUsage: boolean) {
  const { model } = answer;
  const fixed = { service_tier: "default", system_fingerprint: FINGERPRINT };
  const head = { ...stamp(), object: "chat.completion.chunk", model, ...fixed };
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  const send = (choices: object[], usage: object | null = null) => {
    const json = JSON.stringify({ ...head, choices, ...(withUsage ? { usage } : {}) });
    writeEvent(response, json, fault.torn ?? false);
  };
  const choose = (delta: object, finish_reason: string | null = null) =>
    send([{ index: 0, delta, logprobs: null, finish_reason }]);
  return { send, choose };
}

type How = { includeUsage: boolean; delayMs: number; gone: AbortSignal; cut: () => void };

/**
 * Sends an answer as server-sent events, `delayMs` before each word. Rejects with an AbortError when `gone` says
 * that the client went away; `cut` closes the connection without its counting as the client's doing.
 */
export async function sendStream(
  response: ServerResponse,
  answer: Answer,
  fault: Fault,
  { includeUsage, delayMs, gone, cut }: How,
): Promise<void> {
  const withUsage = includeUsage && !fault.noUsage;
  const { send, choose } = beginStream(response, answer, fault, withUsage);
  if (fault.empty) send([]);
  else {
    const spoken = answer.calls.length === 0;
    choose({ role: "assistant", content: spoken ? "" : null, refusal: null });
    for (const [at, delta] of deltas(answer, fault.torn ?? false).entries()) {
      if (fault.breaks && at === BROKEN_AFTER_WORDS) return breakStream(response, fault.breaks, cut);
      // No pause means all words in one go: next to no work, so that a benchmark measures its own subject.
      if (delayMs > 0) await sleep(delayMs, undefined, { signal: gone });
      choose(delta);
    }
    choose({}, answer.finish);
  }
  if (withUsage) send([], answer.usage);
  response.end("data: [DONE]\n\n");
}

async function breakStream(
  response: ServerResponse,
  how: NonNullable<Fault["breaks"]>,
  cut: () => void,
): Promise<void> {
  if (how === "garbage") {
    response.end('data: {"id":"chatcmpl-broken","choices":[{"delta":{"content":\n\n');
    return;
  }
  if (how === "stall") await once(response, "close");
  // Gives the words before the cut the time to leave.
  else await sleep(20).then(cut);
}
