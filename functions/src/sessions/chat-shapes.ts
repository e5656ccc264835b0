import { z } from "zod";
import { nanoToUsd } from "../openai/pricing";
import type { ChatReply } from "./chat-engine";
import { APOLOGY } from "./guard";
import type { TurnSpent } from "./spent";

const ToolCallObject = z.object({
  id: z.string(),
  type: z.literal("function"),
  function: z.object({ name: z.string(), arguments: z.string().describe("JSON, as the model wrote it.") }),
});

const ChatUsage = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  prompt_tokens_details: z.object({ cached_tokens: z.int() }),
  completion_tokens_details: z.object({ reasoning_tokens: z.int() }),
  cost_usd: z.number().nullable().describe("US dollars; null where the model has no known price."),
  estimated: z.literal(true).optional().describe("The provider did not say; these are our estimates."),
});

export const ChatCompletionObject = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string().describe("As it was asked for."),
    choices: z.array(
      z.object({
        index: z.literal(0),
        message: z.object({
          role: z.literal("assistant"),
          content: z.string().nullable(),
          refusal: z.string().nullable(),
          reasoning_content: z.string().optional().describe("Where the provider tells it."),
          reasoning: z.string().optional().describe("Where the provider tells it."),
          tool_calls: z.array(ToolCallObject).optional(),
          annotations: z.array(z.unknown()),
        }),
        logprobs: z.record(z.string(), z.unknown()).nullable(),
        finish_reason: z
          .string()
          .describe("`content_filter`: an assistant's reply would have given its prompt away."),
      }),
    ),
    usage: ChatUsage,
    service_tier: z.literal("default"),
    system_fingerprint: z.string().nullable(),
  })
  .meta({ id: "ChatCompletion" });

export type ChatCompletion = z.input<typeof ChatCompletionObject>;

type Logprobs = Record<string, unknown> | null;
type Head = { id: string; created: number; model: string };

/** A finished reply as a completion. One that was held back says sorry, as everywhere, whatever had given it away. */
export function showCompletion(head: Head, reply: ChatReply, logprobs: Logprobs): ChatCompletion {
  const { message, blocked, finishReason, spent, fingerprint } = reply;
  const calls = message.tool_calls?.filter(Boolean); // some providers do not count from 0
  const said = blocked
    ? { content: APOLOGY, refusal: null }
    : { ...message, ...(calls ? { tool_calls: calls } : {}) };
  return {
    ...head,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", ...said, annotations: [] },
        logprobs,
        finish_reason: blocked ? "content_filter" : finishReason,
      },
    ],
    usage: showChatUsage(spent),
    service_tier: "default",
    system_fingerprint: fingerprint,
  };
}

function showChatUsage({ inputTokens, cachedTokens, outputTokens, ...spent }: TurnSpent) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
    completion_tokens_details: { reasoning_tokens: spent.reasoningTokens ?? 0 },
    cost_usd: spent.costNano === null ? null : nanoToUsd(spent.costNano),
    ...(spent.estimated ? { estimated: true as const } : {}),
  };
}
