import type { Message, Tool, ToolChoice } from "./request.ts";

export type ToolCall = { name: string; arguments: string };

type Schema = Record<string, unknown>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A value that a JSON schema allows: every property, the first of an enum, one item of an array, `text` for strings.
 */
export function exampleOf(schema: unknown, text: string): unknown {
  if (!isSchema(schema)) return text;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if ("const" in schema) return schema.const;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "object" || isSchema(schema.properties)) {
    const properties = isSchema(schema.properties) ? schema.properties : {};
    return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, exampleOf(one, text)]));
  }
  if (type === "array") return [exampleOf(schema.items, text)];
  if (type === "number" || type === "integer") return 1;
  if (type === "boolean") return true;
  return type === "null" ? null : text;
}

/** `get_weather`, `getWeather` → get, weather. */
const wordsOf = (name: string) =>
  name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/);

const mentions = (message: string, { name }: Tool) =>
  wordsOf(name).some((word) => word.length > 3 && message.toLowerCase().includes(word));

/**
 * The tools a reply calls: the one that is chosen by name; else, where a call is required, the first; else those whose
 * name the user's newest message mentions. After a tool's result there is nothing more to call.
 */
export function chooseTools(
  messages: readonly Message[],
  tools: readonly Tool[],
  choice: ToolChoice,
): Tool[] {
  const last = messages.at(-1);
  if (choice === "none" || last?.role !== "user") return [];
  if (typeof choice === "object") return tools.filter(({ name }) => name === choice.name);
  const mentioned = tools.filter((tool) => mentions(last.content, tool));
  return mentioned.length === 0 && choice === "required" ? tools.slice(0, 1) : mentioned;
}

/** A call with every argument filled in; its texts are the words given, or what the user said last. */
export const callTool = ({ name, parameters }: Tool, text: string): ToolCall => ({
  name,
  arguments: JSON.stringify(exampleOf(parameters, text) ?? {}),
});
