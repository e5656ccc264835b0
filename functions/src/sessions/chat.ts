import { z } from "zod";
import { modelName } from "../bots/operations";
import { Failure, toFailure } from "../errors";
import { findModel, samplingFor } from "../openai/catalogue";
import { costNano, nanoToUsd } from "../openai/pricing";
import { estimateMessages, estimateTokens } from "../openai/tokens";
import { operation } from "../operation";
import type { Services } from "../services";
import { requirePlainModels } from "../users/app-key-access";
import type { User } from "../users/authenticate";
import type { Spent } from "../users/store";

const MAX_MESSAGES = 1_000;

const ChatMessageInput = z
  .strictObject({
    role: z.enum(["system", "developer", "user", "assistant", "tool"]),
    content: z.string(),
    name: z.string().max(64).optional(),
    tool_call_id: z.string().max(100).optional().describe("For the role `tool`."),
  })
  .meta({ id: "ChatMessage" });

const chatInput = z.strictObject({
  model: modelName,
  messages: z.array(ChatMessageInput).min(1).max(MAX_MESSAGES),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  max_tokens: z.int().min(1).max(1_000_000).nullish(),
  max_completion_tokens: z.int().min(1).max(1_000_000).nullish(),
  stop: z
    .union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).max(4)])
    .nullish()
    .describe("Up to 4 texts at which the reply ends."),
  seed: z.int().nullish(),
  user: z.string().max(512).nullish(),
  stream: z.boolean().nullish().describe("Answers with chunks in OpenAI's framing of server-sent events."),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish(),
});

const ChatCompletionObject = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.literal(0),
        message: z.object({ role: z.literal("assistant"), content: z.string(), refusal: z.null() }),
        logprobs: z.null(),
        finish_reason: z.string(),
      }),
    ),
    usage: z.object({
      prompt_tokens: z.int(),
      completion_tokens: z.int(),
      total_tokens: z.int(),
      prompt_tokens_details: z.object({ cached_tokens: z.int() }),
      cost_usd: z.number().nullable().describe("US dollars; null where the model has no known price."),
      estimated: z.literal(true).optional().describe("The provider did not say; these are our estimates."),
    }),
    system_fingerprint: z.null(),
  })
  .meta({ id: "ChatCompletion" });

export type ChatCompletion = z.infer<typeof ChatCompletionObject>;

type Input = z.output<typeof chatInput>;

/** The id of the completion that a request gets, the same in each of its chunks. */
export const completionId = (requestId: string) => `chatcmpl-${requestId.replace(/^req_/, "")}`;

export const chatCompletions = operation({
  name: "chat.completions",
  route: "POST /chat/completions",
  summary: "OpenAI's chat completions with a plain model: nothing is stored but the day's usage.",
  caller: "user",
  appKeys: "all",
  input: chatInput,
  output: ChatCompletionObject,
  errors: ["model_not_found", "context_too_long", "upstream_rejected", "quota_exhausted", "upstream_failed"],
  run: async ({ services, user, requestId, signal, onDelta }, input) => {
    requirePlainModels(user);
    await checkModel(services, user, input.model, signal);
    let text = "";
    const { apiKey } = user;
    const { model, messages } = input;
    const sampling = parametersOf(input);
    const hear = (delta: string) => {
      text += delta;
      onDelta?.(delta);
    };
    try {
      const request = { apiKey, model, messages, sampling, signal, onDelta: hear };
      const { finishReason, usage, ...said } = await services.upstream.chat(request);
      const spent = countSpent(input, said.text, usage);
      await recordUsage(services, user, spent);
      return completion(requestId, said.text, finishReason, spent, usage === null);
    } catch (error) {
      if (text) await recordUsage(services, user, countSpent(input, text, null));
      throw toFailure(error).code === "model_not_available" ? unknownModel() : error;
    }
  },
});

const unknownModel = () =>
  new Failure("model_not_found", "This model does not exist or is not available to your key.", {
    param: "model",
  });

async function checkModel(
  { upstream }: Services,
  user: User,
  model: string,
  signal: AbortSignal,
): Promise<void> {
  if (user.models.includes(model) || (await upstream.hasModel(user.apiKey, model, signal))) return;
  throw unknownModel();
}

/** What goes upstream: parameters a reasoning model refuses are left out, the token limit goes by its right name. */
function parametersOf(input: Input): Record<string, number | string | string[]> {
  const { stop, seed, user, max_tokens, max_completion_tokens, ...dials } = input;
  const limit = max_completion_tokens ?? max_tokens;
  const further = Object.entries({ stop, seed, user }).filter(([, value]) => (value ?? null) !== null);
  return {
    ...samplingFor(findModel(input.model), { ...dials, max_tokens: limit }),
    ...(Object.fromEntries(further) as Record<string, number | string | string[]>),
  };
}

type Counts = { inputTokens: number; cachedTokens: number; outputTokens: number };

function countSpent({ model, messages }: Input, text: string, usage: Counts | null): Spent {
  const counts = usage ?? {
    inputTokens: estimateMessages(messages),
    cachedTokens: 0,
    outputTokens: estimateTokens(text),
  };
  return { model, ...counts, costNano: costNano(counts, findModel(model)) };
}

/** Adds to the day's usage; the reply stands even where that fails. */
async function recordUsage({ firestore, users, now, log }: Services, user: User, spent: Spent) {
  const batch = firestore.batch();
  users.touch(batch, user.uid, now());
  users.addUsage(batch, user.uid, [spent], now());
  await batch.commit().catch((error) => log.afterReply("usage", error));
}

function completion(
  requestId: string,
  content: string,
  finishReason: string,
  spent: Spent,
  estimated: boolean,
): ChatCompletion {
  const { model, inputTokens, cachedTokens, outputTokens, costNano: nano } = spent;
  return {
    id: completionId(requestId),
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
      prompt_tokens_details: { cached_tokens: cachedTokens },
      cost_usd: nano === null ? null : nanoToUsd(nano),
      ...(estimated ? { estimated: true as const } : {}),
    },
    system_fingerprint: null,
  };
}
