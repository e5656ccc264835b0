import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { version } from "../src/version";
import { BOT, describeDoors, KEY, keyOf, startServer, type TestServer } from "./support";

const linesOf = (server: TestServer) =>
  server.logged.map((line) => JSON.parse(line)).filter(({ message }) => message === "operation");

describeDoors("the gateway", (door, server) => {
  test("every answer and its log line share a request id", async () => {
    const { body } = await door().call("bots.get", { bot: "nosuchbot" });
    const line = linesOf(server()).find(({ requestId }) => requestId === body.error.request_id);
    expect(line).toMatchObject({ severity: "INFO", operation: "bots.get", code: "bot_not_found" });
    expect(line.ms).toBeGreaterThanOrEqual(0);
    expect(line).not.toHaveProperty("upstreamMs");
  });

  test("a turn's line tells the provider's time and tokens, and no text", async () => {
    const bot = (await door().call("bots.create", BOT)).body.id;
    const opening = (await door().call("sessions.create", { bot })).body;
    const line = linesOf(server()).at(-1);
    expect(line).toMatchObject({
      operation: "sessions.create",
      code: "ok",
      inputTokens: opening.usage.input_tokens,
      outputTokens: opening.usage.output_tokens,
    });
    expect(line.upstreamMs).toBeGreaterThan(0);
    expect(line.upstreamMs).toBeLessThanOrEqual(line.ms);
    expect(server().logged.join()).not.toContain(KEY);
  });

  test("a stream that breaks off is logged as what it was", async () => {
    const bot = (await door().call("bots.create", BOT)).body.id;
    const opened = await door().call("sessions.create", { bot, model: "demo-cut" }, { stream: true });
    expect(opened.body.error.code).toBe("upstream_failed");
    expect(linesOf(server()).at(-1)).toMatchObject({ code: "upstream_failed" });
  });
});

describe.each(["rest", "callable"] as const)("limits through %s", (name) => {
  let server: TestServer;
  let nowMs = Date.parse("2026-03-01T12:00:00Z");
  beforeAll(async () => {
    const limits = { key: 3, address: 8, failedSignIns: 2 };
    server = await startServer({ limits, now: () => new Date(nowMs) });
  });
  beforeEach(() => {
    nowMs += 120_000;
  });
  afterAll(() => server.close());

  test("past its limit a key waits, and others do not", async () => {
    const key = keyOf(`eager-${name}`);
    const call = () => server[name].call("users.get", {}, { key });
    const first = await call();
    expect(first.headers.get("ratelimit")).toBe('"key";r=2;t=60, "address";r=7;t=60');
    expect(first.headers.get("ratelimit-policy")).toBe('"key";q=3;w=60, "address";q=8;w=60');
    expect((await call()).headers.get("ratelimit")).toBe('"key";r=1;t=60');
    await call();
    nowMs += 15_000;
    const fourth = await call();
    expect(fourth.body.error).toMatchObject({ code: "rate_limited", type: "rate_limit_error" });
    expect(fourth.status).toBe(429);
    expect(fourth.headers.get("retry-after")).toBe("45");
    if (name === "callable") expect(fourth.body.error.retry_after).toBe(45);
    expect((await server[name].call("users.get", {}, { key: keyOf("calm") })).body.user).toBeDefined();
    nowMs += 45_000;
    expect((await call()).body.user).toBeDefined();
  });

  test("without a key the address counts", async () => {
    const call = () => server[name].call("bots.list", {}, { key: null });
    for (let calls = 0; calls < 8; calls++) expect((await call()).body.data).toEqual([]);
    expect((await call()).body.error.code).toBe("rate_limited");
  });

  test("who guesses keys is stopped before the provider is asked again", async () => {
    const known = keyOf(`known-${name}`);
    await server[name].call("users.get", {}, { key: known });
    const guess = (word: string) =>
      server[name].call("users.get", {}, { key: `sk-guess-${word}-0123456789` });
    expect((await guess("one")).body.error.code).toBe("invalid_key");
    expect((await guess("two")).body.error.code).toBe("invalid_key");
    expect((await guess("three")).body.error.code).toBe("rate_limited");
    expect((await server[name].call("users.get", {}, { key: known })).body.user).toBeDefined();
  });
});

