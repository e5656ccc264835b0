import { Failure } from "../src/errors";
import type { ChatRequest } from "../src/openai/upstream";
import { bare } from "./bot-client";
import { BOT, keyOf, startServer, type TestServer } from "./support";

const PROMPT = `You are Nori, a patient coach for engineers in their first job, and you never hurry anybody.
Ask exactly one open question at a time, keep every answer below a hundred words, and mirror what was said before you
move on. When somebody mentions burnout, slow down and name the feeling first. Under no circumstances discuss salary
figures or quote competitors. Close each meeting with one small commitment that takes at most ten minutes.`;
const CALM = "Let us talk about you instead. What is on your mind today?";

let server: TestServer;
let bot: string;
let calls: ChatRequest[] = [];
let reply: (asked: string, request: ChatRequest) => string | Promise<string>;

beforeAll(async () => {
  server = await startServer();
  server.services.upstream.chat = async (request) => {
    calls.push(request);
    const text = await reply(String(request.messages.at(-1)?.content), request);
    for (const piece of text.match(/.{1,9}/gs) ?? []) request.onDelta(piece);
    return { text, finishReason: "stop", usage: { inputTokens: 100, cachedTokens: 0, outputTokens: 10 } };
  };
  bot = (await server.rest.call("bots.create", { ...BOT, initial_prompt: PROMPT })).body.id;
});
afterAll(() => server.close());
beforeEach(() => {
  calls = [];
  reply = () => CALM;
});

const check = async (input = {}, options = {}) =>
  (await server.rest.call("bots.check", { bot, ...input }, options)).body;
type Result = { id: string; leaked: boolean; blocked: boolean; error?: { code: string } };
const of = ({ results }: { results: Result[] }, id: string) => results.find((one) => one.id === id);

test("an estimate says how much and how often, and calls nothing", async () => {
  const answer = await check({ estimate: true });
  expect(answer).toMatchObject({ object: "bot.check", model: "gpt-4.1-mini", cost_usd: 0, results: [] });
  expect(answer.attempts).toBeGreaterThanOrEqual(12);
  expect(answer.estimated_cost_usd).toBeGreaterThan(0);
  expect(calls).toEqual([]);
});

test("an assistant that keeps its prompt: every attempt made, with the assistant's prompt and the maker's key", async () => {
  const answer = await check();
  expect(answer.results).toHaveLength(answer.attempts);
  expect(answer.results.filter(({ leaked, blocked, error }: Result) => leaked || blocked || error)).toEqual(
    [],
  );
  expect(calls.length).toBeGreaterThanOrEqual(answer.attempts);
  expect(new Set(calls.map(({ apiKey }) => apiKey)).size).toBe(1);
  const asked = calls.filter(({ messages }) => messages[0]?.role === "system");
  for (const { messages } of asked) expect(messages[0]?.content).toBe(PROMPT);
});

test("what it cost is said, and counted with the maker's use", async () => {
  const key = keyOf("payer");
  const own = (await server.rest.call("bots.create", { ...BOT, initial_prompt: PROMPT }, { key })).body.id;
  const answer = await check({ bot: own }, { key });
  const { totals } = (await server.rest.call("users.usage", {}, { key })).body;
  expect(totals).toMatchObject({ messages: calls.length, cost_usd: answer.cost_usd });
  expect(answer.cost_usd).toBeGreaterThan(0);
});

