import { BOT, describeDoors, keyOf } from "./support";

describeDoors("users.usage", (door, server) => {
  const DAYS = {
    "2026-01-01": { "gpt-4.1-mini": [2, 100, 10, 20, 100_000_001, 0] },
    "2026-01-02": { "gpt-4.1-mini": [1, 1, 0, 1, 200_000_002, 0], "own.model-1": [3, 7, 0, 5, 0, 3] },
    "2026-02-01": { "gpt-4.1-mini": [1, 5, 0, 5, 7, 0] },
  } as const;
  const FIELDS = ["messages", "input_tokens", "cached_tokens", "output_tokens", "cost_nano", "unpriced"];
  const counts = (values: readonly number[]) =>
    Object.fromEntries(FIELDS.map((name, i) => [name, values[i]]));

  const seeded = async () => {
    const key = keyOf(`usage-${door().name}`);
    const { user } = (await door().call("users.get", {}, { key })).body;
    for (const [day, models] of Object.entries(DAYS)) {
      const all = Object.values<readonly number[]>(models);
      const sum = FIELDS.map((_, i) => all.reduce((total, one) => total + (one[i] ?? 0), 0));
      const perModel = Object.fromEntries(Object.entries(models).map(([name, v]) => [name, counts(v)]));
      await server()
        .services.firestore.doc(`users/${user.id}/usage/${day}`)
        .set({ schema: 1, day, ...counts(sum), models: perModel });
    }
    return key;
  };

  test("days, models and totals, both ends included, money exact", async () => {
    const key = await seeded();
    const { body } = await door().call("users.usage", { from: "2026-01-01", to: "2026-01-02" }, { key });
    expect(body).toEqual({
      object: "usage",
      from: "2026-01-01",
      to: "2026-01-02",
      days: [
        {
          date: "2026-01-01",
          messages: 2,
          input_tokens: 100,
          cached_tokens: 10,
          output_tokens: 20,
          cost_usd: 0.100000001,
          unpriced_messages: 0,
          models: [
            {
              model: "gpt-4.1-mini",
              messages: 2,
              input_tokens: 100,
              cached_tokens: 10,
              output_tokens: 20,
              cost_usd: 0.100000001,
              unpriced_messages: 0,
            },
          ],
        },
        expect.objectContaining({
          date: "2026-01-02",
          messages: 4,
          unpriced_messages: 3,
          models: [
            expect.objectContaining({ model: "gpt-4.1-mini", cost_usd: 0.200000002 }),
            expect.objectContaining({ model: "own.model-1", messages: 3, unpriced_messages: 3, cost_usd: 0 }),
          ],
        }),
      ],
      // 0.1 + 0.2 in floating point would be 0.30000000000000004.
      totals: {
        messages: 6,
        input_tokens: 108,
        cached_tokens: 10,
        output_tokens: 26,
        cost_usd: 0.300000003,
        unpriced_messages: 3,
      },
    });
    const all = await door().call("users.usage", { from: "2026-01-02", to: "2026-02-01" }, { key });
    expect(all.body.days.map(({ date }: { date: string }) => date)).toEqual(["2026-01-02", "2026-02-01"]);
  });

  test("what a conversation cost is there at once, and is what its session says", async () => {
    const key = keyOf(`spender-${door().name}`);
    const bot = (await door().call("bots.create", BOT, { key })).body.id;
    const { session } = (await door().call("sessions.create", { bot }, { key })).body;
    const said = await door().call("sessions.respond", { session: session.id, message: "Hello" }, { key });
    const { body } = await door().call("users.usage", {}, { key });
    const { input_tokens, cached_tokens, output_tokens, cost_usd } = said.body.session.usage;
    expect(body.totals).toEqual({
      messages: 2,
      input_tokens,
      cached_tokens,
      output_tokens,
      cost_usd,
      unpriced_messages: 0,
    });
    expect(body.days).toHaveLength(1);
    expect(Date.parse(body.to) - Date.parse(body.from)).toBe(29 * 24 * 60 * 60 * 1000);
  });

  test("another key sees its own use only", async () => {
    await seeded();
    const span = { from: "2026-01-01", to: "2026-02-01" };
    const { body } = await door().call("users.usage", span, { key: keyOf(`other-${door().name}`) });
    expect(body).toMatchObject({ days: [], totals: { messages: 0, cost_usd: 0 } });
  });

  test.each([
    ["a day that is none", { from: "2026-02-30" }, "from"],
    ["a time instead of a day", { to: "2026-02-01T00:00:00Z" }, "to"],
    ["an end before its start", { from: "2026-02-02", to: "2026-02-01" }, "from"],
    ["367 days", { from: "2025-01-01", to: "2026-01-02" }, "from"],
    ["an unknown field", { day: "2026-02-01" }, "day"],
  ])("%s is refused by name", async (_, span, param) => {
    const { body } = await door().call("users.usage", span);
    expect(body.error).toMatchObject({ code: "invalid_request", param });
  });

  test("366 days are answered", async () => {
    const { status } = await door().call("users.usage", { from: "2024-01-01", to: "2024-12-31" });
    expect(status).toBe(200);
  });
});
