import { bare, client, lastAsked } from "./bot-client";
import { BOT, describeDoors, keyOf } from "./support";

const STRANGER = { key: keyOf("stranger") };
const OWN_ONLY = ["update", "delete", "list_versions", "restore", "export", "duplicate"] as const;

const inputOf = (operation: (typeof OWN_ONLY)[number], bot: string) => ({
  bot,
  ...(operation === "restore" ? { version: 1 } : {}),
  ...(operation === "update" ? { name: "Mine now" } : {}),
});

describeDoors("bots.update", (door) => {
  const { make, get, update, versions } = client(door);

  test("card fields alone change the card and no version", async () => {
    const bot = await make();
    const card = { name: "Rei", tag_line: "Calm guide", description: "Listens.", session_type: "coaching" };
    expect(await update(bot, card)).toMatchObject({ ...BOT, ...card, version: 1 });
    expect(await get(bot)).toMatchObject({ ...BOT, ...card, version: 1 });
    expect((await versions(bot)).data).toHaveLength(1);
    expect(await update(bot, { name: " Rei " })).toMatchObject({ name: "Rei", tag_line: "Calm guide" });
  });

  test("prompts and settings make the next version; settings left out stay as they were", async () => {
    const bot = await make();
    const second = await update(bot, { initial_prompt: "You are Nori the second.", name: "Nori II" });
    expect(second).toMatchObject({
      ...BOT,
      name: "Nori II",
      initial_prompt: "You are Nori the second.",
      version: 2,
    });
    const third = await update(bot, { model_config: { temperature: 0.1 } });
    expect(third).toMatchObject({ version: 3, initial_prompt: "You are Nori the second." });
    expect(third.model_config).toEqual({ ...second.model_config, temperature: 0.1, max_tokens: 500 });
    expect(await get(bot)).toEqual(third);
    expect(await get(`${bot}@1`)).toMatchObject({
      version: 1,
      initial_prompt: BOT.initial_prompt,
      name: "Nori II",
    });
  });

  test("the same prompts and settings again make no version", async () => {
    const bot = await make();
    const { model_config, initial_prompt } = await get(bot);
    expect(await update(bot, { model_config, initial_prompt })).toMatchObject({ version: 1 });
    expect(await update(bot, {})).toMatchObject({ version: 1, name: BOT.name });
  });

  test("twelve updates at once get twelve numbers, and none is lost", async () => {
    const bot = await make();
    const settings = Array.from({ length: 12 }, (_, i) => ({ summary_prompt: `Sum up in ${i + 1} words.` }));
    const made = await Promise.all([
      ...settings.map((change) => update(bot, change)),
      update(bot, { tag_line: "Changed meanwhile" }),
      update(bot, { model_config: { max_tokens: 77 } }),
    ]);
    expect(made.filter(({ error }) => error)).toEqual([]);
    const { data } = await versions(bot);
    expect(data.map(({ version }: { version: number }) => version)).toEqual(
      Array.from({ length: 14 }, (_, i) => 14 - i),
    );
    const texts = data.map(({ summary_prompt }: { summary_prompt: string }) => summary_prompt);
    expect(new Set(texts)).toEqual(
      new Set([BOT.summary_prompt, ...settings.map((one) => one.summary_prompt)]),
    );
    const now = await get(bot);
    expect(now).toMatchObject({
      version: 14,
      tag_line: "Changed meanwhile",
      model_config: { max_tokens: 77 },
    });
    expect(now.summary_prompt).toBe(texts[0]);
  });

  test.each([
    ["name", "x".repeat(31), "name"],
    ["initial_prompt", " ", "initial_prompt"],
    ["model_config", { temperature: 3 }, "model_config.temperature"],
    ["model_config", { heat: 1 }, "model_config.heat"],
    ["showcased", true, "showcased"],
    ["version", 7, "version"],
  ])("a wrong %s is refused by name", async (field, value, param) => {
    const bot = await make();
    expect((await update(bot, { [field]: value })).error).toMatchObject({ code: "invalid_request", param });
    expect(await get(bot)).toMatchObject({ ...BOT, version: 1 });
  });
});

