import OpenAI, {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from "openai";
import { KEY, keyOf, startServer, type TestServer } from "./support";

let server: TestServer;
let client: OpenAI;
beforeAll(async () => {
  server = await startServer();
  client = new OpenAI({ apiKey: KEY, baseURL: `${server.url}/v1`, maxRetries: 0 });
});
afterAll(() => server.close());

const messages = [
  { role: "system" as const, content: "You are a patient coach." },
  { role: "user" as const, content: "I feel stuck with my garden." },
];
const ask = { model: "gpt-4.1-mini", messages };

/** A user's usage of today, which a completion adds to. */
async function usageOf(key: string) {
  const { uid } = (await server.services.users.keyRef(server.services.vault.lookup(key)).get()).data() ?? {};
  const days = await server.services.firestore.collection(`users/${uid}/usage`).get();
  return days.docs[0]?.data();
}

describe("chat completions with the official client", () => {
  test("a whole reply in OpenAI's shape, with its cost, counted in the day's usage", async () => {
    const key = keyOf("counted");
    const own = new OpenAI({ apiKey: key, baseURL: `${server.url}/v1` });
    const reply = await own.chat.completions.create({ ...ask, temperature: 0.3, max_tokens: 200 });
    expect(reply).toMatchObject({ object: "chat.completion", model: "gpt-4.1-mini" });
    expect(reply.id).toMatch(/^chatcmpl-/);
    expect(reply.choices).toEqual([
      {
        index: 0,
        message: {
          role: "assistant",
          content: expect.stringMatching(/\w{3}/),
          refusal: null,
          annotations: [],
        },
        logprobs: null,
        finish_reason: "stop",
      },
    ]);
    const usage = reply.usage as OpenAI.CompletionUsage & { cost_usd: number };
    const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details, cost_usd } = usage;
    const cached = prompt_tokens_details?.cached_tokens ?? 0;
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
    const dollars = ((prompt_tokens - cached) * 0.4 + cached * 0.1 + completion_tokens * 1.6) / 1e6;
    expect(cost_usd).toBeCloseTo(dollars, 9);
    expect(await usageOf(key)).toMatchObject({
      messages: 1,
      input_tokens: prompt_tokens,
      output_tokens: completion_tokens,
      cost_nano: Math.round(cost_usd * 1e9),
    });
  });

  test("a streamed reply says the same words, and usage only where asked", async () => {
    const whole = await client.chat.completions.create(ask);
    const stream = await client.chat.completions.create({
      ...ask,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: "", refusal: null });
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks.at(-2)?.choices[0]).toMatchObject({ delta: {}, finish_reason: "stop" });
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { completion_tokens: whole.usage?.completion_tokens, cost_usd: expect.any(Number) },
    });
    const bare = await client.chat.completions.create({ ...ask, stream: true });
    for await (const chunk of bare) {
      expect(chunk).not.toHaveProperty("usage");
      expect(chunk.choices).toHaveLength(1);
    }
  });

  test("the wire itself: data lines, [DONE], the gateway's headers", async () => {
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, origin: "https://allowed.example" },
      body: JSON.stringify({ ...ask, stream: true }),
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    expect(response.headers.get("ratelimit")).toContain('"key"');
    expect(response.headers.get("access-control-allow-origin")).toBe("https://allowed.example");
    const lines = (await response.text()).trim().split("\n\n");
    expect(lines.at(-1)).toBe("data: [DONE]");
    for (const line of lines.slice(0, -1))
      expect(JSON.parse(line.slice(6)).object).toBe("chat.completion.chunk");
  });

  test("parameters go upstream under the names the model knows; store is always false", async () => {
    const more = { stop: ["XYZ"], seed: 7, user: "someone", max_tokens: 300 };
    await client.chat.completions.create({ ...ask, ...more, top_p: 0.5 });
    const plain = server.demo.requests.at(-1)?.body as Record<string, unknown>;
    expect(plain).toMatchObject({ stop: ["XYZ"], seed: 7, user: "someone", top_p: 0.5, store: false });
    expect(plain).not.toHaveProperty("temperature");
    await client.chat.completions.create({ ...ask, ...more, model: "o4-mini", temperature: 1 });
    const reasoning = server.demo.requests.at(-1)?.body as Record<string, unknown>;
    expect(reasoning).toMatchObject({ max_completion_tokens: 300 });
    expect(reasoning).not.toHaveProperty("temperature");
    expect(reasoning).not.toHaveProperty("max_tokens");
  });

  test("developer and tool messages are taken", async () => {
    const reply = await client.chat.completions.create({
      model: "gpt-4.1-mini",
      messages: [
        { role: "developer", content: "Be brief." },
        { role: "user", content: "Hello" },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "call_1", type: "function", function: { name: "look", arguments: "{}" } }],
        },
        { role: "tool", content: "12 degrees", tool_call_id: "call_1" },
      ],
    });
    expect(reply.choices[0]?.finish_reason).toBe("stop");
  });

  test("usage that the provider left out is estimated and marked", async () => {
    const reply = await client.chat.completions.create({ ...ask, model: "demo-nousage" });
    expect(reply.usage).toMatchObject({ estimated: true, cost_usd: null });
    expect(reply.usage?.prompt_tokens).toBeGreaterThan(5);
  });
});

