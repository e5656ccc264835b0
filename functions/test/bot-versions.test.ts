import { client, lastAsked } from "./bot-client";
import { BOT, describeDoors } from "./support";

describeDoors("bots.list_versions and bots.restore", (door) => {
  const { make, get, update, versions, restore, start } = client(door);

  test("versions come newest first with their own starts and ends", async () => {
    const bot = await make();
    await door().call("sessions.end", { session: await start(bot) });
    await update(bot, { initial_prompt: "You are Nori the second." });
    await start(bot);
    await start(`${bot}@1`);
    const { data } = await versions(bot);
    expect(data).toEqual([
      {
        object: "bot_version",
        version: 2,
        current: true,
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
        sessions_started: 1,
        sessions_ended: 0,
        initial_prompt: "You are Nori the second.",
        summary_prompt: BOT.summary_prompt,
        model_config: expect.objectContaining(BOT.model_config),
      },
      expect.objectContaining({ version: 1, current: false, sessions_started: 2, sessions_ended: 1 }),
    ]);
  });

  test("pages follow one another", async () => {
    const bot = await make();
    for (const text of ["B", "C", "D", "E"]) await update(bot, { initial_prompt: text });
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await versions(bot, { limit: 2, ...(cursor ? { cursor } : {}) });
      seen.push(...page.data.map(({ version }: { version: number }) => version));
      expect(page.has_more).toBe(page.next_cursor !== null);
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([5, 4, 3, 2, 1]);
    expect((await versions(bot, { cursor: "x" })).error).toMatchObject({ param: "cursor" });
  });

  test("a restored version answers again under its number, and the next change takes a new one", async () => {
    const bot = await make();
    await update(bot, { initial_prompt: "B" });
    await update(bot, { initial_prompt: "C" });
    expect(await restore(bot, 1)).toMatchObject({ version: 1, initial_prompt: BOT.initial_prompt });
    expect(await restore(bot, 1)).toMatchObject({ version: 1 });
    expect(await get(bot)).toMatchObject({ version: 1, initial_prompt: BOT.initial_prompt });
    await start(bot);
    expect(await update(bot, { model_config: { top_p: 0.5 } })).toMatchObject({
      version: 4,
      initial_prompt: BOT.initial_prompt,
    });
    const { data } = await versions(bot);
    expect(
      data.map((one: Record<string, unknown>) => [one.version, one.current, one.sessions_started]),
    ).toEqual([
      [4, true, 0],
      [3, false, 0],
      [2, false, 0],
      [1, false, 1],
    ]);
  });

  test("a version that never was is not found, a wrong number refused by name", async () => {
    const bot = await make();
    expect((await restore(bot, 2)).error.code).toBe("bot_not_found");
    expect((await restore(bot, 0)).error).toMatchObject({ code: "invalid_request", param: "version" });
    for (const options of [{}, { key: null }]) {
      const { body } = await door().call("bots.get", { bot: `${bot}@2` }, options);
      expect(body.error.code).toBe("bot_not_found");
    }
  });
});

describeDoors("pinning", (door, server) => {
  const { make, update, start } = client(door);

  test("a conversation with id@1 has version 1's prompts and settings after version 2 exists", async () => {
    const bot = await make();
    await update(bot, { initial_prompt: "You are Nori the second.", model_config: { max_tokens: 60 } });
    await start(`${bot}@1`);
    expect(lastAsked(server())).toMatchObject({ max_tokens: 500 });
    expect(lastAsked(server()).prompt).toContain(BOT.initial_prompt);
    await start(bot);
    expect(lastAsked(server())).toMatchObject({ max_tokens: 60 });
    expect(lastAsked(server()).prompt).toContain("You are Nori the second.");
    expect(lastAsked(server()).prompt).not.toContain("xylophone");
  });
});

describeDoors("a change that comes between another one's read and write", (door, server) => {
  const { make, get, update, versions, restore } = client(door);

  /** Lets something happen right after the next read of a card. */
  const afterNextRead = (happen: () => Promise<unknown>) => {
    const { bots } = server().services;
    const read = bots.read;
    bots.read = async (id) => {
      bots.read = read;
      const bot = await read(id);
      await happen();
      return bot;
    };
  };

  test("is kept by an update", async () => {
    const bot = await make();
    afterNextRead(() => update(bot, { summary_prompt: "Sum up.", name: "First" }));
    await update(bot, { initial_prompt: "B", tag_line: "Second" });
    const both = { name: "First", tag_line: "Second", summary_prompt: "Sum up.", initial_prompt: "B" };
    expect(await get(bot)).toMatchObject({ ...both, version: 3 });
  });

  test("is what a change of the card alone leaves in place", async () => {
    const bot = await make();
    afterNextRead(() => update(bot, { initial_prompt: "B" }));
    expect(await update(bot, { name: "New" })).toMatchObject({
      name: "New",
      version: 2,
      initial_prompt: "B",
    });
  });

  test("is kept as a version by a restore", async () => {
    const bot = await make();
    await update(bot, { initial_prompt: "B" });
    afterNextRead(() => update(bot, { initial_prompt: "C" }));
    expect(await restore(bot, 1)).toMatchObject({ version: 1 });
    expect((await versions(bot)).data.map((one: { initial_prompt: string }) => one.initial_prompt)).toEqual([
      "C",
      "B",
      BOT.initial_prompt,
    ]);
    expect(await update(bot, { initial_prompt: "D" })).toMatchObject({ version: 4 });
  });

  test("goes with a delete, and a delete is not undone by an update", async () => {
    const empty = (bot: string) => server().services.firestore.doc(`bots/${bot}`).listCollections();
    const first = await make();
    afterNextRead(() => update(first, { initial_prompt: "B" }));
    expect((await door().call("bots.delete", { bot: first })).body.deleted).toBe(true);
    expect(await empty(first)).toEqual([]);
    const second = await make();
    afterNextRead(() => door().call("bots.delete", { bot: second }));
    expect((await update(second, { initial_prompt: "B" })).error.code).toBe("bot_not_found");
    expect(await empty(second)).toEqual([]);
  });
});
