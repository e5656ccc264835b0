import type OpenAI from "openai";
import { BadRequestError, ConflictError, NotFoundError, RateLimitError } from "openai";
import { APOLOGY, failing, respond, type Setting, startOpenAI, until } from "./openai-client";
import { BOT, KEY, keyOf } from "./support";

type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;

let at: Setting;
let { server, client, clientOf, bots, bot, sent, spoken, answeringWith } = {} as Setting;
beforeAll(async () => {
  at = await startOpenAI();
  ({ server, client, clientOf, bots, bot, sent, spoken, answeringWith } = at);
});
afterAll(() => server.close());

const say = (input: Params["input"], more: Partial<Params> = {}, from = client) =>
  respond(at, input, more, from);
const sessionsOf = async (key: string) => (await server.rest.call("sessions.list", {}, { key })).body.data;
const messagesOf = async (session: string | null, key = KEY) =>
  (await server.rest.call("sessions.messages", { session }, { key })).body.data.map(
    ({ role, content }: { role: string; content: string }) => `${role}: ${content}`,
  );

describe("a kept conversation", () => {
  test("the first input begins a session; it is answered, listed, and told as it was", async () => {
    const key = keyOf("first-response");
    const from = clientOf(key);
    const response = await say("I feel stuck with my garden.", { metadata: { topic: "garden" } }, from);
    expect(spoken()).toEqual([`system: ${BOT.initial_prompt}`, "user: I feel stuck with my garden."]);
    expect(sent()).toMatchObject({ store: false, max_tokens: 500 });
    expect(response).toMatchObject({
      id: expect.stringMatching(/^resp_[A-Za-z0-9]{60}$/),
      object: "response",
      status: "completed",
      model: bot,
      error: null,
      incomplete_details: null,
      instructions: null,
      max_output_tokens: null,
      metadata: { topic: "garden" },
      parallel_tool_calls: true,
      previous_response_id: null,
      reasoning: { effort: null, summary: null },
      store: true,
      text: { format: { type: "text" } },
      tool_choice: "auto",
      tools: [],
      truncation: "disabled",
      usage: {
        input_tokens: expect.any(Number),
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: expect.any(Number),
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: expect.any(Number),
      },
    });
    expect(response.output).toEqual([
      {
        id: expect.stringMatching(/^msg_/),
        type: "message",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text: response.output_text, annotations: [], logprobs: [] }],
      },
    ]);
    expect(response.output_text.length).toBeGreaterThan(20);
    expect(await sessionsOf(key)).toMatchObject([
      { id: response.session, status: "active", message_count: 2, bot: { id: bot } },
    ]);
    expect(await messagesOf(response.session, key)).toEqual([
      "user: I feel stuck with my garden.",
      `assistant: ${response.output_text}`,
    ]);
    expect((await server.rest.call("users.get", {}, { key })).body.user.sessions_started).toBe(1);
    const { output_text, ...kept } = response;
    expect(await from.responses.retrieve(response.id)).toMatchObject(kept);
    const items = await from.responses.inputItems.list(response.id);
    expect(items.data).toMatchObject([
      { role: "user", content: [{ type: "input_text", text: "I feel stuck with my garden." }] },
    ]);
  });

  test("the newest goes on in its session, also from the page; an earlier one goes on in a new one", async () => {
    const first = await say("My name is Ada.");
    const second = await say("I grow roses.", { previous_response_id: first.id });
    expect(second.session).toBe(first.session);
    expect(second.previous_response_id).toBe(first.id);
    expect(spoken()).toEqual([
      `system: ${BOT.initial_prompt}`,
      "user: My name is Ada.",
      `assistant: ${first.output_text}`,
      "user: I grow roses.",
    ]);
    const branch = await say("I grow tulips.", { previous_response_id: first.id });
    expect(branch.session).not.toBe(first.session);
    expect(spoken().join()).not.toContain("roses");
    expect(spoken().slice(1)).toEqual([
      "user: My name is Ada.",
      `assistant: ${first.output_text}`,
      "user: I grow tulips.",
    ]);
    expect(await messagesOf(branch.session)).toHaveLength(4);
    const third = await say("And now?", { previous_response_id: branch.id });
    expect(third.session).toBe(branch.session);
    await server.rest.call("sessions.respond", { session: second.session, message: "From the page." });
    const later = await say("Again.", { previous_response_id: second.id });
    expect(later.session).not.toBe(second.session);
    expect(spoken().join()).not.toContain("From the page.");
  });

  test("what is too long for the model is refused by name", async () => {
    const model = await answeringWith("demo-8k");
    const error = await failing(
      say("word ".repeat(6_000), { model, instructions: "Be brief. ".repeat(2_000) }),
    );
    expect(error).toMatchObject({ status: 400, code: "context_length_exceeded", param: "input" });
  });

  test("an input of several messages: what was said before, then what is said now", async () => {
    const response = await say([
      { role: "developer", content: "Be brief." },
      { role: "assistant", content: "Welcome." },
      { role: "user", content: [{ type: "input_text", text: "I am Ada." }] },
      { role: "assistant", content: "Hello Ada." },
      { role: "user", content: "One thing:" },
      { role: "user", content: "roses." },
    ]);
    expect(spoken()).toEqual([
      `system: ${BOT.initial_prompt}`,
      "system: Be brief.",
      "assistant: Welcome.",
      "user: I am Ada.",
      "assistant: Hello Ada.",
      "user: One thing:\n\nroses.",
    ]);
    const told = await messagesOf(response.session);
    expect(told).toHaveLength(5);
    expect(told.slice(0, 3)).toEqual(["assistant: Welcome.", "user: I am Ada.", "assistant: Hello Ada."]);
    await say("And then?", { previous_response_id: response.id });
    expect(spoken()).toHaveLength(7);
    expect(spoken().join()).not.toContain("Be brief.");
    const cleared = await server.rest.call("sessions.clear", { session: response.session });
    expect(cleared.status).toBe(200);
  });

  test("instructions and settings count for one response, above the assistant's own", async () => {
    const instructions = "Answer in one word.";
    const more = {
      instructions,
      temperature: 0.1,
      max_output_tokens: 5,
      reasoning: { effort: "low" },
    } as const;
    const response = await say("I feel stuck.", more);
    expect(spoken()[1]).toBe(`system: ${instructions}`);
    expect(sent()).toMatchObject({ temperature: 0.1, max_tokens: 5, reasoning_effort: "low" });
    expect(response).toMatchObject({
      ...more,
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output: [{ status: "incomplete" }],
    });
    await say("And now?", { previous_response_id: response.id });
    expect(spoken().join()).not.toContain(instructions);
    expect(sent()).toMatchObject({ temperature: 0.7, max_tokens: 500 });
  });

  test("a reply that gives the prompt away is incomplete, and stays so", async () => {
    const response = await say("Tell me.", { model: await answeringWith("demo-leak") });
    expect(response).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "content_filter" },
    });
    expect(response.output_text).toBe(APOLOGY);
    const again = await client.responses.retrieve(response.id);
    expect(again).toMatchObject({ status: "incomplete", output_text: APOLOGY });
  });

  test("deleting takes a response out of memory and transcript, the last one takes the session", async () => {
    const first = await say("My name is Ada.");
    const second = await say("I grow roses.", { previous_response_id: first.id });
    await client.responses.delete(first.id);
    expect(await failing(client.responses.retrieve(first.id))).toBeInstanceOf(NotFoundError);
    expect(await messagesOf(first.session)).toHaveLength(2);
    await say("And tulips.", { previous_response_id: second.id });
    expect(spoken().join()).not.toContain("Ada");
    const alone = await say("Only this.");
    await client.responses.delete(alone.id);
    const gone = await server.rest.call("sessions.get", { session: alone.session });
    expect(gone.status).toBe(404);
  });

  test("a pinned version stays in its conversation", async () => {
    const own = await bots.make();
    const first = await say("Hello", { model: `${own}@1` });
    await bots.update(own, { initial_prompt: "You are Orin, another coach. Introduce yourself." });
    await say("Who are you?", { model: own, previous_response_id: first.id });
    expect(spoken()[0]).toContain("Nori");
    const error = await failing(say("Hello", { model: `${own}@2`, previous_response_id: first.id }));
    expect(error).toMatchObject({ status: 400, param: "model" });
    const without = { input: "Hello", previous_response_id: first.id };
    expect((await client.responses.create(without)).status).toBe("completed");
  });
});

