import { setTimeout as wait } from "node:timers/promises";
import type { Firestore } from "firebase-admin/firestore";
import { Failure } from "../src/errors";
import { nanoToUsd } from "../src/openai/pricing";
import { worstCostNano } from "../src/users/app-key-cost";
import { createMeters } from "../src/users/app-key-meters";
import { BOT, keyOf, startServer, type TestServer } from "./support";

const CALLS = 50;
const CHAT = {
  model: "gpt-4.1-mini",
  messages: [{ role: "user", content: "I feel stuck with my garden." }],
  max_tokens: 200,
};
/** The most that one such call can cost, as the key's meter holds it back. */
const WORST =
  worstCostNano({ model: CHAT.model, messages: CHAT.messages, sampling: { max_tokens: 200 } }) ?? 0;

const NOTHING = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 };

let clock = 0;
let writes = 0;
let server: TestServer;
let creator: string;
let serial = 0;

/** Counts the writes of meters. */
function wrapFirestore(firestore: Firestore): Firestore {
  const doc = firestore.doc.bind(firestore);
  firestore.doc = (path) => {
    const ref = doc(path);
    const update = ref.update.bind(ref);
    ref.update = ((...given: Parameters<typeof update>) => {
      if (path.endsWith("/meter/now")) writes++;
      return update(...given);
    }) as never;
    return ref;
  };
  return firestore;
}

