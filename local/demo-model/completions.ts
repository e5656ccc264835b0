import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { contextTooLong } from "./errors.ts";
import { FAULTS, type Fault, htmlPage } from "./faults.ts";
import { judge } from "./judge.ts";
import { chatModel, checkQuota } from "./models.ts";
import { composeReply } from "./replies.ts";
import { type ChatRequest, checkReasoning, isRecord, readChatRequest, readModel } from "./request.ts";
import { type Answer, countUsage, sendStream, sendWhole } from "./sending.ts";
import { hashKey, type Stats } from "./stats.ts";
import { countPromptTokens, cutToTokens, type PromptCache } from "./tokens.ts";
import { callTool, chooseTools, exampleOf } from "./tools.ts";

/** What outlives a request. `failedOnce` holds "key hash:model" of the calls that have had their one failure. */
export type Shared = {
  stats: Stats;
  cache: PromptCache;
  failedOnce: Set<string>;
  delayMs: number;
  slowMs: number;
};

const REASONING_TOKENS = 64;

/** What is said: a verdict, a fault's or the coach's words, as JSON where a format asks for it. */
function say({ messages, format }: ChatRequest, fault: Fault): string {
  const text = judge(messages) ?? fault.text?.(messages) ?? composeReply(messages);
  return format ? JSON.stringify(exampleOf(format.schema, text)) : text;
}

/** The calls of tools in place of words; a fault's words go into their arguments. */
function call({ messages, tools, toolChoice }: ChatRequest, fault: Fault) {
  const text = fault.text?.(messages) ?? messages.at(-1)?.content ?? "";
  return chooseTools(messages, tools, toolChoice).map((tool) => callTool(tool, text));
}

function compose(request: ChatRequest, fault: Fault, owner: string, thinks: boolean, shared: Shared): Answer {
  const { model, messages, maxTokens } = request;
  const calls = call(request, fault);
  const whole = calls.length > 0 ? "" : say(request, fault);
  const stops = request.stop.map((word) => whole.indexOf(word)).filter((at) => at >= 0);
  const wanted = whole.slice(0, Math.min(whole.length, ...stops));
  const reasoning = thinks ? Math.min(REASONING_TOKENS, maxTokens) : 0;
  const text = cutToTokens(wanted, maxTokens - reasoning);
  const cached = shared.cache.look(`${owner}:${model}`, messages);
  const written = text + calls.map((one) => one.name + one.arguments).join("");
  const usage = countUsage(countPromptTokens(messages), cached, written, reasoning);
  const finish = calls.length > 0 ? "tool_calls" : text === wanted ? "stop" : "length";
  return { model, text, field: fault.field ?? "content", calls, finish, usage };
}

function throwFault(
  fault: Fault,
  body: unknown,
  owner: string,
  model: string,
  failedOnce: Set<string>,
): void {
  const sets = isRecord(body) && (body.temperature ?? null) !== null;
  if (fault.withTemperature && sets) throw fault.withTemperature();
  const call = `${owner}:${model}`;
  if (!fault.fail || (fault.once && failedOnce.has(call))) return;
  if (fault.once) failedOnce.add(call);
  throw fault.fail();
}

type Accepted = { request: ChatRequest; fault: Fault; thinks: boolean };

/** Every check before the first byte; throws what the key, the model's name or the body ask for. */
function accept(key: string, body: unknown, { stats, failedOnce }: Shared): Accepted {
  const model = readModel(body);
  const owner = hashKey(key);
  stats.call(key, model, body);
  checkQuota(key);
  const fault: Fault = FAULTS.get(model) ?? {};
  const listed = FAULTS.has(model) ? null : chatModel(key, model);
  const thinks = listed?.kind === "reasoning";
  const request = readChatRequest(body);
  if (thinks) checkReasoning(body);
  const tokens = countPromptTokens(request.messages);
  stats.promptTokens(tokens);
  const window = fault.window ?? listed?.window ?? Number.POSITIVE_INFINITY;
  if (tokens > window) throw contextTooLong(window, tokens);
  throwFault(fault, body, owner, model, failedOnce);
  return { request, fault, thinks };
}

/**
 * Answers POST /v1/chat/completions, whole or streamed. Throws an ApiError before the first byte, an AbortError
 * when the client goes away.
 */
export async function answerChat(
  key: string,
  body: unknown,
  response: ServerResponse,
  shared: Shared,
): Promise<void> {
  const { request, fault, thinks } = accept(key, body, shared);
  if (fault.page) {
    response.writeHead(fault.page, { "content-type": "text/html" }).end(htmlPage(fault.page));
    return;
  }
  const { stream, includeUsage } = request;
  const closing = new AbortController();
  const gone = closing.signal;
  response.once("close", () => closing.abort());
  const cut = stream ? shared.stats.openStream(response).cut : () => response.destroy();
  const delayMs = fault.fast ? 0 : shared.delayMs;
  const firstMs = fault.slow ? shared.slowMs : stream ? 0 : delayMs;
  if (firstMs > 0) await sleep(firstMs, undefined, { signal: gone });
  const answer = compose(request, fault, hashKey(key), thinks, shared);
  if (stream) await sendStream(response, answer, fault, { includeUsage, delayMs, gone, cut });
  else await sendWhole(response, answer, fault);
}