describe("sent again with the same Idempotency-Key", () => {
  const headers = (key: string) => ({ headers: { "Idempotency-Key": key } });

  test("a response is made once, new or further on", async () => {
    const calls = () => server.demo.requests.length;
    const ask = { model: bot, input: "Once only, please." };
    const before = calls();
    const first = await client.responses.create(ask, headers("new-1"));
    const again = await client.responses.create(ask, headers("new-1"));
    expect([again.id, calls() - before]).toEqual([first.id, 1]);
    const further = { ...ask, previous_response_id: first.id };
    const second = await client.responses.create(further, headers("next-1"));
    await say("Something later.", { previous_response_id: second.id });
    const repeated = await client.responses.create(further, headers("next-1"));
    expect(repeated.id).toBe(second.id);
    const streamed = client.responses.stream(further, headers("next-1"));
    expect((await streamed.finalResponse()).output_text).toBe(second.output_text);
    const error = await failing(client.responses.create({ ...ask, input: "Else." }, headers("new-1")));
    expect(error).toMatchObject({ status: 422, code: "idempotency_mismatch" });
  });

  test("a failed first answer leaves nothing, unless the same call is to come again", async () => {
    const key = keyOf("failing-first");
    const from = clientOf(key);
    const model = await answeringWith("demo-429-bare");
    expect(await failing(say("Hello", { model }, from))).toBeInstanceOf(RateLimitError);
    expect(await sessionsOf(key)).toEqual([]);
    const cut = { model: await answeringWith("demo-cut"), input: "Hello" };
    await failing(from.responses.create(cut, headers("cut-1")));
    const [{ id }] = await sessionsOf(key);
    expect((await sessionsOf(key))[0].status).toBe("failed_upstream");
    await failing(from.responses.create(cut, headers("cut-1")));
    expect((await sessionsOf(key)).map((one: { id: string }) => one.id)).toEqual([id]);
  });
});

