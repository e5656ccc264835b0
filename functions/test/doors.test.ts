import { BOT, describeDoors, KEY, keyOf } from "./support";

describeDoors("users", (door) => {
  test("a key signs in on first use, and finds its account again", async () => {
    const key = keyOf(`first-${door().name}`);
    const first = await door().call("users.sign_in", {}, { key });
    expect(first.body).toMatchObject({
      is_new: true,
      firebase_token: null,
      user: { object: "user", bots_created: 0 },
    });
    expect(first.body.models).toContain("gpt-4.1-mini");
    expect(first.body.models).not.toContain("whisper-1");
    const again = await door().call("users.sign_in", {}, { key });
    expect(again.body).toMatchObject({ is_new: false, user: { id: first.body.user.id } });
    const me = await door().call("users.get", {}, { key });
    expect(me.body.user.id).toBe(first.body.user.id);
  });

  test.each([
    ["no key", null, "missing_key"],
    ["a short key", "sk-short", "invalid_key"],
    ["a key the provider does not know", "sk-other-0123456789abcdef", "invalid_key"],
    ["a revoked key", keyOf("revoked"), "invalid_key"],
    ["a key the provider refuses", keyOf("forbidden"), "key_refused"],
    ["a provider that is down", keyOf("down"), "upstream_unavailable"],
  ])("%s is an error of its own", async (_, key, code) => {
    const answer = await door().call("users.sign_in", {}, { key });
    expect(answer.body.error).toMatchObject({ code, message: expect.any(String) });
    expect(answer.body.error.request_id).toMatch(/^req_/);
  });
});

