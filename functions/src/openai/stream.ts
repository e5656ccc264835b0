import { createParser } from "eventsource-parser";
import type OpenAI from "openai";
import { Agent, request } from "undici";
import { Failure, toFailure } from "../errors";
import { asUnbilled, parseRetryAfter, type Refusal, refusalFailure, transportFailure } from "./failures";

export type ChatMessage = { role: "system" | "user" | "assistant"; content: string };

export type TokenCounts = {
  inputTokens: number;
  /** Of the input: read from the provider's cache, and put into it. */
  cachedTokens: number;
  cacheWriteTokens?: number;
  outputTokens: number;
  /** Of the output. */
  reasoningTokens?: number | undefined;
};

export type Completion = {
  text: string;
  finishReason: string;
  /** Null where the provider sent no usage block. */
  usage: TokenCounts | null;
  /** The provider's own marks of the reply, where it set them. */
  fingerprint?: string | undefined;
};

export type ToolCallDelta = {
  index: number;
  id?: string;
  type?: "function";
  function?: { name?: string; arguments?: string };
};

/** A piece of a reply as it comes over the wire; some providers tell their reasoning in one of two fields. */
export type Choice = {
  delta: {
    content?: string | null;
    refusal?: string | null;
    reasoning_content?: string | null;
    reasoning?: string | null;
    tool_calls?: ToolCallDelta[];
  };
  logprobs?: object | null;
};

export type Deadlines = { connectMs: number; firstByteMs: number; idleMs: number; turnMs: number };

export const DEADLINES: Deadlines = {
  connectMs: 10_000,
  firstByteMs: 60_000,
  idleMs: 60_000,
  turnMs: 300_000,
};

/** Connections to the provider, kept open between turns; deadlines are the sockets' own. */
export const createAgent = ({ connectMs, firstByteMs, idleMs }: Deadlines) =>
  new Agent({ connect: { timeout: connectMs }, headersTimeout: firstByteMs, bodyTimeout: idleMs });

const MAX_ERROR_BYTES = 16_384;
/** A stored turn must stay well below Firestore's 1 MiB, sealed and in UTF-8. */
const MAX_REPLY_CHARACTERS = 250_000;

type StreamRequest = {
  url: string;
  apiKey: string;
  body: object;
  agent: Agent;
  signal: AbortSignal;
  onDelta: (text: string) => void;
  onChoice?: (choice: Choice) => void;
};

/**
 * One streamed chat completion. From the socket to `onDelta` there are only callbacks: inside the functions
 * framework a promise a chunk costs two thirds of the throughput (measured in bench/).
 * @throws Failure typed by what the provider said or how the connection broke
 */
export async function streamChat(call: StreamRequest): Promise<Completion> {
  const { url, apiKey, body, agent, signal } = call;
  const response = await request(url, {
    method: "POST",
    dispatcher: agent,
    signal,
    headers: {
      authorization: `Bearer ${apiKey}`,
      "content-type": "application/json",
      accept: "text/event-stream",
    },
    body: JSON.stringify(body),
  }).catch((error) => {
    throw transportFailure(error, signal);
  });
  if (response.statusCode !== 200) throw asUnbilled(refusalFailure(await readRefusal(response)));
  if (!String(response.headers["content-type"]).startsWith("text/event-stream")) {
    response.body.on("error", () => undefined).destroy();
    throw new Failure("upstream_failed", "The model provider sent something else than a reply.");
  }
  return readEvents(response.body, call);
}

type Response = Awaited<ReturnType<typeof request>>;

/** A reply that is on its way; `size` is the characters of all its fields. */
type Arriving = Completion & { size: number };

function readEvents(stream: Response["body"], call: StreamRequest): Promise<Completion> {
  const { signal } = call;
  return new Promise((resolve, reject) => {
    const reply: Arriving = { text: "", finishReason: "", usage: null, size: 0 };
    let failed = false;
    const fail = (failure: Failure) => {
      failed = true;
      reject(failure);
      stream.destroy();
    };
    // Nothing may be thrown in here: it would be an uncaught exception in a socket's listener.
    const onEvent = ({ data }: { data: string }) => {
      if (failed || data === "[DONE]") return;
      try {
        const failure = readChunk(data, reply, call);
        if (failure) fail(failure);
      } catch (error) {
        fail(toFailure(error));
      }
    };
    const parser = createParser({ onEvent });
    const decoder = new TextDecoder();
    stream.on("data", (bytes: Buffer) => parser.feed(decoder.decode(bytes, { stream: true })));
    stream.on("error", (error) => fail(broken(error, signal)));
    stream.on("end", () => {
      if (reply.finishReason && (reply.size > 0 || reply.finishReason !== "stop")) resolve(reply);
      else fail(new Failure("upstream_failed", "The reply broke off."));
    });
  });
}