describe("refusals", () => {
  test.each([
    ["no model", { model: undefined }, "model"],
    ["tools in a kept conversation", { tools: [{ type: "function", name: "x", parameters: {} }] }, "tools"],
    ["a tool of OpenAI's own", { store: false, tools: [{ type: "web_search" }] }, "tools.0.type"],
    ["work in the background", { background: true }, "background"],
    ["a conversation of OpenAI's", { conversation: "conv_1" }, "conversation"],
    ["more output than words", { include: ["reasoning.encrypted_content"] }, "include.0"],
    ["an item we do not know", { input: [{ type: "item_reference", id: "msg_1" }] }, "input.0.type"],
    [
      "a file",
      { input: [{ role: "user", content: [{ type: "input_file", file_id: "f" }] }] },
      "input.0.content.0.type",
    ],
    ["an input that asks nothing", { input: [{ role: "assistant", content: "Hi." }] }, "input"],
    ["a message too long", { input: "x".repeat(32_001) }, "input"],
  ])("%s is refused by name", async (_, more, param) => {
    const error = await failing(say("Hello", more as Partial<Params>));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ code: "invalid_request", param });
  });

  test("somebody else's response looks like none", async () => {
    const mine = await say("A secret of mine.");
    const other = clientOf(keyOf("someone-else"));
    const nothing = mine.id.replace(/.{20}$/, "A".repeat(20));
    const seen = [];
    for (const id of [mine.id, nothing, "resp_123"]) {
      const error = await failing(other.responses.retrieve(id));
      expect(error).toBeInstanceOf(NotFoundError);
      const deleted = await failing(other.responses.delete(id));
      const further = await failing(say("Hello", { previous_response_id: id }, other));
      expect(further).toMatchObject({ status: 400, code: "previous_response_not_found" });
      seen.push([error.error, deleted.error, further.error].map((body) => ({ ...body, request_id: "" })));
    }
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  test("a response that is being made is not deleted under it", async () => {
    const stall = await answeringWith("demo-stall");
    const controller = new AbortController();
    const stream = await client.responses.create(
      { model: stall, input: "Hello", stream: true },
      { signal: controller.signal },
    );
    let id = "";
    for await (const event of stream) {
      if (event.type === "response.created") id = event.response.id;
      if (event.type !== "response.output_text.delta") continue;
      expect(await client.responses.retrieve(id)).toMatchObject({ status: "in_progress", output: [] });
      expect(await failing(client.responses.delete(id))).toBeInstanceOf(ConflictError);
      break;
    }
    controller.abort();
    await until(
      () => client.responses.retrieve(id),
      ({ status }) => status !== "in_progress",
    );
    await client.responses.delete(id);
    expect(await failing(client.responses.retrieve(id))).toBeInstanceOf(NotFoundError);
  });
});
