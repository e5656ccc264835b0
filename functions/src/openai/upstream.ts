import type { Config } from "../config";
import { Failure } from "../errors";
import type { Log } from "../log";
import { isChatModel, recommendedOrder } from "./catalogue";
import { parseRetryAfter, refusalFailure, transportFailure } from "./failures";
import { askModeration, type Moderation } from "./moderation";
import { RETRY_POLICY, type RetryPolicy, withRetries } from "./retry";
import { type Choice, type Completion, createAgent, DEADLINES, type Deadlines, streamChat } from "./stream";
import type { SizedMessage } from "./tokens";

export type UpstreamOptions = { deadlines?: Partial<Deadlines>; retry?: Partial<RetryPolicy> };

export type ChatRequest = {
  apiKey: string;
  model: string;
  messages: readonly SizedMessage[];
  /** All other parameters, already reduced to those the model accepts. */
  sampling: Record<string, unknown>;
  signal: AbortSignal;
  /** Receives the reply's words, a refusal's too. */
  onDelta: (text: string) => void;
  /** Every attempt goes through here, where somebody else than the caller pays (users/app-key-funding.ts). */
  paid?: (attempt: () => Promise<Completion>) => Promise<Completion>;
  /** Receives every piece as the provider sent it: calls of tools and reasoning too. */
  onChoice?: ((choice: Choice) => void) | undefined;
};

const LIST_TIMEOUT_MS = 20_000;
const PING_TIMEOUT_MS = 5_000;

/** The one provider of this deployment. Keys are arguments: nothing here remembers a caller. */
export function createUpstream(config: Config, log: Log, options: UpstreamOptions = {}) {
  const deadlines = { ...DEADLINES, ...options.deadlines };
  const policy = { ...RETRY_POLICY, ...options.retry };
  const agent = createAgent(deadlines);

  const client = async (apiKey: string) => {
    const { OpenAI } = await import("openai");
    return new OpenAI({ apiKey, baseURL: config.openaiBaseUrl, maxRetries: 0, timeout: LIST_TIMEOUT_MS });
  };

  return {
    deadlines,

    /** The chat models a key may use, recommended ones first. @throws Failure typed by why the key is refused */
    async listModels(apiKey: string, signal: AbortSignal): Promise<string[]> {
      const openai = await client(apiKey);
      const ids: string[] = [];
      try {
        for await (const model of openai.models.list({ signal })) ids.push(model.id);
      } catch (error) {
        throw sdkFailure(error, signal);
      }
      return recommendedOrder(ids.filter(isChatModel));
    },

    /** Whether the provider answers at all; without a key, its refusal is the answer. */
    async ping(): Promise<boolean> {
      const { request } = await import("undici");
      const signal = AbortSignal.timeout(PING_TIMEOUT_MS);
      const url = `${config.openaiBaseUrl}/models`;
      return request(url, { dispatcher: agent, signal }).then(
        async ({ statusCode, body }) => {
          await body.dump();
          return statusCode < 500;
        },
        () => false,
      );
    },

    /** Whether a key may use a model that its stored list does not hold. */
    async hasModel(apiKey: string, model: string, signal: AbortSignal): Promise<boolean> {
      const openai = await client(apiKey);
      try {
        await openai.models.retrieve(model, { signal });
        return true;
      } catch (error) {
        const failure = sdkFailure(error, signal);
        if (failure.code === "model_not_available" || failure.code === "upstream_rejected") return false;
        throw failure;
      }
    },

    /** What the provider's moderation says of a text; null where it has none. Asked once. @throws Failure */
    moderate(request: { apiKey: string; text: string; signal: AbortSignal }): Promise<Moderation | null> {
      return askModeration({ url: `${config.openaiBaseUrl}/moderations`, agent, ...request });
    },

    /** One reply, streamed to `onDelta`, retried only while nothing has arrived. @throws Failure */
    chat(request: ChatRequest): Promise<Completion> {
      let started = false;
      const { apiKey, model, messages, sampling, paid = (attempt) => attempt() } = request;
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(deadlines.turnMs)]);
      const body = {
        model,
        messages,
        ...sampling,
        store: false,
        stream: true,
        stream_options: { include_usage: true },
      };
      const onDelta = (text: string) => {
        started = true;
        request.onDelta(text);
      };
      const onChoice = (choice: Choice) => {
        started = true;
        request.onChoice?.(choice);
      };
      const attempt = async (number: number) => {
        const from = Date.now();
        try {
          const url = `${config.openaiBaseUrl}/chat/completions`;
          return await paid(() => streamChat({ url, apiKey, body, agent, signal, onDelta, onChoice }));
        } catch (error) {
          const failure = error as Failure;
          log.upstreamFailed({ model, code: failure.code, attempt: number, ms: Date.now() - from });
          throw failure;
        }
      };
      return withRetries(attempt, { policy, signal, started: () => started });
    },
  };
}

export type Upstream = ReturnType<typeof createUpstream>;

/** The SDK's errors in our words: a response it read, or a connection that broke. */
function sdkFailure(error: unknown, signal: AbortSignal): Failure {
  const { status, code, headers, name } = error as {
    status?: number;
    code?: string;
    headers?: Headers;
    name?: string;
  };
  if (status !== undefined) {
    const retryAfter = parseRetryAfter(headers?.get("retry-after") ?? undefined, new Date());
    return refusalFailure({ status, code, retryAfter });
  }
  if (name === "APIConnectionTimeoutError") {
    return new Failure("upstream_timeout", "The model provider took too long to answer.", { cause: error });
  }
  return transportFailure(error, signal);
}
