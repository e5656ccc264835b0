import { Failure } from "../src/errors";
import { nanoToUsd } from "../src/openai/pricing";
import type { ChatRequest } from "../src/openai/upstream";
import { worstCostNano } from "../src/users/app-key-cost";
import { client } from "./bot-client";
import { BOT, describeDoors, keyOf, startServer, type TestServer } from "./support";

const RETOLD = "comes to this";
const CHECKED = { ...BOT, model_config: { ...BOT.model_config, second_check: true } };

const isCheck = ({ messages }: ChatRequest) => String(messages[0]?.content).startsWith("You check");

type Spent = { input_tokens: number; output_tokens: number; cost_usd: number };
const add = (...all: Spent[]) => ({
  input_tokens: all.reduce((sum, one) => sum + one.input_tokens, 0),
  output_tokens: all.reduce((sum, one) => sum + one.output_tokens, 0),
  cost_usd: expect.closeTo(
    all.reduce((sum, one) => sum + one.cost_usd, 0),
    9,
  ),
});

/**
 * Every call of a server's model, told apart. `retells` answers as the demo model that tells its prompt in its own words,
 * under the name and the price of the assistant's own; `verdict` stands in for the check's.
 */
function watch(server: TestServer) {
  const { upstream } = server.services;
  const real = upstream.chat;
  const watched = {
    retells: false,
    verdict: null as null | ((request: ChatRequest) => string),
    replies: [] as Spent[],
    checks: [] as Spent[],
    worst: { reply: 0, check: 0 },
  };
  const answer = (request: ChatRequest) => {
    if (!isCheck(request)) return real(watched.retells ? { ...request, model: "demo-paraphrase" } : request);
    if (!watched.verdict) return real(request);
    const text = watched.verdict(request);
    request.onDelta(text);
    return Promise.resolve({ text, finishReason: "stop", usage: null });
  };
  upstream.chat = async (request) => {
    const list = isCheck(request) ? watched.checks : watched.replies;
    watched.worst[isCheck(request) ? "check" : "reply"] = nanoToUsd(worstCostNano(request) ?? 0);
    const completion = await answer(request);
    const { inputTokens = 0, outputTokens = 0 } = completion.usage ?? {};
    const cost_usd = (inputTokens * 0.4 + outputTokens * 1.6) / 1e6; // gpt-4.1-mini
    list.push({ input_tokens: inputTokens, output_tokens: outputTokens, cost_usd });
    return completion;
  };
  return {
    watched,
    reset: () => Object.assign(watched, { retells: false, verdict: null, replies: [], checks: [] }),
  };
}

