import { z } from "zod";
import { LIMITS, modelName } from "../bots/operations";
import { Failure } from "../errors";
import {
  type ChatMessageInput,
  callerNames,
  dials,
  jsonObject,
  reasoningEffort,
  serviceTier,
  tokenLimit,
  toolName,
  verbosity,
} from "./chat-input";

const MAX_ITEMS = 1_000;
const MAX_PARTS = 100;

const inputText = z.strictObject({ type: z.literal("input_text"), text: z.string() });
// An earlier answer comes back as it was given, with what the SDK added to it: the rest is left aside.
const outputText = z.object({ type: z.literal("output_text"), text: z.string() });
const outputRefusal = z.object({ type: z.literal("refusal"), refusal: z.string() });
const inputImage = z.strictObject({
  type: z.literal("input_image"),
  image_url: z.string().regex(/^(https:\/\/|data:image\/)/, "must begin with https:// or data:image/"),
  detail: z.enum(["auto", "low", "high"]).optional(),
});

const parts = <T extends z.ZodType>(part: T) => z.union([z.string(), z.array(part).min(1).max(MAX_PARTS)]);

const message = z.union([
  z.object({
    type: z.literal("message").optional(),
    role: z.enum(["user", "system", "developer"]),
    content: parts(z.discriminatedUnion("type", [inputText, inputImage])),
  }),
  z.object({
    type: z.literal("message").optional(),
    role: z.literal("assistant"),
    content: parts(z.discriminatedUnion("type", [outputText, outputRefusal])),
  }),
]);

const functionCall = z.object({
  type: z.literal("function_call"),
  call_id: z.string().min(1).max(100),
  name: z.string().min(1).max(100),
  arguments: z.string(),
});

const functionOutput = z.object({
  type: z.literal("function_call_output"),
  call_id: z.string().min(1).max(100),
  output: z.string(),
});

const InputItem = z.union([message, functionCall, functionOutput]).meta({ id: "ResponseInputItem" });
type Item = z.output<typeof InputItem>;

const tool = z.strictObject({
  type: z.literal("function"),
  name: toolName,
  description: z.string().nullish(),
  parameters: jsonObject.nullish(),
  strict: z.boolean().nullish(),
});

const format = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text") }),
  z.strictObject({ type: z.literal("json_object") }),
  z.strictObject({
    type: z.literal("json_schema"),
    name: z.string().max(64),
    description: z.string().optional(),
    schema: jsonObject,
    strict: z.boolean().nullish(),
  }),
]);

export const responseInput = z.strictObject({
  model: modelName
    .optional()
    .describe("An assistant (`id`, or `id@version`), or a plain model; may be left out to go on."),
  input: z.union([z.string().min(1), z.array(InputItem).min(1).max(MAX_ITEMS)]),
  instructions: z.string().max(LIMITS.initial_prompt).nullish().describe("Follow the assistant's prompt."),
  previous_response_id: z
    .string()
    .max(100)
    .nullish()
    .describe("Goes on from there: in the same session, or, from an earlier response, in a new one."),
  store: z
    .boolean()
    .nullish()
    .describe("`false` keeps nothing. Assistants keep a session unless told so; plain models never do."),
  ...dials,
  max_output_tokens: tokenLimit,
  metadata: z
    .record(z.string().max(64), z.string().max(512))
    .refine((pairs) => Object.keys(pairs).length <= 16, "at most 16 pairs")
    .nullish(),
  text: z.strictObject({ format: format.optional(), verbosity }).optional(),
  reasoning: z.strictObject({ effort: reasoningEffort, summary: z.null().optional() }).nullish(),
  tools: z.array(tool).max(128).optional().describe("Functions, with `store: false`."),
  tool_choice: z
    .union([
      z.enum(["none", "auto", "required"]),
      z.strictObject({ type: z.literal("function"), name: toolName }),
    ])
    .optional(),
  parallel_tool_calls: z.boolean().nullish(),
  ...callerNames,
  service_tier: serviceTier,
  truncation: z.enum(["auto", "disabled"]).nullish(),
  background: z.literal(false).nullish(),
  include: z.array(z.never("nothing can be included")).nullish(),
  stream: z.boolean().nullish().describe("Answers with OpenAI's typed events."),
  stream_options: z.strictObject({ include_obfuscation: z.boolean().optional() }).nullish(),
});

export type ResponseInput = z.output<typeof responseInput>;

export const refuse = (param: string, why: string) =>
  new Failure("invalid_request", `${param}: ${why}`, { param });

const itemsOf = ({ input }: ResponseInput): Item[] =>
  typeof input === "string" ? [{ role: "user", content: input }] : input;

const partText = (part: z.output<typeof outputText | typeof outputRefusal>) =>
  part.type === "refusal" ? part.refusal : part.text;