describe("failures, as the client sees them", () => {
  const fail = (body: object, key = KEY): Promise<APIError> =>
    new OpenAI({ apiKey: key, baseURL: `${server.url}/v1`, maxRetries: 0 }).chat.completions
      .create({ ...ask, ...body } as OpenAI.ChatCompletionCreateParamsNonStreaming)
      .then(
        () => Promise.reject(new Error("it did not fail")),
        (error) => error,
      );

  test.each([
    ["an unknown model", { model: "gpt-99" }, NotFoundError, "model_not_found", "model"],
    ["an assistant's code", { model: "AbCdEfGhIjKlMnOpQrSt@3" }, NotFoundError, "model_not_found", "model"],
    ["no messages", { messages: [] }, BadRequestError, "invalid_request", "messages"],
    [
      "too many messages",
      { messages: Array(1_001).fill({ role: "user", content: "x" }) },
      BadRequestError,
      "invalid_request",
      "messages",
    ],
    [
      "a role that does not exist",
      { messages: [{ role: "robot", content: "x" }] },
      BadRequestError,
      "invalid_request",
      "messages.0.role",
    ],
    ["a field we do not know", { functions: [] }, BadRequestError, "invalid_request", "functions"],
    ["more than one reply", { n: 2 }, BadRequestError, "invalid_request", "n"],
    ["a dial out of range", { temperature: 3 }, BadRequestError, "invalid_request", "temperature"],
    ["a busy provider", { model: "demo-429-bare" }, RateLimitError, "rate_limit_exceeded", null],
    ["no credit", { model: "demo-quota" }, RateLimitError, "insufficient_quota", null],
    ["a provider that is down", { model: "demo-500" }, InternalServerError, "upstream_unavailable", null],
    ["a conversation too long", { model: "demo-context" }, BadRequestError, "context_length_exceeded", null],
  ] as const)("%s", async (_, body, type, code, param) => {
    const error = await fail(body);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ code, param });
    expect(error.requestID).toMatch(/^req_/);
  });

  test("a key nobody knows", async () => {
    expect(await fail({}, "sk-other-0123456789abcdef")).toBeInstanceOf(AuthenticationError);
  });

  test("a body past 256 KiB", async () => {
    const error = await fail({ messages: [{ role: "user", content: "x".repeat(256 * 1024) }] });
    expect(error).toMatchObject({ status: 413, code: "too_large" });
  });

  test("a stream fails with a status before its first word, and inside it afterwards", async () => {
    const open = (model: string) => client.chat.completions.create({ ...ask, model, stream: true });
    await expect(open("gpt-99")).rejects.toBeInstanceOf(NotFoundError);
    const words: string[] = [];
    const read = async () => {
      for await (const { choices } of await open("demo-cut")) words.push(choices[0]?.delta.content ?? "");
    };
    await expect(read()).rejects.toBeInstanceOf(APIError);
    expect(words.join("")).not.toBe("");
  });

  test("what had been said before a cut is paid, and so counted", async () => {
    const key = keyOf("cut-off");
    await fail({ model: "demo-cut" }, key);
    expect(await usageOf(key)).toMatchObject({ messages: 1 });
    expect((await usageOf(key))?.output_tokens).toBeGreaterThan(0);
  });
});
