import type OpenAI from "openai";
import { BadRequestError } from "openai";
import { APOLOGY, askChat, type Setting, startOpenAI, streamChat, user } from "./openai-client";
import { BOT } from "./support";

type Params = OpenAI.ChatCompletionCreateParamsNonStreaming;

const SECRET = BOT.initial_prompt;

let at: Setting;
let { server, client, bot, sent, answeringWith } = {} as Setting;
beforeAll(async () => {
  at = await startOpenAI();
  ({ server, client, bot, sent, answeringWith } = at);
});
afterAll(() => server.close());

const ask = (more: Partial<Params> = {}) => askChat(at, more);
const stream = (more: Partial<Params> = {}) => streamChat(at, more);

const WEATHER: OpenAI.ChatCompletionTool = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The weather at a place.",
    parameters: { type: "object", properties: { place: { type: "string" } }, required: ["place"] },
  },
};
const WEATHER_PLEASE = [user("What is the weather in my garden?")];

describe("tools, formats, images", () => {
  test("a call of a tool, its result, the words after it", async () => {
    const first = await ask({ messages: WEATHER_PLEASE, tools: [WEATHER] });
    const message = first.choices[0]?.message as OpenAI.ChatCompletionMessage;
    expect(first.choices[0]?.finish_reason).toBe("tool_calls");
    expect(message.content).toBeNull();
    const [call] = message.tool_calls as OpenAI.ChatCompletionMessageFunctionToolCall[];
    expect(call).toMatchObject({ type: "function", function: { name: "get_weather" } });
    expect(JSON.parse(call?.function.arguments ?? "")).toEqual({ place: WEATHER_PLEASE[0]?.content });
    const result = { role: "tool" as const, tool_call_id: call?.id ?? "", content: "12 degrees and rain" };
    const last = await ask({ messages: [...WEATHER_PLEASE, message, result], tools: [WEATHER] });
    expect(last.choices[0]?.message.content).toContain("12 degrees and rain");
    expect(sent().messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool"]);
  });

  test("streamed, the call comes in pieces that fit together", async () => {
    const { chunks } = await stream({ messages: WEATHER_PLEASE, tools: [WEATHER] });
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: null, refusal: null });
    const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(pieces[0]).toMatchObject({
      index: 0,
      id: expect.stringMatching(/^call_/),
      type: "function",
      function: { name: "get_weather", arguments: "" },
    });
    const written = pieces.map((piece) => piece.function?.arguments ?? "").join("");
    expect(JSON.parse(written)).toEqual({ place: WEATHER_PLEASE[0]?.content });
    expect(pieces.length).toBeGreaterThan(3);
  });

  test.each([true, false])("the SDK runs tools by itself (streamed: %s)", async (streamed) => {
    const asked: unknown[] = [];
    const parameters = WEATHER.type === "function" ? (WEATHER.function.parameters ?? {}) : {};
    const tool = {
      type: "function" as const,
      function: {
        name: "get_weather",
        description: "The weather at a place.",
        parameters,
        parse: JSON.parse,
        function: (input: { place: string }) => {
          asked.push(input.place);
          return "12 degrees and rain";
        },
      },
    };
    const runner = streamed
      ? client.chat.completions.runTools({
          model: bot,
          messages: WEATHER_PLEASE,
          tools: [tool],
          stream: true,
        })
      : client.chat.completions.runTools({ model: bot, messages: WEATHER_PLEASE, tools: [tool] });
    expect(await runner.finalContent()).toContain("12 degrees and rain");
    expect(asked).toEqual([WEATHER_PLEASE[0]?.content]);
  });

  test("a tool chosen by name, and none", async () => {
    const tool_choice = { type: "function", function: { name: "get_weather" } } as const;
    const chosen = await ask({ tools: [WEATHER], tool_choice, parallel_tool_calls: false });
    expect(chosen.choices[0]?.message.tool_calls).toHaveLength(1);
    const none = await ask({ messages: WEATHER_PLEASE, tools: [WEATHER], tool_choice: "none" });
    expect(none.choices[0]?.finish_reason).toBe("stop");
  });

  test("a reply in the shape of a JSON schema", async () => {
    const schema = {
      type: "object",
      properties: { mood: { enum: ["low", "high"] }, advice: { type: "string" } },
    };
    const reply = await ask({
      response_format: { type: "json_schema", json_schema: { name: "advice", schema } },
    });
    const advice = JSON.parse(reply.choices[0]?.message.content ?? "");
    expect(advice).toEqual({ mood: "low", advice: expect.any(String) });
  });

  test("a picture goes to the provider as it is", async () => {
    const url = "data:image/png;base64,iVBORw0KGgo=";
    const content = [
      { type: "text" as const, text: "What do you see?" },
      { type: "image_url" as const, image_url: { url, detail: "low" as const } },
    ];
    const reply = await ask({ messages: [{ role: "user", content }] });
    expect(sent().messages[1]?.content).toEqual(content);
    expect(reply.choices[0]?.message.content).toContain("a picture");
  });

  test("a refusal stands in its own field", async () => {
    const model = await answeringWith("demo-refusal");
    const whole = await ask({ model });
    expect(whole.choices[0]?.message).toMatchObject({
      content: null,
      refusal: expect.stringContaining("sorry"),
    });
    const { chunks, text } = await stream({ model });
    expect(text).toBe("");
    const refusal = chunks.map(({ choices }) => choices[0]?.delta.refusal ?? "").join("");
    expect(refusal).toBe(whole.choices[0]?.message.refusal);
  });
});

