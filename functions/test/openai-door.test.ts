import OpenAI, {
  APIConnectionError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
} from "openai";
import { askChat, type Setting, startOpenAI, streamChat, until, user } from "./openai-client";
import { BOT, KEY, keyOf, startServer } from "./support";

type Params = OpenAI.ChatCompletionCreateParamsNonStreaming;

const SECRET = BOT.initial_prompt;

let at: Setting;
let { server, client, clientOf, bots, bot, sent, answeringWith } = {} as Setting;
beforeAll(async () => {
  at = await startOpenAI();
  ({ server, client, clientOf, bots, bot, sent, answeringWith } = at);
});
afterAll(() => server.close());

const ask = (more: Partial<Params> = {}, from = client) => askChat(at, more, from);
const stream = (more: Partial<Params> = {}) => streamChat(at, more);

describe("an assistant as the model", () => {
  test("the prompt is put in front, the caller's instructions follow, the answer bears the asked name", async () => {
    const messages = [
      { role: "developer" as const, content: "Answer in one sentence." },
      user("Who are you?"),
    ];
    const { data, response } = await client.chat.completions.create({ model: bot, messages }).withResponse();
    expect(sent().messages).toEqual([{ role: "system", content: SECRET }, ...messages]);
    expect(sent()).toMatchObject({ model: "gpt-4.1-mini", max_tokens: 500, temperature: 0.7, store: false });
    expect(data).toMatchObject({ object: "chat.completion", model: bot, system_fingerprint: "fp_demo" });
    expect(data.choices[0]?.message.content).toContain("Nori");
    expect(data.usage).toMatchObject({
      total_tokens: (data.usage?.prompt_tokens ?? 0) + (data.usage?.completion_tokens ?? 0),
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
      cost_usd: expect.any(Number),
    });
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    expect(Number(response.headers.get("openai-processing-ms"))).toBeGreaterThan(0);
    expect(response.headers.get("openai-version")).toBe("2020-10-01");
  });

  test("what the caller sets stands above the version's own settings", async () => {
    await ask({ temperature: 0.1, max_completion_tokens: 77, stop: "XYZ", reasoning_effort: "low" });
    expect(sent()).toMatchObject({ temperature: 0.1, max_tokens: 77, stop: "XYZ", reasoning_effort: "low" });
  });

  test("what a model thought is counted, and gets the room it needs", async () => {
    const reply = await ask({ model: await answeringWith("o4-mini") });
    expect(reply.usage?.completion_tokens_details).toEqual({ reasoning_tokens: 64 });
    expect(sent()).toMatchObject({ max_completion_tokens: 500 + 8_192 });
    expect(sent()).not.toHaveProperty("temperature");
    await ask({ model: await answeringWith("o4-mini"), max_tokens: 300 });
    expect(sent()).toMatchObject({ max_completion_tokens: 300 });
  });

  test("a pinned version answers as it was", async () => {
    const own = await bots.make();
    await bots.update(own, { initial_prompt: "You are Orin, another coach. Introduce yourself." });
    const ofVersion = async (model: string) => {
      const reply = await ask({ model });
      expect(reply.model).toBe(model);
      return sent().messages[0]?.content;
    };
    expect(await ofVersion(own)).toContain("Orin");
    expect(await ofVersion(`${own}@2`)).toContain("Orin");
    expect(await ofVersion(`${own}@1`)).toContain("Nori");
  });

  test("another model answers where the key may not use the assistant's own", async () => {
    await ask({}, clientOf(keyOf("nomodels")));
    expect(sent().model).toBe("gpt-4o-mini");
  });

  test("a long history loses its oldest messages, never a half of a call", async () => {
    const small = await answeringWith("demo-8k");
    const long = "word ".repeat(8_000);
    const call = { id: "call_1", type: "function" as const, function: { name: "look", arguments: "{}" } };
    const messages: Params["messages"] = [
      { role: "system", content: "Be kind." },
      user("Look at this."),
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", content: long, tool_call_id: "call_1" },
      { role: "assistant", content: "I have looked." },
      user("And now?"),
    ];
    await ask({ model: small, messages });
    expect(sent().messages.map(({ role }) => role)).toEqual(["system", "system", "assistant", "user"]);
    const error = await ask({ model: small, messages: [user("word ".repeat(9_000))] }).catch((e) => e);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ code: "context_length_exceeded", param: "messages" });
  });

  test("every call is counted in the day's usage, and nothing else is kept", async () => {
    const key = keyOf("counted-here");
    const { usage } = await ask({}, clientOf(key));
    const report = await server.rest.call("users.usage", {}, { key });
    expect(report.body.totals).toMatchObject({ messages: 1, input_tokens: usage?.prompt_tokens });
    expect((await server.rest.call("sessions.list", {}, { key })).body.data).toEqual([]);
  });
});