describeDoors("bots", (door) => {
  test("all missing fields are named at once", async () => {
    const { body } = await door().call("bots.create", { name: "x" });
    for (const field of [
      "tag_line",
      "description",
      "session_type",
      "initial_prompt",
      "summary_prompt",
      "model_config",
    ]) {
      expect(body.error.message).toContain(`${field}: `);
    }
    expect(body.error).toMatchObject({ code: "invalid_request", param: "tag_line" });
  });

  test.each([
    ["name", "x".repeat(31)],
    ["tag_line", "x".repeat(26)],
    ["description", "x".repeat(251)],
    ["initial_prompt", "x".repeat(32_001)],
    ["summary_prompt", "x".repeat(4_001)],
    ["session_type", "therapy"],
    ["creator", "somebody"],
  ])("a wrong %s is refused by name", async (field, value) => {
    const { body } = await door().call("bots.create", { ...BOT, [field]: value });
    expect(body.error).toMatchObject({ code: "invalid_request", param: field });
  });

  test("the card is public, prompts are for the creator alone", async () => {
    const created = (await door().call("bots.create", BOT)).body;
    expect(created).toMatchObject({ ...BOT, object: "bot", version: 1, mine: true, showcased: false });
    const mine = (await door().call("bots.get", { bot: created.id })).body;
    expect(mine).toEqual(created);
    for (const key of [null, keyOf("someone")]) {
      const card = (await door().call("bots.get", { bot: created.id }, { key })).body;
      expect(card).toMatchObject({ name: BOT.name, mine: false });
      expect(JSON.stringify(card)).not.toContain("xylophone");
      expect(card).not.toHaveProperty("model_config");
    }
  });

  test("lists: mine newest first with a cursor, showcased for everyone", async () => {
    const key = keyOf(`lister-${door().name}`);
    const ids: string[] = [];
    for (const name of ["One", "Two", "Three"]) {
      ids.unshift((await door().call("bots.create", { ...BOT, name }, { key })).body.id);
    }
    const first = (await door().call("bots.list", { filter: "mine", limit: 2 }, { key })).body;
    expect(first.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    const rest = (
      await door().call("bots.list", { filter: "mine", limit: 2, cursor: first.next_cursor }, { key })
    ).body;
    expect(rest).toMatchObject({ has_more: false, next_cursor: null, data: [{ id: ids[2] }] });
    expect((await door().call("bots.list", {}, { key: null })).body).toMatchObject({
      object: "list",
      data: [],
    });
    expect((await door().call("bots.list", { filter: "mine" }, { key: null })).body.error.code).toBe(
      "missing_key",
    );
  });
});

describeDoors("sessions", (door, server) => {
  const newBot = async (more = {}) =>
    (await door().call("bots.create", { ...BOT, ...more })).body.id as string;
  const open = async () =>
    (await door().call("sessions.create", { bot: await newBot() })).body.session.id as string;

  test("a whole conversation: opening, replies, messages, recap, rating", async () => {
    const bot = await newBot();
    const opening = (await door().call("sessions.create", { bot: `${bot}@1` })).body;
    expect(opening.reply).toContain("Nori");
    expect(opening.session).toMatchObject({
      status: "active",
      message_count: 1,
      bot: { id: bot, version: 1 },
    });
    const session = opening.session.id;
    const reply = (
      await door().call("sessions.respond", { session, message: "I feel stuck with my garden." })
    ).body;
    expect(reply.usage.input_tokens).toBeGreaterThan(0);
    expect(reply.usage.cost_usd).toBeGreaterThan(0);
    expect(reply.session.message_count).toBe(3);

    const again = (await door().call("sessions.respond", { session })).body;
    expect(again).toMatchObject({ message_id: reply.message_id, reply: reply.reply });

    const { data } = (await door().call("sessions.messages", { session })).body;
    expect(data.map((message: { role: string; content: string }) => [message.role, message.content])).toEqual(
      [
        ["assistant", opening.reply],
        ["user", "I feel stuck with my garden."],
        ["assistant", reply.reply],
      ],
    );

    const recap = (await door().call("sessions.end", { session })).body;
    expect(recap.session).toMatchObject({ status: "completed", recap: recap.reply });
    const calls = server().demo.requests.length;
    expect((await door().call("sessions.end", { session })).body.reply).toBe(recap.reply);
    expect(server().demo.requests).toHaveLength(calls);
    expect((await door().call("sessions.rate", { session, liked: true })).body.liked).toBe(true);
    expect((await door().call("sessions.get", { session })).body).toMatchObject({
      liked: true,
      recap: recap.reply,
    });

    const listed = (await door().call("sessions.list", { bot })).body;
    expect(listed.data.map(({ id }: { id: string }) => id)).toEqual([session]);
    expect((await door().call("users.get")).body.user).toMatchObject({ sessions_ended: 1 });

    const reopened = (await door().call("sessions.respond", { session, message: "One more thing." })).body;
    expect(reopened.session.status).toBe("active");
  });

  test("create and respond stream the same words that they store", async () => {
    const opening = await door().call("sessions.create", { bot: await newBot() }, { stream: true });
    expect(opening.deltas.length).toBeGreaterThanOrEqual(10);
    expect(opening.deltas.join("")).toBe(opening.body.reply);
    const session = opening.body.session.id;
    const reply = await door().call(
      "sessions.respond",
      { session, message: "Tell me more" },
      { stream: true },
    );
    expect(reply.deltas.join("")).toBe(reply.body.reply);
    const { data } = (await door().call("sessions.messages", { session })).body;
    expect(data.at(-1)).toMatchObject({
      content: reply.body.reply,
      id: reply.body.message_id,
      state: "complete",
    });
  });

  test("the model: an override is used, an unknown one refused, an assistant's own falls back and says so", async () => {
    const bot = await newBot({ model_config: { ...BOT.model_config, model: "gpt-99" } });
    const fallen = (await door().call("sessions.create", { bot })).body;
    expect(fallen.session.fallback_from).toBe("gpt-99");
    expect((await door().call("sessions.create", { bot, model: "gpt-4o-mini" })).body).toMatchObject({
      model: "gpt-4o-mini",
      session: { fallback_from: null },
    });
    expect((await door().call("sessions.create", { bot, model: "gpt-99" })).body.error).toMatchObject({
      code: "model_not_available",
      param: "model",
    });
    const switched = { session: fallen.session.id, message: "Hello", model: "o4-mini" };
    expect((await door().call("sessions.respond", switched)).body).toMatchObject({
      model: "o4-mini",
      session: { model: "o4-mini" },
    });
  });

  test("a repeated create with one Idempotency-Key is one session", async () => {
    const bot = await newBot();
    const options = { idempotencyKey: `create-${door().name}` };
    const first = (await door().call("sessions.create", { bot }, options)).body;
    const second = (await door().call("sessions.create", { bot }, options)).body;
    expect(second).toMatchObject({ reply: first.reply, session: { id: first.session.id } });
    const other = (await door().call("sessions.create", { bot, model: "gpt-4o-mini" }, options)).body;
    expect(other.error.code).toBe("idempotency_mismatch");
  });

  test("a lab session tries out what is not saved: in no list and no counter, gone after a week", async () => {
    const key = keyOf(`lab-${door().name}`);
    const { name: _, tag_line: __, description: ___, ...bot_config } = BOT;
    const { body } = await door().call("sessions.create", { bot_config }, { key });
    expect(body.session).toMatchObject({ bot: null, message_count: 1 });
    const session = body.session.id;
    const reply = (await door().call("sessions.respond", { session, message: "Does it work?" }, { key }))
      .body;
    expect(reply.reply.length).toBeGreaterThan(10);
    expect((await door().call("sessions.list", {}, { key })).body.data).toEqual([]);
    expect((await door().call("sessions.end", { session }, { key })).body.session.status).toBe("completed");
    expect((await door().call("users.get", {}, { key })).body.user).toMatchObject({
      sessions_started: 0,
      sessions_ended: 0,
    });
    const { firestore, sessions } = server().services;
    const { Timestamp } = await import("firebase-admin/firestore");
    await firestore
      .doc(sessions.ref(session)?.path ?? "")
      .update({ expires_at: Timestamp.fromMillis(Date.now()) });
    expect((await door().call("sessions.get", { session }, { key })).body.error.code).toBe(
      "session_not_found",
    );
  });

  test.each([{}, { bot: "x".repeat(20), bot_config: { ...BOT } }])(
    "create takes a bot or a configuration",
    async (input) => {
      const { body } = await door().call("sessions.create", input);
      expect(body.error).toMatchObject({ code: "invalid_request", param: "bot" });
    },
  );

  test("clear forgets what was said but keeps it to be read; totals run on", async () => {
    const session = await open();
    await door().call("sessions.respond", { session, message: "The word is rhubarb." });
    const before = (await door().call("sessions.get", { session })).body;
    const cleared = (await door().call("sessions.clear", { session })).body;
    expect(cleared).toMatchObject({ id: session, message_count: 3, usage: before.usage });
    await door().call("sessions.respond", { session, message: "What was the word?" });
    const last = server().demo.requests.at(-1) as unknown as { body: { messages: { content: string }[] } };
    expect(last.body.messages.map(({ content }) => content).join()).not.toContain("rhubarb");
    expect(last.body.messages).toHaveLength(3);
    const { data } = (await door().call("sessions.messages", { session })).body;
    expect(data.map(({ cleared }: { cleared?: true }) => cleared ?? false)).toEqual([
      false, // the opening, which is where it goes back to
      true,
      true,
      false,
      false,
    ]);
  });

  test("leaving without a recap makes no model call, and the session can be taken up again", async () => {
    const session = await open();
    const left = await door().call("sessions.end", { session, recap: false });
    expect(left.body.session).toMatchObject({ status: "abandoned_by_user", recap: null });
    const back = await door().call("sessions.respond", { session, message: "Here again" });
    expect(back.body.session.status).toBe("active");
  });

  test.each([
    ["csv", /^\ufefftime,role,content,state,model,input_tokens,output_tokens,cost_usd\n.*,assistant,/],
    ["json", /"role": "user",\n {6}"content": "=1\+1"/],
    ["md", /^# Conversation with Nori\n/],
  ])("the transcript as %s", async (format, content) => {
    const session = await open();
    await door().call("sessions.respond", { session, message: "=1+1" });
    const { body } = await door().call("sessions.transcript", { session, format });
    expect(body.filename).toMatch(new RegExp(`^conversation_\\d{8}T\\d{6}Z\\.${format}$`));
    expect(body.content).toMatch(content);
    if (format === "csv") expect(body.content).toContain(",user,'=1+1,");
  });

  test("a deleted session and its messages are gone", async () => {
    const session = await open();
    expect((await door().call("sessions.delete", { session })).body).toEqual({
      id: session,
      object: "session",
      deleted: true,
    });
    expect((await door().call("sessions.messages", { session })).body.error.code).toBe("session_not_found");
    const turns = await server().services.sessions.ref(session)?.collection("turns").get();
    expect(turns?.size).toBe(0);
  });

  test("a session that was left alone for 30 days reads as abandoned by the system", async () => {
    const session = await open();
    const { Timestamp } = await import("firebase-admin/firestore");
    const longAgo = Timestamp.fromMillis(Date.now() - 31 * 24 * 60 * 60 * 1000);
    await server().services.sessions.ref(session)?.update({ modified_at: longAgo });
    expect((await door().call("sessions.get", { session })).body.status).toBe("abandoned_by_system");
    expect((await door().call("sessions.rate", { session, liked: false })).body).toMatchObject({
      liked: false,
      status: "abandoned_by_system",
    });
  });

  test("somebody else's, a random, a malformed and a deleted session are the same 404", async () => {
    const session = await open();
    const theirs = await door().call("sessions.get", { session }, { key: keyOf("stranger") });
    const random = await door().call("sessions.get", {
      session: `${session.slice(0, -1)}${session.endsWith("a") ? "b" : "a"}`,
    });
    const malformed = await door().call("sessions.get", { session: "../keys" });
    const gone = await open();
    await server().services.sessions.ref(gone)?.delete();
    const deleted = await door().call("sessions.get", { session: gone });
    const bare = ({ status, body }: typeof theirs) => [status, { ...body.error, request_id: "" }];
    expect(bare(theirs)[1]).toMatchObject({ code: "session_not_found" });
    for (const answer of [random, malformed, deleted]) expect(bare(answer)).toEqual(bare(theirs));
  });

  test.each(["sessions.respond", "sessions.end", "sessions.rate", "sessions.messages"])(
    "%s of somebody else's session is not found",
    async (operation) => {
      const session = await open();
      const input = { session, ...(operation === "sessions.rate" ? { liked: true } : {}) };
      const { body } = await door().call(operation, input, { key: keyOf("stranger") });
      expect(body.error.code).toBe("session_not_found");
    },
  );

  test("an unknown, a wrong-version and a taken-down assistant are not found", async () => {
    const bot = await newBot();
    for (const code of ["nosuchbot", `${"x".repeat(20)}`, `${bot}@7`]) {
      expect((await door().call("sessions.create", { bot: code })).body.error.code).toBe("bot_not_found");
    }
    await server().services.firestore.doc(`bots/${bot}`).update({ active: false });
    expect((await door().call("sessions.create", { bot })).body.error.code).toBe("bot_not_found");
    expect((await door().call("bots.get", { bot }, { key: null })).body.error.code).toBe("bot_not_found");
  });
});

describeDoors("what is stored", (door, server) => {
  test("no message, no prompt and no key lies in clear anywhere in the database or the log", async () => {
    const { body: bot } = await door().call("bots.create", BOT);
    const { body } = await door().call("sessions.create", { bot: bot.id });
    const session = body.session.id;
    const words = "marimba-marker, my name is Wolfgang";
    const { body: reply } = await door().call("sessions.respond", { session, message: words });
    await door().call("sessions.end", { session });
    const dump = await dumpAll(server().services.firestore);
    expect(dump).toContain(session);
    for (const secret of ["xylophone", "marimba", "Wolfgang", reply.reply.slice(0, 30), KEY, KEY.slice(8)]) {
      expect(dump).not.toContain(secret);
      expect(server().logged.join()).not.toContain(secret);
    }
  });
});

type Firestore = import("firebase-admin/firestore").Firestore;

/** Every document of the database as text; bytes as the letters they would be. */
async function dumpAll(firestore: Firestore): Promise<string> {
  const lines: string[] = [];
  const walk = async (collections: FirebaseFirestore.CollectionReference[]): Promise<void> => {
    for (const collection of collections) {
      for (const ref of await collection.listDocuments()) {
        const data = (await ref.get()).data() ?? {};
        lines.push(
          ref.path,
          JSON.stringify(data, (_, value) =>
            value?.type === "Buffer" ? Buffer.from(value.data).toString("latin1") : value,
          ),
        );
        await walk(await ref.listCollections());
      }
    }
  };
  await walk(await firestore.listCollections());
  return lines.join("\n");
}