describe("the leak guard", () => {
  const channels: [string, string, Partial<Params>][] = [
    ["its words", "demo-leak", {}],
    ["a tool's arguments", "demo-leak", { tools: [WEATHER], tool_choice: "required" }],
    ["a refusal", "demo-leak-refusal", {}],
    ["its reasoning", "demo-leak-reasoning", {}],
    ["JSON", "demo-leak", { response_format: { type: "json_object" } }],
  ];

  /** The longest piece of the prompt that an answer holds, wherever it stands in it. */
  const longestLeak = (answer: unknown) => {
    const text = JSON.stringify(answer);
    let longest = 0;
    for (let from = 0; from < SECRET.length; from++) {
      while (text.includes(SECRET.slice(from, from + longest + 1)) && from + longest < SECRET.length)
        longest++;
    }
    return longest;
  };

  test.each(channels)("holds back a prompt in %s", async (_, model, more) => {
    const leaky = await answeringWith(model);
    const whole = await ask({ model: leaky, ...more });
    expect(whole.choices).toEqual([
      {
        index: 0,
        message: { role: "assistant", content: APOLOGY, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: "content_filter",
      },
    ]);
    const { chunks } = await stream({ model: leaky, ...more });
    expect(longestLeak(chunks)).toBeLessThan(50);
    expect(chunks.at(-2)?.choices).toEqual([
      { index: 0, delta: {}, logprobs: null, finish_reason: "content_filter" },
    ]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: expect.any(Number) } });
  });

  test("what the caller wrote may be said again", async () => {
    const leaky = await answeringWith("demo-leak");
    const reply = await ask({ model: leaky, messages: [user(SECRET)] });
    expect(reply.choices[0]).toMatchObject({ message: { content: SECRET }, finish_reason: "stop" });
  });

  test.each([
    ["logprobs", true],
    ["top_logprobs", 2],
    ["logit_bias", { "50256": -100 }],
    ["prediction", { type: "content", content: "You are Nori" }],
  ])("%s are for plain models", async (param, value) => {
    const error = await ask({ [param]: value }).catch((e) => e);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ param, code: "invalid_request" });
    const plain = await ask({ model: "gpt-4.1-mini", [param]: value });
    expect(sent()[param]).toEqual(value);
    expect(plain.choices[0]?.finish_reason).toBe("stop");
  });
});