describeDoors("bots.delete", (door, server) => {
  const { make, get, update, start } = client(door);

  test("the assistant is gone for everyone, with versions and counters; again is a 404", async () => {
    const bot = await make();
    await update(bot, { initial_prompt: "B" });
    await start(bot);
    const { sessions_started: _, ...before } = (await door().call("users.get")).body.user;
    expect((await door().call("bots.delete", { bot })).body).toEqual({
      id: bot,
      object: "bot",
      deleted: true,
    });
    const again = await door().call("bots.delete", { bot });
    expect(bare(again)).toEqual(bare(await door().call("bots.get", { bot: "x".repeat(20) })));
    expect(again.body.error.code).toBe("bot_not_found");
    for (const code of [bot, `${bot}@1`]) expect((await get(code)).error.code).toBe("bot_not_found");
    expect((await door().call("sessions.create", { bot })).body.error.code).toBe("bot_not_found");
    const { data } = (await door().call("bots.list", { filter: "mine", limit: 100 })).body;
    expect(data.map(({ id }: { id: string }) => id)).not.toContain(bot);
    expect(await server().services.firestore.doc(`bots/${bot}`).listCollections()).toEqual([]);
    expect((await door().call("users.get")).body.user).toMatchObject(before);
  });

  test("a running conversation keeps its own copy through update and delete", async () => {
    const bot = await make();
    const session = await start(bot);
    await update(bot, {
      initial_prompt: "You are somebody else.",
      model_config: { max_tokens: 60 },
      name: "New",
    });
    await door().call("bots.delete", { bot });
    const reply = (await door().call("sessions.respond", { session, message: "Are you still there?" })).body;
    expect(reply.session.bot).toMatchObject({ id: bot, version: 1, name: BOT.name });
    expect(lastAsked(server()).prompt).toContain(BOT.initial_prompt);
    const { body } = await door().call("sessions.end", { session });
    expect(body.session.status).toBe("completed");
    expect(JSON.stringify(lastAsked(server()).messages)).toContain(BOT.summary_prompt);
  });
});

describeDoors("bots.export and bots.duplicate", (door) => {
  const { make, get, update } = client(door);

  test("an export creates the same assistant again", async () => {
    const bot = await make({ session_type: "coaching" });
    const exported = (await door().call("bots.export", { bot })).body;
    expect(exported).toEqual({
      ...BOT,
      session_type: "coaching",
      model_config: (await get(bot)).model_config,
    });
    const created = (await door().call("bots.create", exported)).body;
    expect(created.id).not.toBe(bot);
    expect((await door().call("bots.export", { bot: created.id })).body).toEqual(exported);
  });

  test("an earlier version is exported by id@version", async () => {
    const bot = await make();
    await update(bot, { initial_prompt: "B" });
    const exported = (await door().call("bots.export", { bot: `${bot}@1` })).body;
    expect(exported.initial_prompt).toBe(BOT.initial_prompt);
  });

  test("a duplicate is a new assistant of its own, under another name if given", async () => {
    const bot = await make();
    await update(bot, { initial_prompt: "B" });
    const before = (await door().call("users.get")).body.user.bots_created;
    const copy = (await door().call("bots.duplicate", { bot, name: "Twin" })).body;
    expect(copy).toMatchObject({
      ...BOT,
      name: "Twin",
      initial_prompt: "B",
      version: 1,
      sessions_started: 0,
    });
    expect((await door().call("bots.duplicate", { bot })).body.name).toBe(BOT.name);
    expect((await door().call("users.get")).body.user.bots_created).toBe(before + 2);
    await update(copy.id, { initial_prompt: "C" });
    expect(await get(bot)).toMatchObject({ initial_prompt: "B", version: 2 });
  });
});

describeDoors("somebody else's assistant", (door) => {
  const { make, get } = client(door);

  test.each(OWN_ONLY)(
    "bots.%s answers the same 404 for theirs, none, malformed and pinned",
    async (operation) => {
      const bot = await make();
      const name = `bots.${operation}`;
      const none = await door().call(name, inputOf(operation, "x".repeat(20)));
      expect(none.body.error.code).toBe("bot_not_found");
      expect(bare(await door().call(name, inputOf(operation, bot), STRANGER))).toEqual(bare(none));
      expect(bare(await door().call(name, inputOf(operation, "../keys")))).toEqual(bare(none));
      const pinned = await door().call(name, inputOf(operation, `${bot}@1`));
      if (operation === "export" || operation === "duplicate") expect(pinned.status).toBe(200);
      else expect(bare(pinned)).toEqual(bare(none));
      expect(await get(bot)).toMatchObject({ ...BOT, version: 1 });
    },
  );
});

describeDoors("a damaged assistant", (door, server) => {
  test.each(["bots.get", "bots.export", "bots.update", "sessions.create"])(
    "%s says what is missing",
    async (name) => {
      const bot = await client(door).make();
      await server().services.firestore.doc(`bots/${bot}/versions/1`).delete();
      expect((await door().call(name, { bot })).body.error.code).toBe("bot_incomplete");
    },
  );
});
