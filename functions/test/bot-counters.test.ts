import { client } from "./bot-client";
import { startServer, type TestServer } from "./support";

describe("counters", () => {
  let clock = 0;
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ now: () => new Date(Date.now() + clock) });
  });
  afterAll(() => server.close());

  const count = async (bot: string, version: number, what: "started" | "ended") => {
    const batch = server.services.firestore.batch();
    server.services.bots.count(batch, bot, version, what);
    await batch.commit();
  };
  const card = async (bot: string) => {
    const { body } = await server.rest.call("bots.get", { bot }, { key: null });
    return [body.sessions_started, body.sessions_ended];
  };

  test("a hundred counts at once add up exactly, for the assistant and each version", async () => {
    const bot = await client(() => server.rest).make();
    await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        count(bot, i % 4 === 0 ? 2 : 1, i % 2 === 0 ? "started" : "ended"),
      ),
    );
    const counts = await server.services.bots.readCounts(bot);
    expect(counts).toMatchObject({ started: 50, ended: 50 });
    expect([counts.ofVersion(1), counts.ofVersion(2), counts.ofVersion(3)]).toEqual([
      { started: 25, ended: 50 },
      { started: 25, ended: 0 },
      { started: 0, ended: 0 },
    ]);
  });

  test("the card shows them after a recount, which happens at most once a minute", async () => {
    const bot = await client(() => server.rest).make();
    await count(bot, 1, "started");
    expect(await card(bot)).toEqual([0, 0]);
    clock += 61_000;
    expect(await card(bot)).toEqual([1, 0]);
    await count(bot, 1, "ended");
    clock += 30_000;
    expect(await card(bot)).toEqual([1, 0]);
    clock += 31_000;
    expect(await card(bot)).toEqual([1, 1]);
  });

  test("of many that meet a stale card, one recounts", async () => {
    const bot = await client(() => server.rest).make();
    await count(bot, 1, "started");
    const { bots } = server.services;
    const stale = await bots.read(bot);
    if (!stale) throw new Error("no assistant");
    const later = new Date(stale.counted_at.toMillis() + 61_000);
    const seen = await Promise.all(Array.from({ length: 10 }, () => bots.recount(stale, later)));
    expect(seen.filter(({ sessions_started }) => sessions_started === 1)).toHaveLength(1);
    expect(await bots.read(bot)).toMatchObject({ sessions_started: 1 });
  });

  test("a recount does not bring a deleted assistant back, and a change beside one is not lost", async () => {
    const { make, update } = client(() => server.rest);
    const bot = await make();
    clock += 61_000;
    const [changed] = await Promise.all([update(bot, { name: "Kept" }), card(bot), card(bot)]);
    expect(changed.name).toBe("Kept");
    const stale = await server.services.bots.read(bot);
    if (!stale) throw new Error("no assistant");
    expect(stale.name).toBe("Kept");
    await server.rest.call("bots.delete", { bot });
    expect(await server.services.bots.recount(stale, new Date(Date.now() + clock + 61_000))).toBe(stale);
    expect(await server.services.bots.read(bot)).toBeNull();
  });
});
