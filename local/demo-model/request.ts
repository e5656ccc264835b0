import { ApiError, badField, unsupportedParameter } from "./errors.ts";

type Role = "system" | "developer" | "user" | "assistant" | "tool";

/** One message, its content as plain text; images are only counted. */
export type Message = { role: Role; content: string; images?: number };

/** A function that may be called; `parameters` is a JSON schema. */
export type Tool = { name: string; parameters: unknown };
export type ToolChoice = "none" | "auto" | "required" | { name: string };
/** Null for plain text; else what the JSON schema allows, or any object. */
export type Format = { schema: unknown } | null;

/** A checked request for a completion; `maxTokens` from either of its two names. */
export type ChatRequest = {
  model: string;
  messages: Message[];
  stream: boolean;
  includeUsage: boolean;
  maxTokens: number;
  stop: string[];
  tools: Tool[];
  toolChoice: ToolChoice;
  format: Format;
};

type Body = Record<string, unknown>;

const ROLES: readonly string[] = ["system", "assistant", "user", "tool", "developer"];

// Every parameter of the endpoint's reference page; what this server has no use for is taken and left alone.
const PARAMETERS = new Set(
  (
    "messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens " +
    "max_tokens metadata modalities moderation n parallel_tool_calls prediction presence_penalty " +
    "prompt_cache_key prompt_cache_options prompt_cache_retention reasoning_effort response_format " +
    "safety_identifier seed service_tier stop store stream stream_options temperature tool_choice tools " +
    "top_logprobs top_p user verbosity web_search_options"
  ).split(" "),
);

const DECIMALS: readonly [name: string, min: number, max: number][] = [
  ["temperature", 0, 2],
  ["top_p", 0, 1],
  ["frequency_penalty", -2, 2],
  ["presence_penalty", -2, 2],
];

/** Any JSON object; an array is none. */
export const isRecord = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const typeName = (value: unknown) =>
  value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;

const wrongType = (param: string, expected: string, value: unknown) =>
  badField(
    param,
    "invalid_type",
    `Invalid type for '${param}': expected ${expected}, but got ${typeName(value)} instead.`,
  );

const missing = (param: string) =>
  badField(param, "missing_required_parameter", `Missing required parameter: '${param}'.`);

function readContent(param: string, content: unknown): { content: string; images?: number } {
  if (typeof content === "string") return { content };
  if (!Array.isArray(content)) throw wrongType(param, "one of a string or array of objects", content);
  const images = content.filter((part) => isRecord(part) && part.type === "image_url").length;
  const text = content.map((part: unknown, i) => readPart(`${param}[${i}]`, part)).join("");
  return images > 0 ? { content: text, images } : { content: text };
}

/** Only an address or the image itself: what is in it, this server does not look at. */
function readImage(param: string, part: Body): string {
  const url = isRecord(part.image_url) ? part.image_url.url : undefined;
  if (typeof url !== "string") throw missing(`${param}.image_url.url`);
  if (/^(https?:\/\/|data:image\/[a-z+]+;base64,)/.test(url)) return "";
  throw badField(`${param}.image_url.url`, "invalid_image_url", "Expected a URL or a base64-encoded image.");
}

function readPart(param: string, part: unknown): string {
  if (!isRecord(part)) throw wrongType(param, "an object", part);
  if (part.type === "image_url") return readImage(param, part);
  if (part.type === "refusal") return "";
  if (part.type !== "text") {
    throw badField(
      `${param}.type`,
      "invalid_value",
      `Invalid value: '${part.type}'. Supported values are: 'text', 'image_url' and 'refusal'.`,
    );
  }
  if (typeof part.text !== "string") throw wrongType(`${param}.text`, "a string", part.text);
  return part.text;
}

function readMessage(raw: unknown, index: number): Message {
  const param = `messages[${index}]`;
  if (!isRecord(raw)) throw wrongType(param, "an object", raw);
  const { role, content } = raw;
  if (role === undefined) throw missing(`${param}.role`);
  if (typeof role !== "string" || !ROLES.includes(role)) {
    const names = ROLES.map((name) => `'${name}'`).join(", ");
    throw badField(
      `${param}.role`,
      "invalid_value",
      `Invalid value: '${role}'. Supported values are: ${names}.`,
    );
  }
  const silent = role === "assistant" && raw.tool_calls !== undefined && (content ?? null) === null;
  return { role: role as Role, ...readContent(`${param}.content`, silent ? "" : (content ?? null)) };
}

/** Every result of a tool must follow the message that called it. */
function checkToolResults(messages: readonly unknown[]): void {
  let open = new Set<unknown>();
  messages.forEach((message, index) => {
    if (!isRecord(message)) return;
    if (message.role !== "tool") {
      const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
      open = new Set(calls.map((call) => (isRecord(call) ? call.id : undefined)));
      return;
    }
    if (open.delete(message.tool_call_id)) return;
    const must = "messages with role 'tool' must be a response to a preceding message with 'tool_calls'.";
    throw badField(`messages.[${index}].role`, null, `Invalid parameter: ${must}`);
  });
}

function readTool(raw: unknown, index: number): Tool {
  const param = `tools[${index}]`;
  if (!isRecord(raw)) throw wrongType(param, "an object", raw);
  if (!isRecord(raw.function) || typeof raw.function.name !== "string") {
    throw missing(`${param}.function.name`);
  }
  return { name: raw.function.name, parameters: raw.function.parameters };
}