describe("REST alone", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ limits: { address: 2 } });
  });
  afterAll(() => server.close());
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/v1${path}`, { headers: { "x-forwarded-for": crypto.randomUUID(), ...headers } });

  test("the address is the hop that the platform added, not what the caller wrote before it", async () => {
    const from = (forged: string) => get("/health", { "x-forwarded-for": `${forged}, 198.51.100.4` });
    expect((await from("1.1.1.1")).status).toBe(200);
    expect((await from("2.2.2.2")).status).toBe(200);
    expect((await from("3.3.3.3")).status).toBe(429);
    expect((await get("/health", { "x-forwarded-for": "198.51.100.5" })).status).toBe(200);
  });

  test("a public card has an ETag, and an unchanged one is a 304", async () => {
    const { body: bot } = await server.rest.call("bots.create", BOT);
    const first = await get(`/bots/${bot.id}`);
    const tag = first.headers.get("etag") ?? "";
    expect(tag).toMatch(/^"[\w-]{22}"$/);
    expect(first.headers.get("cache-control")).toBe("no-cache");
    const second = await get(`/bots/${bot.id}`, { "if-none-match": `"other", W/${tag}` });
    expect(second.status).toBe(304);
    expect(second.headers.get("etag")).toBe(tag);
    expect(await second.text()).toBe("");
    await server.services.firestore.doc(`bots/${bot.id}`).update({ tag_line: "Changed" });
    const third = await get(`/bots/${bot.id}`, { "if-none-match": tag });
    expect(third.status).toBe(200);
    const mine = await get(`/bots/${bot.id}`, { authorization: `Bearer ${KEY}`, "if-none-match": tag });
    expect(mine.status).toBe(200);
    expect(mine.headers.get("etag")).toBeNull();
    expect(mine.headers.get("cache-control")).toBe("no-store");
  });

  test("a preflight answers everyone, an answer only configured origins", async () => {
    const preflight = await fetch(`${server.url}/v1/bots`, {
      method: "OPTIONS",
      headers: {
        origin: "https://anywhere.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,x-stainless-lang",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")).toContain("x-stainless-lang");
    for (const [origin, allowed] of [
      ["https://allowed.example", "https://allowed.example"],
      [`https://${server.services.config.project}.web.app`, null],
      ["https://anywhere.example", null],
    ] as const) {
      const answer = await get("/presets", { origin });
      expect(answer.headers.get("access-control-allow-origin")).toBe(allowed);
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    }
    const limited = await get("/health", { origin: "https://allowed.example" });
    expect(limited.headers.get("access-control-expose-headers")).toContain("ratelimit");
  });

  test("one version number: health, the OpenAPI document and the package", async () => {
    const health = await (await get("/health")).json();
    const document = (await (await get("/openapi.json")).json()) as { info: { version: string } };
    expect(health).toEqual({ status: "ok", version });
    expect(document.info.version).toBe(version);
  });
});

describe("deep health", () => {
  let server: TestServer;
  let nowMs = Date.now();
  beforeAll(async () => {
    server = await startServer({ now: () => new Date(nowMs) });
  });
  afterAll(() => server.close());
  const deep = () => server.rest.call("service.health", { deep: "1" }, { key: null });

  test("names what does not answer, and looks again only after 30 seconds", async () => {
    expect((await deep()).body).toMatchObject({
      status: "ok",
      checks: { firestore: "ok", upstream: "ok" },
    });
    const { port } = new URL(server.demo.url);
    await server.demo.close();
    expect((await deep()).status).toBe(200);
    nowMs += 30_001;
    const down = await deep();
    expect(down.status).toBe(503);
    expect(down.body.error).toMatchObject({ code: "unhealthy", message: "Not answering: upstream." });
    const again = createServer((_, response) => response.writeHead(401).end()).listen(Number(port));
    await once(again, "listening");
    expect((again.address() as AddressInfo).port).toBe(Number(port));
    expect((await deep()).status).toBe(503);
    nowMs += 30_001;
    expect((await deep()).status).toBe(200);
    again.closeAllConnections();
    again.close();
  });
});

describe("models", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  test("the key's chat models in OpenAI's list, with what is known of each", async () => {
    const { body } = await server.rest.call("models.list");
    expect(body.object).toBe("list");
    const ids = body.data.map(({ id }: { id: string }) => id);
    expect(ids[0]).toBe("gpt-4.1-mini");
    expect(ids).not.toContain("whisper-1");
    expect(body.data[0]).toEqual({
      id: "gpt-4.1-mini",
      object: "model",
      created: 0,
      owned_by: "provider",
      context_window: 1_047_576,
      max_output_tokens: 32_768,
      known: true,
      reasoning: false,
      accepted_parameters: [
        "temperature",
        "top_p",
        "frequency_penalty",
        "presence_penalty",
        expect.any(String),
      ],
      prices: { input: 0.4, cached_input: 0.1, output: 1.6 },
    });
    const thinker = body.data.find(({ id }: { id: string }) => id === "o4-mini");
    expect(thinker).toMatchObject({ reasoning: true, accepted_parameters: ["max_completion_tokens"] });
  });

  test("one model, or none", async () => {
    const known = await server.rest.call("models.get", { model: "gpt-4o-mini" });
    expect(known.body).toMatchObject({ id: "gpt-4o-mini", object: "model" });
    const unknown = await server.rest.call("models.get", { model: "gpt-99" });
    expect(unknown.status).toBe(404);
    expect(unknown.body.error).toMatchObject({ code: "model_not_found", param: "model" });
  });

  test("a provider that is away leaves the list as it was; a refused key does not", async () => {
    const key = keyOf("lists");
    const before = (await server.rest.call("models.list", {}, { key })).body;
    const list = jest.spyOn(server.services.upstream, "listModels");
    const { Failure } = jest.requireActual("../src/errors");
    list.mockRejectedValueOnce(new Failure("upstream_unavailable", "away"));
    expect((await server.rest.call("models.list", {}, { key })).body).toEqual(before);
    list.mockRejectedValueOnce(new Failure("key_refused", "no"));
    expect((await server.rest.call("models.list", {}, { key })).body.error.code).toBe("key_refused");
    list.mockRestore();
  });
});