describe("what may stand as a model", () => {
  test("a list of plain models, own and showcased assistants, each once; one by its code", async () => {
    const key = keyOf("model-lister");
    const own = (await server.rest.call("bots.create", { ...BOT, name: "Mine" }, { key })).body.id;
    const down = (await server.rest.call("bots.create", BOT, { key })).body.id;
    const shown = await bots.make({ name: "Shown" });
    await server.services.bots.mark(shown, { showcased: true }, new Date());
    await server.services.bots.mark(down, { active: false }, new Date());
    const from = clientOf(key);
    const { data } = await from.models.list();
    const ids = data.map(({ id }) => id);
    expect(ids.slice(-2)).toEqual([own, shown]);
    expect(ids).toContain("gpt-4.1-mini");
    expect(ids).not.toContain(down);
    expect(data.at(-2)).toEqual({
      id: own,
      object: "model",
      created: expect.any(Number),
      owned_by: "assistant",
      name: "Mine",
      tag_line: BOT.tag_line,
      description: BOT.description,
      version: 1,
      mine: true,
    });
    expect(await from.models.retrieve(`${shown}@1`)).toMatchObject({ id: `${shown}@1`, mine: false });
    await expect(from.models.retrieve(`${shown}@2`)).rejects.toBeInstanceOf(NotFoundError);
    await expect(from.models.retrieve(down)).rejects.toMatchObject({ code: "model_not_found" });
  });
});

describe("streaming", () => {
  test("role first, then words, the reason, usage with no choices", async () => {
    const whole = await ask();
    const { chunks, text } = await stream();
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: "", refusal: null });
    expect(chunks.at(-2)?.choices[0]).toMatchObject({ delta: {}, finish_reason: "stop" });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: whole.usage?.total_tokens } });
    expect(new Set(chunks.map(({ model }) => model))).toEqual(new Set([bot]));
  });

  test("the SDK's stream helper puts it together", async () => {
    const messages = [user("I feel stuck with my garden.")];
    const helper = client.chat.completions.stream({ model: bot, messages });
    let heard = "";
    helper.on("content", (delta) => {
      heard += delta;
    });
    const final = await helper.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(heard);
    expect(heard.length).toBeGreaterThan(20);
  });

  test("a client that leaves stops the provider's stream, and what had come is counted", async () => {
    const key = keyOf("leaver");
    const slow = await startServer({ delayMs: 20 });
    try {
      const from = new OpenAI({ apiKey: key, baseURL: `${slow.url}/v1`, maxRetries: 0 });
      const controller = new AbortController();
      const reply = await from.chat.completions.create(
        { model: "demo-long", messages: [user("Hello")], stream: true },
        { signal: controller.signal },
      );
      const read = async () => {
        for await (const { choices } of reply) if (choices[0]?.delta.content) controller.abort();
      };
      await read();
      const usage = async () => (await slow.rest.call("users.usage", {}, { key })).body.totals;
      const counted = await until(usage, ({ messages }) => messages > 0);
      expect(counted.output_tokens).toBeGreaterThan(0);
    } finally {
      await slow.close();
    }
  });

  test("an error inside the stream reaches the SDK as one", async () => {
    const cut = await answeringWith("demo-cut");
    await expect(stream({ model: cut })).rejects.toMatchObject({
      code: "upstream_failed",
      type: "api_error",
    });
  });
});

describe("failures", () => {
  test("an assistant that never was, or was taken down, is a model that is not there", async () => {
    const down = await bots.make();
    await server.services.bots.mark(down, { active: false }, new Date());
    const bodies = [];
    for (const model of [down, `${bot}@9`, "AbCdEfGhIjKlMnOpQrSt", "gpt-99"]) {
      const error = await ask({ model }).catch((e) => e);
      expect(error).toBeInstanceOf(NotFoundError);
      bodies.push({ ...error.error, request_id: "" });
    }
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(bodies[0]).toEqual({
      message: expect.any(String),
      type: "invalid_request_error",
      param: "model",
      code: "model_not_found",
      request_id: "",
    });
  });

  test("keys: unknown, refused", async () => {
    const unknown = await ask({}, clientOf("sk-other-0123456789abcdef")).catch((e) => e);
    expect(unknown).toBeInstanceOf(AuthenticationError);
    expect(unknown).toMatchObject({ code: "invalid_api_key", param: null });
    expect(unknown.requestID).toMatch(/^req_/);
    const suspended = keyOf("suspended");
    await ask({}, clientOf(suspended));
    const uid = (await server.rest.call("users.get", {}, { key: suspended })).body.user.id;
    await server.services.users.suspend(uid, true, new Date());
    const error = await ask({}, clientOf(suspended)).catch((e) => e);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ code: "key_refused" });
  });

  test("a server that is not there, a client that gives up", async () => {
    const nowhere = new OpenAI({ apiKey: KEY, baseURL: "http://127.0.0.1:9/v1", maxRetries: 0 });
    await expect(ask({}, nowhere)).rejects.toBeInstanceOf(APIConnectionError);
    const controller = new AbortController();
    const reply = client.chat.completions.create(
      { model: bot, messages: [user("Hello")] },
      { signal: controller.signal },
    );
    controller.abort();
    await expect(reply).rejects.toBeInstanceOf(APIUserAbortError);
  });

  test("a provider that does not take a parameter is quoted by its name alone", async () => {
    const error = await ask({ model: "demo-param", temperature: 1 }).catch((e) => e);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ code: "upstream_rejected", param: "temperature" });
  });
});
