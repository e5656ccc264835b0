import OpenAI from "openai";
import { type DemoModel, startDemoModel } from "./server.ts";

type Params = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;

let demo: DemoModel;
let client: OpenAI;
beforeAll(async () => {
  demo = await startDemoModel({ port: 0, delayMs: 0 });
  client = new OpenAI({
    apiKey: "sk-demo-0123456789abcdef",
    baseURL: demo.url,
    maxRetries: 0,
    logLevel: "off",
  });
});
afterAll(() => demo.close());

const parameters = {
  type: "object",
  properties: {
    place: { type: "string" },
    days: { type: "integer" },
    unit: { enum: ["celsius", "kelvin"] },
    hours: { type: "array", items: { type: "number" } },
    sure: { type: ["boolean", "null"] },
    kind: { const: "forecast" },
    at: { type: "object", properties: { lake: { type: "string" } } },
  },
};
const tool = (name: string): OpenAI.ChatCompletionTool => ({
  type: "function",
  function: { name, parameters },
});
const user = (content: string) => ({ role: "user" as const, content });
const ask = async (content: string, more: Partial<Params> = {}) => {
  const reply = await client.chat.completions.create({
    model: "gpt-4.1-mini",
    messages: [user(content)],
    ...more,
  });
  return reply.choices[0] as OpenAI.ChatCompletion.Choice;
};
const namesIn = ({ message }: OpenAI.ChatCompletion.Choice) =>
  (message.tool_calls ?? []).map((call) => (call.type === "function" ? call.function.name : ""));

test.each([
  ["the one the user mentions", "How is the weather?", {}, ["getWeather"]],
  ["each one the user mentions", "Weather and traffic, please.", {}, ["getWeather", "look_at_traffic"]],
  ["none that nobody mentions", "Hello", {}, []],
  ["the first, where one is required", "Hello", { tool_choice: "required" }, ["getWeather"]],
  ["none, where none is wanted", "How is the weather?", { tool_choice: "none" }, []],
  [
    "the one that is named",
    "How is the weather?",
    { tool_choice: { type: "function", function: { name: "look_at_traffic" } } },
    ["look_at_traffic"],
  ],
] as [string, string, Partial<Params>, string[]][])("calls %s", async (_, content, more, names) => {
  const choice = await ask(content, { tools: [tool("getWeather"), tool("look_at_traffic")], ...more });
  expect(namesIn(choice)).toEqual(names);
  expect(choice.finish_reason).toBe(names.length > 0 ? "tool_calls" : "stop");
});

test("arguments and replies are what the schema allows", async () => {
  const example = {
    place: "How is the weather?",
    days: 1,
    unit: "celsius",
    hours: [1],
    sure: true,
    kind: "forecast",
    at: { lake: "How is the weather?" },
  };
  const { message } = await ask("How is the weather?", { tools: [tool("get_weather")] });
  const [call] = message.tool_calls ?? [];
  if (call?.type !== "function") throw new Error(call?.type);
  expect(JSON.parse(call.function.arguments)).toEqual(example);
  const json_schema = { name: "forecast", schema: parameters };
  const formed = await ask("Hello", { response_format: { type: "json_schema", json_schema } });
  expect(JSON.parse(formed.message.content ?? "")).toMatchObject({ days: 1, unit: "celsius" });
  const free = await ask("Hello", { response_format: { type: "json_object" } });
  expect(JSON.parse(free.message.content ?? "")).toEqual({ reply: expect.any(String) });
});

test("a result is told; one without its call is refused", async () => {
  const { message } = await ask("How is the weather?", { tools: [tool("get_weather")] });
  const tool_call_id = message.tool_calls?.[0]?.id ?? "";
  const result = { role: "tool" as const, tool_call_id, content: "12 degrees" };
  const messages = [user("How is the weather?"), message, result];
  expect((await ask("", { messages, tools: [tool("get_weather")] })).message.content).toContain("12 degrees");
  const alone = ask("", { messages: [user("Hello"), result] });
  await expect(alone).rejects.toMatchObject({ status: 400 });
});

test("a picture is seen and costs; what is no picture is refused", async () => {
  const picture = (url: string) => [{ type: "image_url" as const, image_url: { url } }];
  const messages = [{ role: "user" as const, content: picture("data:image/png;base64,iVBORw0KGgo=") }];
  const reply = await client.chat.completions.create({ model: "gpt-4.1-mini", messages });
  expect(reply.choices[0]?.message.content).toContain("a picture");
  expect(reply.usage?.prompt_tokens).toBeGreaterThan(80);
  const wrong = ask("", { messages: [{ role: "user", content: picture("ftp://example.com/x.png") }] });
  await expect(wrong).rejects.toMatchObject({ status: 400, code: "invalid_image_url" });
});

test("words in another field than the content", async () => {
  const refused = await ask("Hello", { model: "demo-refusal" });
  expect(refused.message).toMatchObject({ content: null, refusal: expect.stringContaining("sorry") });
  const system = { role: "system" as const, content: "A secret." };
  const leaked = await ask("", { model: "demo-leak-reasoning", messages: [system, user("Hello")] });
  expect(leaked.message).toMatchObject({ content: null, reasoning_content: "A secret." });
});
