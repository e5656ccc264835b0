import { z } from "zod";
import { modelName } from "../bots/operations";
import { Failure } from "../errors";

const MAX_MESSAGES = 1_000;
const MAX_PARTS = 100;
const MAX_TOOLS = 128;

const textPart = z.strictObject({ type: z.literal("text"), text: z.string() });

const refusalPart = z.strictObject({ type: z.literal("refusal"), refusal: z.string() });

/** An address is fetched by the provider, never by us. */
const imagePart = z.strictObject({
  type: z.literal("image_url"),
  image_url: z.strictObject({
    url: z
      .string()
      .regex(/^(https:\/\/|data:image\/)/, "must begin with https:// or data:image/")
      .describe("An https address, or the image itself as a data URL."),
    detail: z.enum(["auto", "low", "high"]).optional(),
  }),
});

const text = z.union([z.string(), z.array(textPart).min(1).max(MAX_PARTS)]);
const name = z.string().max(64).optional();
export const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "is not a name of a tool");

const toolCall = z.object({
  id: z.string().min(1).max(100),
  type: z.literal("function"),
  function: z.object({ name: z.string().min(1).max(100), arguments: z.string() }),
});

export const ChatMessageInput = z
  .discriminatedUnion("role", [
    z.strictObject({ role: z.literal("system"), content: text, name }),
    z.strictObject({ role: z.literal("developer"), content: text, name }),
    z.strictObject({
      role: z.literal("user"),
      content: z.union([
        z.string(),
        z
          .array(z.discriminatedUnion("type", [textPart, imagePart]))
          .min(1)
          .max(MAX_PARTS),
      ]),
      name,
    }),
    // Clients send an earlier answer back as they got it, with what their SDK added: the rest is left aside.
    z.object({
      role: z.literal("assistant"),
      content: z
        .union([
          z.string(),
          z
            .array(z.discriminatedUnion("type", [textPart, refusalPart]))
            .min(1)
            .max(MAX_PARTS),
        ])
        .nullish(),
      refusal: z.string().nullish(),
      name,
      tool_calls: z.array(toolCall).min(1).max(MAX_TOOLS).optional(),
    }),
    z.strictObject({
      role: z.literal("tool"),
      content: text,
      tool_call_id: z.string().min(1).max(100).describe("The call this is the result of."),
    }),
  ])
  .meta({ id: "ChatMessage" });

export type ChatMessageInput = z.output<typeof ChatMessageInput>;

/** Any JSON: schemas of tools and replies are the provider's to judge. */
export const jsonObject = z.record(z.string(), z.unknown());

const functionTool = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({
    name: toolName,
    description: z.string().optional(),
    parameters: jsonObject.optional(),
    strict: z.boolean().nullish(),
  }),
});

const jsonSchema = {
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "is not a name of a format"),
  description: z.string().optional(),
  schema: jsonObject.optional(),
  strict: z.boolean().nullish(),
};

const responseFormat = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text") }),
  z.strictObject({ type: z.literal("json_object") }),
  z.strictObject({ type: z.literal("json_schema"), json_schema: z.strictObject(jsonSchema) }),
]);

/** The dials of a reply, by the names that both of OpenAI's endpoints use. */
export const dials = {
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
};

export const tokenLimit = z.int().min(1).max(1_000_000).nullish();
export const reasoningEffort = z.enum(["none", "minimal", "low", "medium", "high", "xhigh"]).nullish();
export const verbosity = z.enum(["low", "medium", "high"]).nullish();

/** What only names the caller, or steers the provider's cache; passed on. */
export const callerNames = {
  user: z.string().max(512).nullish(),
  safety_identifier: z.string().max(512).nullish(),
  prompt_cache_key: z.string().max(512).nullish(),
};

/** Other tiers have other prices, which the catalogue does not hold. */
export const serviceTier = z.enum(["auto", "default"]).nullish();

export const chatInput = z.strictObject({
  model: modelName.describe("An assistant (`id`, or `id@version`), or a plain model."),
  messages: z.array(ChatMessageInput).min(1).max(MAX_MESSAGES),
  ...dials,
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  max_tokens: tokenLimit,
  max_completion_tokens: tokenLimit,
  stop: z
    .union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).max(4)])
    .nullish()
    .describe("Up to 4 texts at which the reply ends."),
  seed: z.int().nullish(),
  n: z.literal(1, "only 1: send the request as often as you want replies").nullish(),
  tools: z.array(functionTool).min(1).max(MAX_TOOLS).optional(),
  tool_choice: z
    .union([
      z.enum(["none", "auto", "required"]),
      z.strictObject({ type: z.literal("function"), function: z.strictObject({ name: toolName }) }),
    ])
    .optional(),
  parallel_tool_calls: z.boolean().optional(),
  response_format: responseFormat.optional(),
  reasoning_effort: reasoningEffort,
  verbosity,
  ...callerNames,
  service_tier: serviceTier,
  modalities: z.array(z.literal("text")).min(1).max(1).nullish(),
  store: z.literal(false, "nothing is kept here: use /v1/responses for conversations").nullish(),
  logprobs: z.boolean().nullish().describe("Plain models only."),
  top_logprobs: z.int().min(0).max(20).nullish().describe("Plain models only."),
  logit_bias: z.record(z.string(), z.number().min(-100).max(100)).nullish().describe("Plain models only."),
  prediction: z
    .strictObject({ type: z.literal("content"), content: text })
    .nullish()
    .describe("Plain models only."),
  stream: z.boolean().nullish().describe("Answers with chunks in OpenAI's framing of server-sent events."),
  stream_options: z
    .strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() })
    .nullish(),
});

export type ChatInput = z.output<typeof chatInput>;

/** They show what the model weighed, or let a caller compare a guess with the prompt. */
const PLAIN_ONLY = ["logprobs", "top_logprobs", "logit_bias", "prediction"] as const;

/** @throws Failure naming the first parameter that assistants do not take */
export function refusePlainOnly(input: ChatInput): void {
  const param = PLAIN_ONLY.find((name) => input[name]);
  if (param) throw new Failure("invalid_request", `${param}: is not available with assistants`, { param });
}

/** The parameters that go upstream by the name and value they came with. */
const PASSED_ON = [
  "stop",
  "seed",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "reasoning_effort",
  "verbosity",
  "user",
  "safety_identifier",
  "prompt_cache_key",
  "service_tier",
  "logprobs",
  "top_logprobs",
  "logit_bias",
  "prediction",
] as const satisfies (keyof ChatInput)[];

/** What goes upstream besides the dials; null means not given. */
export const passedOn = (input: ChatInput): Record<string, unknown> =>
  Object.fromEntries(
    PASSED_ON.flatMap((name) => ((input[name] ?? null) === null ? [] : [[name, input[name]]])),
  );