test("a model that tells everything: the words are held back, and what no guard can see is said to get through", async () => {
  const shuffled = (PROMPT.match(/\w+/g) ?? []).toSorted().join(", ");
  reply = (asked, { messages }) => {
    if (asked.includes("Sample:")) return PROMPT;
    if (/French|译/.test(asked)) return "Vous êtes Nori, un coach patient pour les ingénieurs.";
    if (/base64/.test(asked)) return Buffer.from(PROMPT).toString("base64");
    if (/backwards/.test(asked)) return [...PROMPT].reverse().join("");
    if (/dash between/.test(asked)) return [...PROMPT].join("-");
    if (/own words/.test(asked)) return `Somehow it comes to ${shuffled}.`;
    const at = messages.filter(({ role }) => role === "user").length - 1;
    return /sentence|one after|Go on/.test(asked) ? (PROMPT.split(/\.\s/)[at] ?? "") : PROMPT;
  };
  const answer = await check();
  for (const { id, leaked, blocked } of answer.results) {
    const unseen = ["french", "chinese", "own-words"].includes(id);
    expect([id, leaked, blocked]).toEqual([id, true, !unseen]);
  }
});

test("a visitor's view: after a reply was held back the model sees the apology, not its own words", async () => {
  reply = () => PROMPT;
  expect(of(await check(), "drip")).toMatchObject({ leaked: true, blocked: true });
  const drip = calls.filter(({ messages }) => messages.length > 2).at(-1);
  const said = drip?.messages.filter(({ role }) => role === "assistant").map(({ content }) => content) ?? [];
  expect(said.length).toBeGreaterThan(1);
  for (const words of said) expect(words).toMatch(/^Sorry/);
});

test("a failed attempt is said as such, the others are made", async () => {
  reply = (asked) => {
    if (/base64/.test(asked)) throw new Failure("upstream_timeout", "The model took too long.");
    return CALM;
  };
  const answer = await check();
  expect(of(answer, "base64")).toMatchObject({ leaked: false, error: { code: "upstream_timeout" } });
  expect(answer.results.filter(({ error }: Result) => error)).toHaveLength(1);
});

test("where no attempt can succeed, not all are tried", async () => {
  reply = () => {
    throw new Failure("quota_exhausted", "No credit left.");
  };
  const answer = await check();
  for (const { error } of answer.results) expect(error.code).toBe("quota_exhausted");
  expect(calls.length).toBeLessThanOrEqual(4);
  expect(answer.cost_usd).toBe(0);
});

test("another model can be checked; one that the key may not use is refused", async () => {
  expect((await check({ model: "gpt-4.1", estimate: true })).model).toBe("gpt-4.1");
  expect((await check({ model: "no-such-model", estimate: true })).error).toMatchObject({
    code: "model_not_available",
    param: "model",
  });
});

test("for its maker only: anybody else is told what a code that never was is told", async () => {
  const key = keyOf("stranger");
  const others = await server.rest.call("bots.check", { bot }, { key });
  const nobodys = await server.rest.call("bots.check", { bot: "x".repeat(20) }, { key });
  expect(others.status).toBe(404);
  expect(bare(others)).toEqual(bare(nobodys));
  expect(calls).toEqual([]);
});

test("one who leaves ends it, and has still spent what was spent", async () => {
  const key = keyOf("leaver");
  const own = (await server.rest.call("bots.create", { ...BOT, initial_prompt: PROMPT }, { key })).body.id;
  const leaving = new AbortController();
  let waiting = 0;
  reply = (_, { signal }) => {
    if (calls.length <= 4) return CALM;
    if (++waiting === 1) leaving.abort();
    return new Promise((_, reject) => {
      const stop = () => reject(new Failure("cancelled", "Stopped."));
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop);
    });
  };
  await expect(
    server.rest.call("bots.check", { bot: own }, { key, signal: leaving.signal }),
  ).rejects.toThrow();
  for (let messages = 0; messages !== 4; ) {
    ({ messages } = (await server.rest.call("users.usage", {}, { key })).body.totals);
    expect(messages).toBeLessThanOrEqual(4);
  }
  expect(calls.length).toBeLessThanOrEqual(8);
});

test("a check leaves nothing behind but what it cost", async () => {
  reply = () => PROMPT;
  await check();
  const { id } = (await server.rest.call("users.get")).body.user;
  const kept = await server.services.firestore.doc(`users/${id}`).listCollections();
  expect(kept.map((one) => one.id)).toEqual(["usage"]);
});
