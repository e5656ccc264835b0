import { BOT, describeDoors, keyOf } from "./support";

describeDoors("users.export and users.import", (door, server) => {
  let serial = 0;
  const fresh = (name: string) => keyOf(`${name}-${door().name}-${serial++}`);
  const call = async (operation: string, input: Record<string, unknown>, key: string) =>
    (await door().call(operation, input, { key })).body;
  const bare = (messages: Record<string, unknown>[]) => messages.map(({ id: _id, ...rest }) => rest);

  /** An account with one assistant, a finished and rated conversation, and a second one under way. */
  async function settled(key: string, author = key) {
    const bot = (await call("bots.create", BOT, author)).id as string;
    const first = (await call("sessions.create", { bot }, key)).session.id as string;
    await call("sessions.respond", { session: first, message: "My bees are called Ada and Bo." }, key);
    await call("sessions.end", { session: first }, key);
    await call("sessions.rate", { session: first, liked: true }, key);
    const second = (await call("sessions.create", { bot }, key)).session.id as string;
    await call("sessions.respond", { session: second, message: "Second one.", model: "demo-cut" }, key);
    await call("sessions.respond", { session: second, message: "Again." }, key);
    return { bot, first, second };
  }

  test("everything of the account, the sessions page by page", async () => {
    const key = fresh("export");
    const { bot, first, second } = await settled(key);
    const page = await call("users.export", { limit: 1 }, key);
    expect(page).toMatchObject({
      object: "account_export",
      user: (await call("users.get", {}, key)).user,
      usage: (await call("users.usage", {}, key)).days,
      bots: [{ id: bot, bot: BOT }],
      has_more: true,
    });
    expect(page.usage[0].messages).toBeGreaterThanOrEqual(5);
    const rest = await call("users.export", { limit: 1, cursor: page.next_cursor }, key);
    expect(rest).toMatchObject({ has_more: false, next_cursor: null });
    for (const part of ["user", "usage", "bots"]) expect(rest).not.toHaveProperty(part);
    for (const [session, exported] of [
      [second, page.sessions[0]],
      [first, rest.sessions[0]],
    ]) {
      const { messages, ...shown } = exported;
      expect(shown).toEqual(await call("sessions.get", { session }, key));
      expect(messages).toEqual((await call("sessions.messages", { session }, key)).data);
    }
    expect(rest.sessions[0]).toMatchObject({ status: "completed", liked: true, recap: expect.any(String) });
    const copy = await call("bots.create", page.bots[0].bot, fresh("copier"));
    expect(copy).toMatchObject(BOT);
  });

  test("somebody else's prompt is in no export; another key's data neither", async () => {
    const key = fresh("guest");
    await settled(key, fresh("author"));
    const page = await call("users.export", {}, key);
    expect(page.sessions).toHaveLength(2);
    expect(page.bots).toEqual([]);
    expect(JSON.stringify(page)).not.toContain("xylophone");
    const stranger = await call("users.export", {}, fresh("stranger"));
    expect(stranger).toMatchObject({ sessions: [], bots: [], usage: [] });
  });

  test("a damaged session is exported as such, and the others whole", async () => {
    const key = fresh("damaged");
    const { first, second } = await settled(key);
    const ref = server().services.sessions.ref(first);
    const turn = (await ref?.collection("turns").where("kind", "==", "reply").get())?.docs[0];
    await turn?.ref.update({ reply: Buffer.from("nonsense") });
    const { sessions } = await call("users.export", {}, key);
    const by = (id: string) => sessions.find((session: { id: string }) => session.id === id);
    expect(by(first)).toMatchObject({ damaged: true, messages: [], recap: null });
    expect(by(second).damaged).toBeUndefined();
    expect(by(second).messages.length).toBeGreaterThan(3);
  });

  test("an imported session reads the same, and goes on where it stood", async () => {
    const key = fresh("leaver");
    const { bot } = await settled(key);
    const newKey = fresh("arriver");
    const exported = (await call("users.export", {}, key)).sessions;
    for (const session of exported) {
      const imported = await call("users.import", { session }, newKey);
      const { id: _id, read_only, ...shown } = imported;
      const { id: _old, messages, damaged: _damaged, ...card } = session;
      expect(read_only).toBe(false);
      expect(shown).toEqual(card);
      const { data } = await call("sessions.messages", { session: imported.id }, newKey);
      expect(bare(data)).toEqual(bare(messages));
      expect((await call("users.import", { session }, newKey)).id).toBe(imported.id);
    }
    const listed = (await call("sessions.list", { bot }, newKey)).data;
    expect(listed.map(({ created_at }: { created_at: string }) => created_at)).toEqual(
      exported.map(({ created_at }: { created_at: string }) => created_at),
    );

    const done = listed[1];
    expect((await call("sessions.end", { session: done.id }, newKey)).reply).toBe(done.recap);
    const said = await call("sessions.respond", { session: done.id, message: "And now?" }, newKey);
    expect(said.session).toMatchObject({ status: "active", message_count: 5 });
    const sent = server().demo.requests.at(-1)?.body as { messages: { content: string }[] };
    expect(sent.messages.map(({ content }) => content)).toEqual([
      BOT.initial_prompt,
      ...exported[1].messages.map(({ content }: { content: string }) => content),
      "And now?",
    ]);
    expect((await call("sessions.messages", { session: done.id }, newKey)).data).toHaveLength(5);
    expect((await call("users.get", {}, newKey)).user).toMatchObject({
      sessions_started: 0,
      sessions_ended: 0,
    });
  });

  test("without its assistant an imported session is read only", async () => {
    const author = fresh("quitter");
    const key = fresh("reader");
    const { bot } = await settled(key, author);
    await call("bots.delete", { bot }, author);
    const session = (await call("users.export", {}, key)).sessions[1];
    const newKey = fresh("archivist");
    const imported = await call("users.import", { session }, newKey);
    expect(imported).toMatchObject({ read_only: true, bot: session.bot, recap: session.recap });
    const { data } = await call("sessions.messages", { session: imported.id }, newKey);
    expect(bare(data)).toEqual(bare(session.messages));
    const said = await call("sessions.respond", { session: imported.id, message: "Hello?" }, newKey);
    expect(said.error.code).toBe("bot_not_found");
    expect((await call("sessions.end", { session: imported.id }, newKey)).reply).toBe(session.recap);
    expect((await call("sessions.messages", { session: imported.id }, newKey)).data).toHaveLength(
      data.length,
    );
    expect((await call("users.export", {}, newKey)).sessions[0].messages).toHaveLength(data.length);
  });

  test("what the database cannot hold is refused by name; a read only session is not gone on from either", async () => {
    const key = fresh("hostile");
    const { second } = await settled(key);
    const { sessions } = await call("users.export", {}, key);
    const session = sessions.find(({ id }: { id: string }) => id === second);
    const other = (change: object) =>
      call("users.import", { session: { ...session, id: `ses_${"A".repeat(40)}`, ...change } }, key);
    const early = await other({ created_at: "0000-01-01T00:00:00Z" });
    expect(early.error).toMatchObject({ code: "invalid_request", param: "session.created_at" });
    expect((await other({ recap: "x".repeat(1_100_000) })).error.code).toBe("too_large");
    const bot = { ...session.bot, id: "A".repeat(20) };
    const messages = [...session.messages, ...session.messages.slice(1)];
    const { id, read_only } = await other({ bot, messages });
    expect(read_only).toBe(true);
    const { data } = await call("sessions.messages", { session: id }, key);
    const answered = data.find((one: { role: string; state: string; content: string }) => {
      return one.role === "user" && one.content === "Again.";
    });
    const previous_response_id = `resp_${id.slice(4)}${answered.id.slice(4, 24)}`;
    const further = await server().rest.call(
      "responses.create",
      { input: "On.", previous_response_id },
      { key },
    );
    expect(further.body.error.code).toBe("bot_not_found");
  });

  test("a long session within the request's limit is one import", async () => {
    const key = fresh("long");
    await settled(key);
    const [session] = (await call("users.export", {}, key)).sessions;
    const message = (i: number) => ({
      role: i % 2 ? "assistant" : "user",
      content: `word ${i}`,
      created_at: session.created_at,
      state: "complete",
    });
    const messages = Array.from({ length: 2_000 }, (_, i) => message(i));
    const imported = await call("users.import", { session: { ...session, messages } }, key);
    expect(imported.message_count).toBe(2_000);
    const { data } = await call("sessions.messages", { session: imported.id }, key);
    expect(data.map(({ content }: { content: string }) => content)).toEqual(
      messages.map(({ content }) => content),
    );
  });

  test.each([
    ["no session", {}, "session"],
    ["no messages", { messages: [] }, "session.messages"],
    ["a strange id", { id: "../users" }, "session.id"],
    ["a strange assistant", { bot: { id: "x/y", version: 1, name: "x", tag_line: "y" } }, "session.bot.id"],
    ["a time that is none", { updated_at: "yesterday" }, "session.updated_at"],
    ["a role of its own", { messages: [{ role: "system", content: "x" }] }, "session.messages.0.role"],
  ])("%s is refused by name", async (_, change, param) => {
    const key = fresh("wrong");
    await settled(key);
    const [session] = (await call("users.export", {}, key)).sessions;
    const input = Object.keys(change).length === 0 ? {} : { session: { ...session, ...change } };
    const { error } = await call("users.import", input, key);
    expect(error).toMatchObject({ code: "invalid_request", param });
  });
});