beforeAll(async () => {
  server = await startServer({ wrapFirestore, now: () => new Date(Date.now() + clock) });
});
beforeEach(() => {
  creator = keyOf(`payer-${serial++}`);
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => server.close());

const make = async (more = {}, key = creator) => {
  const { body } = await server.rest.call(
    "users.create_app_key",
    { name: "K", kind: "secret", ...more },
    { key },
  );
  return body as { id: string; key: string };
};
const usage = async (id: string) => {
  const { data } = (await server.rest.call("users.list_app_keys", {}, { key: creator })).body;
  return data.find((key: { id: string }) => key.id === id).usage;
};
const chat = (key: string, more = {}) => server.rest.call("chat.completions", { ...CHAT, ...more }, { key });

/** Holds every model call back until so many calls are decided: let through to the model, or refused. */
function holdUntil(decided: number) {
  const { upstream } = server.services;
  const real = upstream.chat;
  let seen = 0;
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const one = () => {
    if (++seen === decided) open();
  };
  jest.spyOn(upstream, "chat").mockImplementation(async (request) => {
    one();
    await gate;
    return real(request);
  });
  return { refused: one };
}

/** Makes calls at once; what each ended with. */
async function race(
  count: number,
  call: () => Promise<{ status: number; body: { error?: { code: string } } }>,
) {
  const gate = holdUntil(count);
  const codes = await Promise.all(
    Array.from({ length: count }, async () => {
      const { body } = await call();
      if (body.error) gate.refused();
      return body.error?.code ?? "ok";
    }),
  );
  return Object.fromEntries(
    [...new Set(codes)].map((code) => [code, codes.filter((one) => one === code).length]),
  );
}

test("fifty calls at once and a budget of ten worst cases: ten go through, whatever the order", async () => {
  const { id, key } = await make({ budget_usd: nanoToUsd(WORST * 10 + WORST - 1) });
  writes = 0;
  expect(await race(CALLS, () => chat(key))).toEqual({ ok: 10, budget_exhausted: 40 });
  expect(writes).toBeLessThan(CALLS);
  const after = await usage(id);
  expect(after).toMatchObject({ requests: 10, reserved_usd: 0 });
  expect(after.cost_usd).toBeGreaterThan(0);
  expect(after.cost_usd).toBeLessThanOrEqual(nanoToUsd(WORST * 10));
});

test.each(["rest", "callable"] as const)(
  "fifty sessions at once through %s: what the budget covers",
  async (door) => {
    const bot = (await server.rest.call("bots.create", BOT, { key: creator })).body.id;
    const messages = [{ role: "system", content: BOT.initial_prompt }];
    const sampling = {
      temperature: 0.7,
      top_p: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      max_tokens: 500,
    };
    const worst = worstCostNano({ model: "gpt-4.1-mini", messages, sampling }) ?? 0;
    const { id, key } = await make({ bots: [bot], budget_usd: nanoToUsd(worst * 10) });
    expect(await race(CALLS, () => server[door].call("sessions.create", { bot }, { key }))).toEqual({
      ok: 10,
      budget_exhausted: 40,
    });
    const begun = await server.services.firestore.collection(`users/${id}/sessions`).get();
    expect(begun.size).toBe(10); // of what was refused nothing is left
  },
);

test("one call after another: the real cost counts, so more go through than worst cases fit, and never too many", async () => {
  const budget = WORST * 3;
  const { id, key } = await make({ budget_usd: nanoToUsd(budget) });
  let done = 0;
  let cost = 0;
  for (let answer = await chat(key); answer.status === 200; answer = await chat(key)) {
    done++;
    cost += answer.body.usage.cost_usd;
    expect(cost).toBeLessThanOrEqual(nanoToUsd(budget));
  }
  expect(done).toBeGreaterThan(3);
  const after = await usage(id);
  expect(after.requests).toBe(done);
  expect(after.cost_usd).toBeCloseTo(cost, 9);
  expect(after.budget_left_usd).toBeLessThan(nanoToUsd(WORST));
  const { status, body } = await chat(key);
  expect([status, body.error.code, body.error.type]).toEqual([429, "budget_exhausted", "insufficient_quota"]);
});

test("calls a minute and a day are exact at once, and say when they lift", async () => {
  const { key } = await make({ requests_per_minute: 7, requests_per_day: 10 });
  clock = 60_000 - (Date.now() % 60_000); // a minute that has just begun
  expect(await race(CALLS, () => chat(key))).toEqual({ ok: 7, rate_limit_exceeded: 43 });
  jest.restoreAllMocks();
  const refused = await chat(key);
  expect(refused.status).toBe(429);
  const retryAfter = Number(refused.headers.get("retry-after"));
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(60);
  clock += retryAfter * 1000;
  expect(await race(CALLS, () => chat(key))).toEqual({ ok: 3, rate_limit_exceeded: 47 });
  jest.restoreAllMocks();
  const until = Number((await chat(key)).headers.get("retry-after"));
  expect(until).toBeGreaterThan(60);
  clock += until * 1000;
  expect((await chat(key)).status).toBe(200);
  clock = 0;
});

test("a crash between holding back and settling: counted at the most once its lease is over", async () => {
  const { id, key } = await make({ budget_usd: nanoToUsd(WORST * 2) });
  const { meters, upstream } = server.services;
  jest.spyOn(meters, "settle").mockRejectedValue(new Error("the process is gone"));
  expect((await chat(key)).status).toBe(200);
  jest.restoreAllMocks();
  expect(await usage(id)).toMatchObject({ cost_usd: 0, reserved_usd: nanoToUsd(WORST) });
  expect((await chat(key)).status).toBe(200);
  expect((await chat(key)).body.error.code).toBe("budget_exhausted");
  const paid = (await usage(id)).cost_usd;
  clock = upstream.deadlines.turnMs + 60_000;
  const lapsed = await usage(id);
  expect(lapsed).toMatchObject({ requests: 2, reserved_usd: 0 });
  expect(lapsed.cost_usd).toBeCloseTo(paid + nanoToUsd(WORST), 9);
  expect((await chat(key)).body.error.code).toBe("budget_exhausted");
  clock = 0;
});

test("a caller who leaves pays the most that the call can have cost", async () => {
  const slow = await startServer({ delayMs: 40 });
  const call = (operation: string, input: object, key: string, signal?: AbortSignal) =>
    slow.rest.call(operation, { ...input }, { key, ...(signal ? { signal } : {}) });
  const made = (await call("users.create_app_key", { name: "K", kind: "secret", budget_usd: 1 }, creator))
    .body;
  const reserved = jest.spyOn(slow.services.meters, "reserve");
  const settle = slow.services.meters.settle;
  const settled = new Promise<void>((resolve, reject) => {
    jest
      .spyOn(slow.services.meters, "settle")
      .mockImplementation((...spent) => settle(...spent).then(resolve, reject));
  });
  const leaving = new AbortController();
  const asking = call("chat.completions", { ...CHAT, stream: true }, made.key, leaving.signal).catch(
    () => null,
  );
  while (reserved.mock.results.length === 0 || slow.demo.requests.length === 0) await wait(5);
  leaving.abort();
  await asking;
  await settled;
  const { data } = (await call("users.list_app_keys", {}, creator)).body;
  expect(data[0].usage).toMatchObject({ requests: 1, reserved_usd: 0, cost_usd: nanoToUsd(WORST) });
  await slow.close();
});

test("what the provider refuses costs nothing; every attempt that it may bill is paid", async () => {
  const { id, key } = await make();
  const charged = jest.spyOn(server.services.meters, "settle");
  expect((await chat(key, { model: "demo-500" })).body.error.code).toBe("upstream_unavailable");
  expect(charged).toHaveBeenCalledTimes(3);
  expect((await usage(id)).requests).toBe(1);
  const poor = "sk-demo-noquota-creator-0123456789";
  const made = await make({ budget_usd: 1 }, poor);
  const { body } = await chat(made.key);
  expect(body.error).toMatchObject({
    code: "insufficient_quota",
    message: expect.stringContaining("behind this app key"),
  });
  const { data } = (await server.rest.call("users.list_app_keys", {}, { key: poor })).body;
  expect(data[0].usage).toMatchObject({ requests: 1, cost_usd: 0, reserved_usd: 0, budget_left_usd: 1 });
  const revoked = await chat(key, { model: "demo-revoked" });
  expect([revoked.status, revoked.body.error.code]).toEqual([429, "insufficient_quota"]);
});

test("a budget needs a price", async () => {
  const { key } = await make({ budget_usd: 1 });
  const { status, body } = await chat(key, { model: "demo-fast" });
  expect([status, body.error.code, body.error.param]).toEqual([400, "model_not_priced", "model"]);
  const { key: free } = await make();
  expect((await chat(free, { model: "demo-fast" })).status).toBe(200);
});

test("opening, replies, summary and recap are all paid; where money is short, the reply goes before the summary", async () => {
  const bot = (await server.rest.call("bots.create", { ...BOT, session_type: "coaching" }, { key: creator }))
    .body.id;
  const { id, key } = await make({ bots: [bot], budget_usd: 5 });
  const call = async (operation: string, input: object) =>
    (await server.rest.call(operation, { ...input }, { key })).body;
  const session = (await call("sessions.create", { bot })).session.id;
  const say = (i: number) =>
    call("sessions.respond", {
      session,
      message: `number ${i}: ${"Still turning this over. ".repeat(1_200)}`,
    });
  for (let i = 1; i <= 6; i++) await say(i);
  const { meters } = server.services;
  const real = meters.reserve;
  let first = true;
  jest.spyOn(meters, "reserve").mockImplementation(async (...asked) => {
    if (first) {
      first = false;
      return real(...asked);
    }
    throw new Failure("budget_exhausted", "no more");
  });
  expect(await say(7)).toMatchObject({ context_condensed: false, reply: expect.any(String) });
  expect(first).toBe(false);
  expect(meters.reserve).toHaveBeenCalledTimes(2);
  jest.restoreAllMocks();
  expect((await say(8)).context_condensed).toBe(true);
  const { session: ended } = await call("sessions.end", { session });
  const { input_tokens, output_tokens, cost_usd } = ended.usage;
  const after = await usage(id);
  expect(after).toMatchObject({ requests: 10, input_tokens, output_tokens, reserved_usd: 0 });
  expect(after.cost_usd).toBeCloseTo(cost_usd, 9);
});

test("a key that is revoked while it answers: nothing reappears", async () => {
  const { id, key } = await make({ budget_usd: 1 });
  const { upstream, firestore } = server.services;
  const real = upstream.chat;
  jest.spyOn(upstream, "chat").mockImplementation(async (request) => {
    await server.rest.call("users.revoke_app_key", { app_key: id }, { key: creator });
    return real(request);
  });
  expect((await chat(key)).status).toBe(200);
  const left = await Promise.all(
    [`app_keys/${id}`, `users/${id}`, `users/${id}/meter/now`, `tombstones/${id}`].map((path) =>
      firestore.doc(path).get(),
    ),
  );
  expect(left.map(({ exists }) => exists)).toEqual([false, false, false, false]);
  expect((await firestore.collection(`users/${id}/usage`).get()).size).toBe(0);
  expect((await chat(key)).body.error.code).toBe("invalid_api_key");
});

test("two servers at once hold one budget, in far fewer writes than calls", async () => {
  const { id } = await make({ budget_usd: nanoToUsd(1_000) });
  const { appKeys } = server.services;
  const servers = [createMeters(), createMeters()];
  const limits = { budgetNano: 1_000, perDay: null, perMinute: null };
  const ref = appKeys.meterRef(id);
  const nowMs = Date.now();
  writes = 0;
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const call = { id: `call${i}`, worstNano: 10, first: true, nowMs, leaseMs: 60_000 };
      const meters = servers[i % 2] as (typeof servers)[0];
      const code = await meters.reserve(ref, limits, call).then(
        () => "ok",
        ({ code }) => code,
      );
      if (code === "ok") await meters.settle(ref, call.id, { ...NOTHING, costNano: 0 });
      return code;
    }),
  );
  const went = outcomes.filter((code) => code === "ok").length;
  expect(outcomes.filter((code) => code !== "ok" && code !== "budget_exhausted")).toEqual([]);
  expect(went).toBeGreaterThanOrEqual(100); // what is settled for nothing makes room for another
  expect(writes).toBeLessThan(40);
  expect(await usage(id)).toMatchObject({ requests: went, cost_usd: 0, reserved_usd: 0 });
});