function readTools({ tools, tool_choice: choice }: Body): { tools: Tool[]; toolChoice: ToolChoice } {
  const list = tools ?? [];
  if (!Array.isArray(list)) throw wrongType("tools", "an array of objects", tools);
  if (list.length === 0 && choice !== undefined) {
    throw badField("tool_choice", null, "'tool_choice' is only allowed when 'tools' are specified.");
  }
  const named = isRecord(choice) && isRecord(choice.function) ? choice.function.name : undefined;
  const toolChoice = typeof named === "string" ? { name: named } : ((choice ?? "auto") as ToolChoice);
  return { tools: list.map(readTool), toolChoice };
}

function readFormat({ response_format: format }: Body): Format {
  if (!isRecord(format) || format.type === "text") return null;
  if (format.type === "json_object") {
    return { schema: { type: "object", properties: { reply: { type: "string" } } } };
  }
  if (!isRecord(format.json_schema)) throw missing("response_format.json_schema");
  return { schema: format.json_schema.schema };
}

function checkDecimals(body: Body): void {
  for (const [name, min, max] of DECIMALS) {
    const value = body[name] ?? null;
    if (value === null) continue;
    if (typeof value !== "number") throw wrongType(name, "a decimal", value);
    if (value >= min && value <= max) continue;
    const [word, sign, bound] = value < min ? ["below minimum", ">=", min] : ["above maximum", "<=", max];
    const code = value < min ? "decimal_below_min_value" : "decimal_above_max_value";
    const expected = `Expected a value ${sign} ${bound}, but got ${value} instead.`;
    throw badField(name, code, `Invalid '${name}': decimal ${word} value. ${expected}`);
  }
}

function readCount(body: Body, name: string): number | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(name, "an integer", value);
  if (value >= 1) return value;
  const expected = `Expected a value >= 1, but got ${value} instead.`;
  throw badField(
    name,
    "integer_below_min_value",
    `Invalid '${name}': integer below minimum value. ${expected}`,
  );
}

function readMaxTokens(body: Body): number {
  const older = readCount(body, "max_tokens");
  const newer = readCount(body, "max_completion_tokens");
  if (older !== undefined && newer !== undefined) {
    const message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
    throw badField("max_tokens", "invalid_parameter_combination", message);
  }
  return newer ?? older ?? Number.POSITIVE_INFINITY;
}

function readStream(body: Body): { stream: boolean; includeUsage: boolean } {
  const stream = body.stream ?? false;
  if (typeof stream !== "boolean") throw wrongType("stream", "a boolean", stream);
  const options = body.stream_options ?? null;
  if (options === null) return { stream, includeUsage: false };
  if (!isRecord(options)) throw wrongType("stream_options", "an object", options);
  if (!stream) {
    const message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
    throw badField("stream_options", null, message);
  }
  return { stream, includeUsage: options.include_usage === true };
}

function readStop(value: unknown): string[] {
  const words = typeof value === "string" ? [value] : (value ?? []);
  if (!Array.isArray(words)) throw wrongType("stop", "one of a string or array of strings", value);
  return words.filter((word): word is string => typeof word === "string" && word !== "");
}

/** The model's name, which every other check depends on; throws 400. */
export function readModel(body: unknown): string {
  if (!isRecord(body)) {
    throw new ApiError(400, "We could not parse the JSON body of your request: it must be an object.");
  }
  if (body.model === undefined || body.model === "") throw missing("model");
  if (typeof body.model !== "string") throw wrongType("model", "a string", body.model);
  return body.model;
}

/** Checks a body of POST /v1/chat/completions the way OpenAI does; throws 400 naming the field. */
export function readChatRequest(body: unknown): ChatRequest {
  const model = readModel(body);
  const fields = body as Body;
  const unknown = Object.keys(fields).find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined) throw badField(unknown, "unknown_parameter", `Unknown parameter: '${unknown}'.`);
  if (fields.messages === undefined) throw missing("messages");
  if (!Array.isArray(fields.messages)) throw wrongType("messages", "an array of objects", fields.messages);
  if (fields.messages.length === 0) {
    const message = "Invalid 'messages': empty array. Expected an array with minimum length 1.";
    throw badField("messages", "empty_array", message);
  }
  const messages = fields.messages.map(readMessage);
  checkToolResults(fields.messages);
  checkDecimals(fields);
  if ((readCount(fields, "n") ?? 1) > 1)
    throw badField("n", "unsupported_value", "Only 'n' = 1 is supported.");
  return {
    model,
    messages,
    maxTokens: readMaxTokens(fields),
    stop: readStop(fields.stop),
    ...readTools(fields),
    format: readFormat(fields),
    ...readStream(fields),
  };
}

/** What reasoning models refuse; throws 400 unsupported_parameter. */
export function checkReasoning(body: unknown): void {
  const fields = body as Body;
  const refuses = (name: string) => (fields[name] ?? null) !== null;
  if (refuses("max_tokens")) throw unsupportedParameter("max_tokens", "max_completion_tokens");
  const refused = DECIMALS.find(([name]) => refuses(name));
  if (refused) throw unsupportedParameter(refused[0]);
}
