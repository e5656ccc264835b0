import { type Answer, BOT, keyOf, startServer, type TestServer } from "./support";

/** What a provider can do wrong, each time over: a typed error in time, nothing stuck, nothing twice. */
const TIMES = 20;
const DEADLINE_MS = 300;

let server: TestServer;
let bot: string;
let upstream: string;

beforeAll(async () => {
  const deadlines = { firstByteMs: DEADLINE_MS, idleMs: DEADLINE_MS };
  server = await startServer({ upstream: { retry: { baseMs: 5 }, deadlines } });
  upstream = server.services.config.openaiBaseUrl;
  bot = (await server.rest.call("bots.create", BOT)).body.id;
});
afterAll(() => server.close());
afterEach(() => {
  server.services.config.openaiBaseUrl = upstream;
});

type Message = { role: string; content: string; state: string };

const create = async (key: string): Promise<string> =>
  (await server.rest.call("sessions.create", { bot }, { key })).body.session.id;
const say = (session: string, input: object, options: object): Promise<Answer> =>
  server.rest.call("sessions.respond", { session, ...input }, options);
const read = async (session: string, key: string): Promise<Message[]> =>
  (await server.rest.call("sessions.messages", { session }, { key })).body.data;
const stats = async () =>
  (await (await fetch(new URL("/stats", server.demo.url))).json()) as { calls: number };

/** Sends the same thing into 20 sessions at once, and looks what each was answered and keeps. */
async function run(input: { message: string; model?: string }, stream: boolean) {
  const key = keyOf("faults");
  const sessions = await Promise.all(Array.from({ length: TIMES }, () => create(key)));
  return {
    key,
    sessions,
    send: () => Promise.all(sessions.map((session) => say(session, input, { key, stream }))),
  };
}

/** The user's words are there once, the session answers again. */
async function expectUsable(sessions: string[], key: string, message: string) {
  await Promise.all(
    sessions.map(async (session) => {
      const words = (await read(session, key)).filter(({ role }) => role === "user");
      expect(words.map(({ content, state }) => [content, state])).toEqual([[message, "interrupted"]]);
      expect((await say(session, { message: "Still there?" }, { key })).status).toBe(200);
      const states = (await read(session, key)).map(({ state }) => state);
      expect(states).toEqual(["complete", "interrupted", "interrupted", "complete", "complete"]);
    }),
  );
}

describe.each([
  ["whole", false],
  ["streamed", true],
])("%s", (_, stream) => {
  test.each([
    ["demo-429", "upstream_busy", 3],
    ["demo-429-bare", "upstream_busy", 3],
    ["demo-500", "upstream_unavailable", 3],
    ["demo-502", "upstream_unavailable", 3],
    ["demo-stall", "upstream_timeout", 1],
    ["demo-slow", "upstream_timeout", 3],
    ["demo-cut", "upstream_failed", 1],
    ["demo-garbage", "upstream_failed", 1],
    ["demo-html", "upstream_failed", 3],
    ["demo-empty", "upstream_failed", 3],
    ["demo-context", "context_too_long", 1],
    ["demo-quota", "quota_exhausted", 1],
    ["demo-revoked", "invalid_key", 1],
    ["demo-param", "upstream_rejected", 1],
  ])("%s is %s after %i attempts, every time", async (model, code, attempts) => {
    const message = `Try ${model}`;
    const { key, sessions, send } = await run({ message, model }, stream);
    const before = (await stats()).calls;
    const answers = await send();
    expect(answers.map(({ body }) => body.error?.code)).toEqual(Array(TIMES).fill(code));
    expect((await stats()).calls - before).toBe(attempts * TIMES);
    await expectUsable(sessions, key, message);
  });

  test.each([
    ["refuses the connection", "http://127.0.0.1:9/v1"],
    ["has no address", "http://no-such-host.invalid/v1"],
  ])("a provider that %s is upstream_unavailable, every time", async (_, url) => {
    const message = "Is anybody there?";
    const { key, sessions, send } = await run({ message }, stream);
    server.services.config.openaiBaseUrl = url;
    const answers = await send();
    expect(answers.map(({ status, body }) => [status, body.error?.code])).toEqual(
      Array(TIMES).fill([503, "upstream_unavailable"]),
    );
    server.services.config.openaiBaseUrl = upstream;
    await expectUsable(sessions, key, message);
  });

  test.each(["demo-429-once", "demo-500-once"])("%s is asked again and answered", async (model) => {
    const key = keyOf(`once-${model}-${stream}`);
    const session = await create(key);
    const { status, body } = await say(session, { message: "Try", model }, { key, stream });
    expect([status, body.model]).toEqual([200, model]);
  });
});

test("a partial reply is kept as interrupted, and the same key completes it in its place", async () => {
  const key = keyOf("partial");
  const session = await create(key);
  const cut = { message: "Tell me", model: "demo-cut" };
  const { body, deltas } = await say(session, cut, { key, stream: true, idempotencyKey: "one" });
  expect(body.error.code).toBe("upstream_failed");
  expect(deltas.length).toBeGreaterThan(0);
  expect((await read(session, key)).at(-1)).toMatchObject({ state: "interrupted", content: deltas.join("") });
  const { next_seq } = (await server.services.sessions.ref(session)?.get())?.data() ?? {};
  await say(session, cut, { key, idempotencyKey: "one" });
  const again = (await server.services.sessions.ref(session)?.get())?.data();
  expect(again?.next_seq).toBe(next_seq);
  expect(await read(session, key)).toHaveLength(3);
});

test("a key that its provider revokes in mid-session: told so, and what was said can still be read", async () => {
  const key = keyOf("midway");
  const session = await create(key);
  await say(session, { message: "Before." }, { key });
  const revoked = await say(session, { message: "After.", model: "demo-revoked" }, { key });
  expect([revoked.status, revoked.body.error.code]).toEqual([401, "invalid_key"]);
  expect((await read(session, key)).map(({ content }) => content)).toContain("Before.");
});