describeDoors("the second check", (door, server) => {
  let model: ReturnType<typeof watch>["watched"];
  let reset: () => void;
  beforeAll(() => {
    ({ watched: model, reset } = watch(server()));
  });
  beforeEach(() => reset());

  const bots = client(door);
  const someone = (name: string) => {
    const options = { key: keyOf(name) };
    const call = (operation: string, input = {}, more = {}) =>
      door().call(operation, input, { ...options, ...more });
    return {
      call,
      open: async (bot: string): Promise<string> => (await call("sessions.create", { bot })).body.session.id,
      say: (session: string, more = {}) =>
        call("sessions.respond", { session, message: "I feel stuck with my garden." }, more),
      messages: async (session: string) => (await call("sessions.messages", { session })).body.data,
    };
  };
  const spentOn = (usage: Spent) => ({
    input_tokens: usage.input_tokens,
    output_tokens: usage.output_tokens,
    cost_usd: usage.cost_usd,
  });

  test("off, nothing more is asked; on, one call more a reply and a recap, none at the opening", async () => {
    const { call, open, say } = someone("counting");
    await say(await open(await bots.make()));
    expect([model.replies.length, model.checks.length]).toEqual([2, 0]);
    const session = await open(await bots.make(CHECKED));
    expect([model.replies.length, model.checks.length]).toEqual([3, 0]);
    await say(session);
    expect([model.replies.length, model.checks.length]).toEqual([4, 1]);
    expect((await call("sessions.end", { session })).body).toMatchObject({ leak_blocked: false });
    expect([model.replies.length, model.checks.length]).toEqual([5, 2]);
  });

  test("an innocent reply arrives whole and at once, and both calls are counted with it", async () => {
    const { call, open, say } = someone("innocent");
    const session = await open(await bots.make(CHECKED));
    const { body, deltas } = await say(session, { stream: true });
    expect(body.leak_blocked).toBe(false);
    expect(deltas).toEqual([body.reply]);
    const [opening, reply] = model.replies as [Spent, Spent];
    const [check] = model.checks as [Spent];
    expect(check.input_tokens).toBeGreaterThan(reply.input_tokens);
    expect(spentOn(body.usage)).toEqual(add(reply, check));
    expect(spentOn(body.session.usage)).toEqual(add(opening, reply, check));
    const { totals } = (await call("users.usage")).body;
    expect(spentOn(totals)).toEqual(add(opening, reply, check));
    expect(totals.messages).toBe(2);
  });

  test("a prompt told in other words passes the leak guard, and is held back by the check", async () => {
    const { open, say, messages } = someone("curious");
    const unchecked = await open(await bots.make());
    model.retells = true;
    expect((await say(unchecked)).body).toMatchObject({
      leak_blocked: false,
      reply: expect.stringContaining(RETOLD),
    });
    model.retells = false;
    const session = await open(await bots.make(CHECKED));
    model.retells = true;
    for (const stream of [true, false]) {
      const { body, deltas } = await say(session, { stream });
      expect(body).toMatchObject({ leak_blocked: true, reply: expect.stringMatching(/^Sorry/) });
      expect(deltas).toEqual([]);
    }
    const kept = await messages(session);
    expect(kept.at(-1)).toMatchObject({ state: "blocked", leak_blocked: true });
    expect(JSON.stringify(kept)).not.toContain(RETOLD);
    model.retells = false;
    await say(session);
    const context = JSON.stringify(server().demo.requests.slice(-2));
    expect(context).toContain("Sorry, but");
    expect(context).not.toContain(RETOLD);
  });

  test("it counts like any held-back reply: the third ends the session", async () => {
    const { open, say } = someone("striking");
    const session = await open(await bots.make(CHECKED));
    model.retells = true;
    for (let i = 0; i < 3; i++) expect((await say(session)).body.leak_blocked).toBe(true);
    expect((await say(session)).body.error.code).toBe("session_ended");
    expect(model.checks).toHaveLength(3);
  });

  test("a recap is held back too", async () => {
    const { call, open, say } = someone("recap");
    const session = await open(await bots.make(CHECKED));
    await say(session);
    model.retells = true;
    const { body } = await call("sessions.end", { session });
    expect(body).toMatchObject({ leak_blocked: true, session: { recap: expect.stringMatching(/^Sorry/) } });
  });

  test("where the check cannot be made nothing is shown, what the reply cost is counted, and it can be tried again", async () => {
    const { call, open, say, messages } = someone("unlucky");
    const session = await open(await bots.make(CHECKED));
    model.verdict = () => {
      throw new Failure("upstream_busy", "Busy.", { retryAfter: 1 });
    };
    const again = { stream: true, idempotencyKey: "once-more" };
    const failed = await say(session, again);
    expect(failed.body.error.code).toBe("upstream_busy");
    expect(failed.deltas).toEqual([]);
    expect((await messages(session)).at(-1)).toMatchObject({ state: "interrupted", content: "" });
    const [opening, reply] = model.replies as [Spent, Spent];
    expect(spentOn((await call("users.usage")).body.totals)).toEqual(add(opening, reply));
    model.verdict = null;
    expect((await say(session, again)).body).toMatchObject({ leak_blocked: false });
    expect((await messages(session)).at(-1)).toMatchObject({ state: "complete" });
  });

  test.each([
    ["yes", true],
    ["**Yes.** It does.", true],
    ["No, it does not.", false],
    ["I am sorry, I can not help with that.", false],
    ["Yesterday's weather was fine.", false],
  ])("a verdict of %s", async (verdict, leak_blocked) => {
    const { open, say } = someone("verdicts");
    const session = await open(await bots.make(CHECKED));
    model.verdict = () => verdict;
    expect((await say(session)).body).toMatchObject({ leak_blocked, usage: { estimated: true } });
  });

  test("the version holds it: saved, changed, copied, exported, tried out; a session keeps what it began with", async () => {
    const bot = await bots.make();
    expect((await bots.get(bot)).model_config.second_check).toBe(false);
    const begun = await bots.start(bot);
    const changed = await bots.update(bot, { model_config: { second_check: true } });
    expect(changed).toMatchObject({ version: 2, model_config: { second_check: true, max_tokens: 500 } });
    expect(await bots.update(bot, { name: "Nora" })).toMatchObject({ model_config: { second_check: true } });
    const copy = (await door().call("bots.duplicate", { bot })).body;
    expect(copy.model_config.second_check).toBe(true);
    const exported = (await door().call("bots.export", { bot })).body;
    expect(exported.model_config.second_check).toBe(true);
    const lab = (await door().call("sessions.create", { bot_config: exported })).body.session.id;
    for (const [session, checks] of [
      [begun, 0],
      [await bots.start(bot), 1],
      [lab, 1],
    ]) {
      reset();
      await door().call("sessions.respond", { session, message: "Hello, I feel stuck." });
      expect(model.checks).toHaveLength(checks as number);
    }
  });
});

