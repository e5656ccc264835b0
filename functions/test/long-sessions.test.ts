import { createHash } from "node:crypto";
import { spyOn } from "./spy";
import { BOT, keyOf, startServer, type TestServer } from "./support";

/** What must not grow with the length of a conversation or the number of users. */
const TURNS = 300;

const spy = spyOn();
let server: TestServer;

beforeAll(async () => {
  server = await startServer({ wrapFirestore: spy.wrapFirestore, delayMs: 0 });
});
afterAll(() => server.close());

const stats = async () =>
  (await (await fetch(new URL("/stats", server.demo.url))).json()) as {
    calls_by_key: Record<string, number>;
  };

const WORDS = "I keep turning this over in my mind, and every day it looks a little different. ".repeat(6);

test.each([
  ["brainstorming", 20],
  ["coaching", 0],
] as const)(
  "%s: 300 messages to a model with an 8k window",
  async (session_type, remembered) => {
    const { rest, services, demo } = server;
    const bot = (await rest.call("bots.create", { ...BOT, session_type })).body.id;
    const session = (await rest.call("sessions.create", { bot })).body.session.id;
    const size = async () => (await services.sessions.ref(session)?.get())?.get("context").length as number;
    const trips = new Map<number, string[]>();
    const sizes: number[] = [];
    let condensed = 0;
    for (let i = 1; i <= TURNS; i++) {
      spy.trips.length = 0;
      const input = { session, message: `${i}: ${WORDS}`, model: "demo-8k" };
      const { status, body } = await rest.call("sessions.respond", input);
      expect([i, status]).toEqual([i, 200]); // the demo model refuses what its window does not hold
      if (body.context_condensed) condensed++;
      trips.set(i, [...spy.trips]);
      if (i % 30 === 0) sizes.push(await size());
    }
    expect(trips.get(TURNS)).toEqual(trips.get(30));
    expect(trips.get(TURNS)).toEqual(["read 2", "commit", "commit"]);
    expect(Math.max(...sizes)).toBeLessThan(64 * 1024);
    const last = demo.requests.at(-1)?.body as { messages: unknown[] } | undefined;
    if (remembered) expect(last?.messages.length).toBeLessThanOrEqual(remembered + 1);
    expect(condensed > 0).toBe(session_type === "coaching");
    const all = (await rest.call("sessions.messages", { session })).body.data as { role: string }[];
    expect(all.filter(({ role }) => role === "user")).toHaveLength(TURNS);
  },
  240_000,
);

test("8 users, 1,000 turns at once: each call with its user's own key, and every count right", async () => {
  const { rest } = server;
  const bot = (await rest.call("bots.create", BOT)).body.id;
  const keys = Array.from({ length: 8 }, (_, i) => keyOf(`crowd-${i}`));
  const turns = 1_000 / keys.length;
  const answers = await Promise.all(
    keys.map(async (key) => {
      const session = (await rest.call("sessions.create", { bot }, { key })).body.session.id;
      for (let i = 1; i <= turns; i++) {
        const answer = await rest.call("sessions.respond", { session, message: `turn ${i}` }, { key });
        expect(answer.status).toBe(200);
      }
      return {
        session: (await rest.call("sessions.get", { session }, { key })).body,
        usage: (await rest.call("users.usage", {}, { key })).body,
      };
    }),
  );
  const { calls_by_key } = await stats();
  for (const [i, key] of keys.entries()) {
    const hash = createHash("sha256").update(key).digest("hex");
    const calls = Object.entries(calls_by_key).find(([prefix]) => hash.startsWith(prefix))?.[1];
    expect(calls).toBe(turns + 1);
    expect(answers[i]?.session.message_count).toBe(1 + 2 * turns);
    expect(answers[i]?.usage.totals).toMatchObject({
      messages: turns + 1,
      input_tokens: answers[i]?.session.usage.input_tokens,
      cost_usd: answers[i]?.session.usage.cost_usd,
    });
  }
}, 240_000);
