import type OpenAI from "openai";
import { NotFoundError, RateLimitError } from "openai";
import { APOLOGY, failing, respond, type Setting, startOpenAI } from "./openai-client";
import { BOT, keyOf } from "./support";

type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Event = OpenAI.Responses.ResponseStreamEvent;

let at: Setting;
let { server, client, clientOf, bot, spoken, answeringWith } = {} as Setting;
beforeAll(async () => {
  at = await startOpenAI();
  ({ server, client, clientOf, bot, spoken, answeringWith } = at);
});
afterAll(() => server.close());

const say = (input: Params["input"], more: Partial<Params> = {}, from = client) =>
  respond(at, input, more, from);
const sessionsOf = async (key: string) => (await server.rest.call("sessions.list", {}, { key })).body.data;

describe("streaming", () => {
  async function events(more: Partial<Params> = {}): Promise<Event[]> {
    const stream = await client.responses.create({
      model: bot,
      input: "I feel stuck with my garden.",
      ...more,
      stream: true,
    });
    const all: Event[] = [];
    for await (const event of stream) all.push(event);
    return all;
  }

  test("typed events in OpenAI's order, numbered, one response throughout", async () => {
    const all = await events();
    const types = all.map(({ type }) => type).filter((type, i, list) => type !== list[i - 1]);
    expect(types).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(all.map(({ sequence_number }) => sequence_number)).toEqual(all.map((_, i) => i));
    const deltas = all.flatMap((event) => (event.type === "response.output_text.delta" ? [event.delta] : []));
    expect(deltas.length).toBeGreaterThan(5);
    const [created, last] = [all[0], all.at(-1)];
    if (created?.type !== "response.created" || last?.type !== "response.completed") throw new Error();
    expect(created.response).toMatchObject({ status: "in_progress", output: [], usage: null });
    expect(last.response).toMatchObject({ id: created.response.id, status: "completed" });
    expect(last.response.output[0]).toMatchObject({ content: [{ text: deltas.join("") }] });
    const kept = await client.responses.retrieve(last.response.id);
    expect(kept).toMatchObject(last.response);
  });

  test("the SDK's stream helper puts it together", async () => {
    const helper = client.responses.stream({ model: bot, input: "I feel stuck with my garden." });
    let heard = "";
    helper.on("response.output_text.delta", ({ delta }) => {
      heard += delta;
    });
    const final = await helper.finalResponse();
    expect(final).toMatchObject({ status: "completed", output_text: heard });
  });

  test("a blocked reply ends incomplete, and says no more than was let out", async () => {
    const all = await events({ model: await answeringWith("demo-leak") });
    const last = all.at(-1);
    expect(last).toMatchObject({
      type: "response.incomplete",
      response: { incomplete_details: { reason: "content_filter" } },
    });
    expect(JSON.stringify(all)).not.toContain(BOT.initial_prompt.slice(0, 50));
  });

  test("a failure is a status before the first word, and an event after it", async () => {
    const model = await answeringWith("demo-429-bare");
    expect(await failing(events({ model }))).toBeInstanceOf(RateLimitError);
    const all = await events({ model: await answeringWith("demo-cut") });
    const last = all.at(-1);
    if (last?.type !== "response.failed") throw new Error(last?.type);
    expect(last.response).toMatchObject({ status: "failed", error: { code: "server_error" } });
    const kept = await client.responses.retrieve(last.response.id);
    expect(kept).toMatchObject({ status: "failed", output: [{ status: "incomplete" }] });
    expect(kept.output_text).not.toBe("");
  });
});

describe("an answer that nobody keeps", () => {
  const once = { store: false } as const;

  test("of an assistant: guarded, counted, in no list", async () => {
    const key = keyOf("stateless");
    const from = clientOf(key);
    const response = await say("I feel stuck.", once, from);
    expect(response).toMatchObject({ status: "completed", store: false, session: null });
    expect(await sessionsOf(key)).toEqual([]);
    expect(await failing(from.responses.retrieve(response.id))).toBeInstanceOf(NotFoundError);
    const usage = await server.rest.call("users.usage", {}, { key });
    expect(usage.body.totals).toMatchObject({ messages: 1, input_tokens: response.usage?.input_tokens });
    const leak = await say("Tell me.", { ...once, model: await answeringWith("demo-leak") });
    expect(leak).toMatchObject({ status: "incomplete", incomplete_details: { reason: "content_filter" } });
    expect(leak.output_text).toBe(APOLOGY);
  });

  test("of a plain model, which never remembers", async () => {
    const response = await say("I feel stuck.", { model: "gpt-4.1-mini" });
    expect(response).toMatchObject({ status: "completed", model: "gpt-4.1-mini", store: false });
    expect(spoken()).toEqual(["user: I feel stuck."]);
    const kept = await failing(say("Hello", { model: "gpt-4.1-mini", store: true }));
    expect(kept).toMatchObject({ status: 400, param: "store" });
    const further = { model: "gpt-4.1-mini", previous_response_id: response.id };
    expect(await failing(say("Hello", further))).toMatchObject({
      status: 400,
      param: "previous_response_id",
    });
  });

  const tool = {
    type: "function" as const,
    name: "get_weather",
    strict: false,
    parameters: { type: "object", properties: { place: { type: "string" } } },
  };
  const WEATHER = { role: "user" as const, content: "What is the weather in my garden?" };

  test("tools: the call as an item, its output as input, streamed the same", async () => {
    const response = await say([WEATHER], { ...once, tools: [tool] });
    const [call] = response.output;
    if (call?.type !== "function_call") throw new Error(call?.type);
    expect(call).toMatchObject({ name: "get_weather", status: "completed" });
    expect(JSON.parse(call.arguments)).toEqual({ place: WEATHER.content });
    const output = { type: "function_call_output" as const, call_id: call.call_id, output: "12 degrees" };
    const last = await say([WEATHER, ...response.output, output] as Params["input"], {
      ...once,
      tools: [tool],
    });
    expect(last.output_text).toContain("12 degrees");
    const helper = client.responses.stream({ model: bot, input: [WEATHER], ...once, tools: [tool] });
    const types = new Set<string>();
    helper.on("event", ({ type }) => types.add(type));
    const final = await helper.finalResponse();
    expect(final.output).toMatchObject([{ type: "function_call", arguments: call.arguments }]);
    expect([...types]).toEqual(
      expect.arrayContaining([
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
      ]),
    );
  });

  test("pictures, refusals, formats", async () => {
    const url = "data:image/png;base64,iVBORw0KGgo=";
    const picture = { type: "input_image" as const, image_url: url, detail: "low" as const };
    const seen = await say([{ role: "user", content: [picture] }], once);
    expect(seen.output_text).toContain("a picture");
    const refused = await say("Do it.", { ...once, model: await answeringWith("demo-refusal") });
    expect(refused.output[0]).toMatchObject({ content: [{ type: "refusal" }] });
    const schema = { type: "object", properties: { advice: { type: "string" } } };
    const format = { type: "json_schema" as const, name: "advice", schema };
    const formed = await say("I feel stuck.", { text: { format } });
    expect(JSON.parse(formed.output_text)).toEqual({ advice: expect.any(String) });
  });
});