describe("the second check at other doors", () => {
  let server: TestServer;
  let model: ReturnType<typeof watch>["watched"];
  let reset: () => void;
  let bot: string;
  beforeAll(async () => {
    server = await startServer();
    ({ watched: model, reset } = watch(server));
    bot = (await server.rest.call("bots.create", CHECKED)).body.id;
  });
  beforeEach(() => reset());
  afterAll(() => server.close());

  const chat = async (key: string, more = {}) => {
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({
        model: bot,
        messages: [{ role: "user", content: "I feel stuck with my garden." }],
        ...more,
      }),
    });
    return { status: response.status, text: await response.text() };
  };

  test("chat completions: the check pays its way, holds back what it should, and counts it", async () => {
    const key = keyOf("program");
    const { usage, choices } = JSON.parse((await chat(key)).text);
    expect(choices[0]).toMatchObject({ finish_reason: "stop", message: { content: expect.any(String) } });
    const [reply] = model.replies as [Spent];
    const [check] = model.checks as [Spent];
    expect(usage.cost_usd).toBeCloseTo(reply.cost_usd + check.cost_usd, 9);
    expect(usage.total_tokens).toBe(
      reply.input_tokens + check.input_tokens + reply.output_tokens + check.output_tokens,
    );
    const streamed = await chat(key, { stream: true });
    expect(streamed.text).toContain('"finish_reason":"stop"');
    model.retells = true;
    for (let i = 0; i < 10; i++) {
      const { text } = await chat(key, { stream: i % 2 === 0 });
      expect(text).toContain('"finish_reason":"content_filter"');
      expect(text).not.toContain("told");
    }
    expect((await chat(key)).text).toContain("assistant_paused");
  });

  test("chat completions: what a call of a tool says is judged too", async () => {
    const parameters = { type: "object", properties: { note: { type: "string" } } };
    const tools = [{ type: "function", function: { name: "write_garden", parameters } }];
    const called = await chat(keyOf("tools"), { tools });
    expect(called.text).toContain('"finish_reason":"tool_calls"');
    model.retells = true;
    const { text } = await chat(keyOf("tools"), { tools, stream: true });
    expect(text).toContain('"finish_reason":"content_filter"');
    expect(text).not.toContain("write_garden");
  });

  test("chat completions: where the check fails nothing is shown, and the reply is counted", async () => {
    const key = keyOf("unlucky-program");
    model.verdict = () => {
      throw new Failure("upstream_busy", "Busy.", { retryAfter: 1 });
    };
    const { text } = await chat(key, { stream: true });
    expect(text).not.toContain('"content":"');
    const { totals } = (await server.rest.call("users.usage", {}, { key })).body;
    expect(totals).toMatchObject({ output_tokens: model.replies[0]?.output_tokens });
  });

  test("an app key's budget pays for both, and none is shown where it covers only the reply", async () => {
    const make = async (budget_usd: number) =>
      (
        await server.rest.call("users.create_app_key", {
          kind: "secret",
          name: "server",
          bots: [bot],
          budget_usd,
        })
      ).body;
    const { id, key } = await make(1);
    const session = (await server.rest.call("sessions.create", { bot }, { key })).body.session.id;
    await server.rest.call("sessions.respond", { session, message: "Hello" }, { key });
    const { data } = (await server.rest.call("users.list_app_keys")).body;
    const { usage } = data.find((one: { id: string }) => one.id === id);
    const all = [...model.replies, ...model.checks].reduce((sum, { cost_usd }) => sum + cost_usd, 0);
    expect(usage.cost_usd).toBeCloseTo(all, 9);

    const short = { max_tokens: 50 };
    expect((await chat(key, short)).status).toBe(200);
    const { worst } = model;
    const [reply] = model.replies.slice(-1) as [Spent];
    expect(worst.reply).toBeLessThan(reply.cost_usd + worst.check);
    const poor = await make(worst.reply);
    const asked = model.replies.length;
    const refused = await chat(poor.key, short);
    expect(model.replies).toHaveLength(asked + 1);
    expect(refused.text).toContain("budget_exhausted");
    expect(refused.text).not.toContain("garden");
  });
});