/** What was said at once, on both sides; `message` is null for words of the assistant that answer nothing. */
export type Exchange = { message: string | null; reply: string };

/** The input of a conversation that is kept: what had been said before, and what is said now. */
export type Said = { earlier: Exchange[]; message: string; instructions: string | null };

/**
 * Reads an input as a conversation in words. Several messages of one side in a row are one; instructions count for this
 * response. @throws Failure naming what a kept conversation can not hold
 */
export function readSaid(input: ResponseInput): Said {
  if (input.tools?.length)
    throw refuse("tools", "a kept conversation has none; send `store: false` with them");
  const earlier: Exchange[] = [];
  const instructions = input.instructions ? [input.instructions] : [];
  let words: string[] = [];
  itemsOf(input).forEach((item, index) => {
    if ("call_id" in item) throw refuse(`input.${index}`, "calls need `store: false`");
    const text = wordsOf(item, index);
    if (item.role === "user") words.push(text);
    else if (item.role !== "assistant") instructions.push(text);
    else if (words.length > 0 || earlier.length === 0) {
      earlier.push({ message: words.length > 0 ? words.join("\n\n") : null, reply: text });
      words = [];
    } else (earlier.at(-1) as Exchange).reply += `\n\n${text}`;
  });
  const message = words.join("\n\n").toWellFormed().trim();
  if (message === "") throw refuse("input", "must end with a message of the user");
  if (message.length > LIMITS.message) throw refuse("input", `at most ${LIMITS.message} characters`);
  return { earlier, message, instructions: instructions.join("\n\n") || null };
}

function wordsOf({ content }: Extract<Item, { role: string }>, index: number): string {
  if (typeof content === "string") return content.toWellFormed();
  const texts = content.map((part, place) => {
    if (part.type === "input_image") {
      throw refuse(`input.${index}.content.${place}.type`, "pictures need `store: false`");
    }
    return part.type === "input_text" ? part.text : partText(part);
  });
  return texts.join("").toWellFormed();
}

/** An input as messages of a chat that nobody keeps, pictures and calls included. */
export function readMessages(input: ResponseInput): ChatMessageInput[] {
  const messages: ChatMessageInput[] = [];
  if (input.instructions) messages.push({ role: "system", content: input.instructions });
  for (const item of itemsOf(input)) {
    const last = messages.at(-1);
    if (!("call_id" in item)) messages.push(readMessage(item));
    else if (item.type === "function_call_output") {
      messages.push({ role: "tool", tool_call_id: item.call_id, content: item.output });
    } else {
      const { call_id: id, name, arguments: written } = item;
      const call = { id, type: "function" as const, function: { name, arguments: written } };
      if (last?.role === "assistant") last.tool_calls = [...(last.tool_calls ?? []), call];
      else messages.push({ role: "assistant", content: null, tool_calls: [call] });
    }
  }
  return messages;
}

function readMessage({ role, content }: Extract<Item, { role: string }>): ChatMessageInput {
  if (role === "assistant") {
    return { role, content: typeof content === "string" ? content : content.map(partText).join("") };
  }
  const text = typeof content === "string" ? content : null;
  if (role === "user") return { role, content: text ?? (content as InputPart[]).map(chatPart) };
  const texts = (content as InputPart[]).filter((part) => part.type === "input_text");
  return { role, content: text ?? texts.map((part) => part.text).join("\n\n") };
}

type InputPart = z.output<typeof inputText | typeof inputImage>;

const chatPart = (part: InputPart) =>
  part.type === "input_text"
    ? { type: "text" as const, text: part.text }
    : {
        type: "image_url" as const,
        image_url: { url: part.image_url, ...(part.detail ? { detail: part.detail } : {}) },
      };

/** Parameters by the names that chat completions have for them; what was not given is left out. */
export function chatParameters(input: ResponseInput): Record<string, unknown> {
  const { text, reasoning, tools, tool_choice: choice, user, safety_identifier, prompt_cache_key } = input;
  const named = typeof choice === "object" ? { type: "function", function: { name: choice.name } } : choice;
  const all = {
    user,
    safety_identifier,
    prompt_cache_key,
    service_tier: input.service_tier,
    reasoning_effort: reasoning?.effort,
    verbosity: text?.verbosity,
    response_format: chatFormat(text?.format),
    ...(tools?.length
      ? {
          tools: tools.map(({ type, ...named }) => ({ type, function: withoutNulls(named) })),
          tool_choice: named,
          parallel_tool_calls: input.parallel_tool_calls,
        }
      : {}),
  };
  return withoutNulls(all);
}

function chatFormat(asked: z.output<typeof format> | undefined): object | undefined {
  if (asked?.type !== "json_schema") return asked;
  const { type, ...schema } = asked;
  return { type, json_schema: withoutNulls(schema) };
}

const withoutNulls = (fields: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => (value ?? null) !== null));