/** Applies one chunk; answers a failure where it is none. */
function readChunk(data: string, reply: Arriving, call: StreamRequest): Failure | undefined {
  const chunk = parseChunk(data);
  if (!chunk) return new Failure("upstream_failed", "The model provider sent something unreadable.");
  if (chunk.error) return refusalFailure({ status: chunk.error.status ?? 502, code: chunk.error.code });
  if (chunk.usage) reply.usage = readUsage(chunk.usage);
  if (typeof chunk.system_fingerprint === "string") reply.fingerprint = chunk.system_fingerprint;
  const choice = chunk.choices?.[0];
  if (choice?.finish_reason) reply.finishReason = choice.finish_reason;
  return choice?.delta ? readPiece(choice, reply, call) : undefined;
}

function readPiece(choice: Choice, reply: Arriving, call: StreamRequest): Failure | undefined {
  const size = sizeOf(choice);
  if (size === 0) return undefined;
  reply.size += size;
  if (reply.size > MAX_REPLY_CHARACTERS) return new Failure("upstream_failed", "The reply is too long.");
  const text = choice.delta.content || choice.delta.refusal;
  if (typeof text === "string" && text) {
    reply.text += text;
    call.onDelta(text);
  }
  call.onChoice?.(choice);
  return undefined;
}

/** Characters of a piece; 0 for one that says nothing, as the first and the last do. */
function sizeOf({ delta }: Choice): number {
  const { content, refusal, reasoning_content, reasoning, tool_calls } = delta;
  let size = 0;
  for (const text of [content, refusal, reasoning_content, reasoning]) {
    if (typeof text === "string") size += text.length;
  }
  if (!Array.isArray(tool_calls)) return size;
  for (const call of tool_calls) {
    size += (call?.function?.name?.length ?? 0) + (call?.function?.arguments?.length ?? 0);
  }
  return size;
}

type Chunk = Partial<Omit<OpenAI.ChatCompletionChunk, "choices">> & {
  choices?: (Choice & { finish_reason?: string | null })[];
  error?: { code?: string; status?: number };
};

function parseChunk(data: string): Chunk | null {
  try {
    const chunk: unknown = JSON.parse(data);
    return typeof chunk === "object" && chunk !== null && !Array.isArray(chunk) ? chunk : null;
  } catch {
    return null;
  }
}

/** A provider's count; anything else than a natural number counts as none. */
const count = (value: unknown): number =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : 0;

function readUsage(usage: OpenAI.CompletionUsage): TokenCounts {
  return {
    inputTokens: count(usage.prompt_tokens),
    cachedTokens: count(usage.prompt_tokens_details?.cached_tokens),
    cacheWriteTokens: count(usage.prompt_tokens_details?.cache_write_tokens),
    outputTokens: count(usage.completion_tokens),
    reasoningTokens: count(usage.completion_tokens_details?.reasoning_tokens),
  };
}

/** A socket that ends in mid-reply: ours to name unless the client left or a deadline passed. */
function broken(error: unknown, signal: AbortSignal): Failure {
  const failure = transportFailure(error, signal);
  return failure.code === "upstream_unavailable"
    ? new Failure("upstream_failed", "The reply broke off.", { cause: error })
    : failure;
}

async function readRefusal(response: Response): Promise<Refusal> {
  const retryAfter = parseRetryAfter(response.headers["retry-after"]?.toString(), new Date());
  const refusal: Refusal = { status: response.statusCode, retryAfter };
  try {
    let text = "";
    for await (const part of response.body) {
      text += part;
      if (text.length > MAX_ERROR_BYTES) break;
    }
    const { error } = JSON.parse(text) as { error?: { code?: string; param?: string } };
    return { ...refusal, code: error?.code, param: error?.param };
  } catch {
    return refusal;
  }
}
