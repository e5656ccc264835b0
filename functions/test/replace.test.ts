import { Failure } from "../src/errors";
import { type Answer, BOT, describeDoors, keyOf, startServer, type TestServer } from "./support";

type Message = { id: string; role: string; content: string; state: string };

/** The messages of the latest model call. */
const sentTo = ({ demo }: TestServer): string[] => {
  const { messages } = (demo.requests.at(-1)?.body ?? { messages: [] }) as { messages: Message[] };
  return messages.map(({ content }) => content);
};

/** Edit and resend, and try again: a new exchange in the place of an old one, which stays to be read. */
describeDoors("sessions.respond with replaces", (door, server) => {
  let bot: string;
  let coach: string;
  beforeAll(async () => {
    bot = (await door().call("bots.create", BOT)).body.id;
    coach = (await door().call("bots.create", { ...BOT, session_type: "coaching" })).body.id;
  });

  const open = async (id = bot): Promise<string> =>
    (await door().call("sessions.create", { bot: id })).body.session.id;
  const respond = (input: Record<string, unknown>, options = {}): Promise<Answer> =>
    door().call("sessions.respond", input, options);
  const read = async (session: string): Promise<Message[]> =>
    (await door().call("sessions.messages", { session })).body.data;
  const shown = async (session: string) =>
    (await read(session)).map(({ role, content, state }) => `${state} ${role}: ${content}`);
  /** What the model was sent last, the system prompt left out. */
  const lastSent = () => sentTo(server()).slice(1);

  test("edit and resend: the old pair stays to be read, and the model no longer sees it", async () => {
    const session = await open();
    const first = await respond({ session, message: "My cat is called Moritz." });
    const old = first.body.user_message_id;
    const edited = await respond({ session, message: "My dog is called Rex.", replaces: old });
    expect(edited.status).toBe(200);
    expect(lastSent()).toHaveLength(2);
    expect(lastSent().join()).not.toContain("Moritz");
    expect(await shown(session)).toEqual([
      expect.stringMatching(/^complete assistant/),
      "superseded user: My cat is called Moritz.",
      `superseded assistant: ${first.body.reply}`,
      "complete user: My dog is called Rex.",
      `complete assistant: ${edited.body.reply}`,
    ]);
    expect(edited.body.session.message_count).toBe(3);
    await respond({ session, message: "And now?" });
    expect(lastSent().join()).not.toContain("Moritz");
    expect(lastSent()).toContain("My dog is called Rex.");
  });

  test("what was paid for the old pair stays in the totals", async () => {
    const session = await open();
    const first = await respond({ session, message: "One." });
    const again = await respond({ session, replaces: first.body.message_id });
    const opening = first.body.session.usage.input_tokens - first.body.usage.input_tokens;
    expect(again.body.session.usage.input_tokens).toBe(
      opening + first.body.usage.input_tokens + again.body.usage.input_tokens,
    );
  });

  test("try again, by either message's id and with another model: the same words", async () => {
    const session = await open();
    const first = await respond({ session, message: "Say it again, please." });
    const again = await respond({ session, replaces: first.body.message_id, model: "gpt-4.1" });
    expect(again.body).toMatchObject({ model: "gpt-4.1", session: { model: "gpt-4.1" } });
    const third = await respond({ session, replaces: again.body.user_message_id });
    expect(third.status).toBe(200);
    expect(lastSent().filter((content) => content === "Say it again, please.")).toHaveLength(1);
    const states = (await read(session)).map(({ state }) => state);
    expect(states).toEqual(["complete", ...Array(4).fill("superseded"), ...Array(2).fill("complete")]);
    expect((await door().call("sessions.respond", { session })).body.message_id).toBe(third.body.message_id);
  });

  test("an earlier message: everything after it is out of the context too", async () => {
    const session = await open();
    const answers = [];
    for (const message of ["Alpha.", "Beta.", "Gamma."]) answers.push(await respond({ session, message }));
    const edited = await respond({ session, message: "Delta.", replaces: answers[1]?.body.user_message_id });
    expect(lastSent().filter((_, i) => i % 2 === 1)).toEqual(["Alpha.", "Delta."]);
    expect(edited.body.session.message_count).toBe(5);
    const { body } = await door().call("sessions.transcript", { session, format: "md" });
    expect(body.content).toContain("Delta.");
    expect(body.content).not.toMatch(/Beta\.|Gamma\./);
  });

  test("with an Idempotency-Key it happens once", async () => {
    const session = await open();
    const first = await respond({ session, message: "Once." });
    const input = { session, message: "Twice.", replaces: first.body.message_id };
    const one = await respond(input, { idempotencyKey: "edit" });
    const two = await respond(input, { idempotencyKey: "edit" });
    expect(two.body.message_id).toBe(one.body.message_id);
    expect(await read(session)).toHaveLength(5);
    const other = { ...input, replaces: one.body.message_id };
    expect((await respond(other, { idempotencyKey: "edit" })).body.error.code).toBe("idempotency_mismatch");
  });

  test("where the new reply fails the old one stays, and trying the failed one again replaces both", async () => {
    const session = await open();
    const first = await respond({ session, message: "Keep me." });
    const failed = await respond({
      session,
      message: "Better.",
      replaces: first.body.message_id,
      model: "demo-500",
    });
    expect(failed.body.error.code).toBe("upstream_unavailable");
    expect((await read(session)).map(({ state }) => state)).toEqual([
      "complete",
      "complete",
      "complete",
      "interrupted",
      "interrupted",
    ]);
    expect((await respond({ session, message: "On." })).status).toBe(200);
    expect(lastSent()).toContain("Keep me.");
    const broken = (await read(session)).find(({ content }) => content === "Better.");
    const mended = await respond({ session, replaces: broken?.id });
    expect(mended.status).toBe(200);
    expect(lastSent().slice(1)).toEqual(["Better."]);
    const left = (await read(session)).filter(({ state }) => state === "complete");
    expect(left.map(({ content }) => content).slice(1)).toEqual(["Better.", mended.body.reply]);
  });

  test("the same message replaced twice at once: the later one stays, whichever is answered first", async () => {
    for (const models of [
      ["demo-slow", "gpt-4.1"],
      ["gpt-4.1", "demo-slow"],
    ]) {
      const session = await open();
      const { message_id } = (await respond({ session, message: "Say it again, please." })).body;
      const [first, second] = models.map((model) => ({ session, replaces: message_id, model }));
      const one = respond(first as Record<string, unknown>);
      while ((await read(session)).length < 4);
      const two = await respond(second as Record<string, unknown>);
      expect([(await one).status, two.status]).toEqual([200, 200]);
      const left = (await read(session)).filter(({ state }) => state === "complete");
      expect(left.map(({ id }) => id).slice(1)).toEqual([two.body.user_message_id, two.body.message_id]);
      const next = await respond({ session, message: "On.", model: "gpt-4.1" });
      expect(lastSent().filter((content) => content === "Say it again, please.")).toHaveLength(1);
      expect(next.body.session.message_count).toBe(5);
    }
  });

  test("a broken off message that was replaced, sent again by its own key, is answered and reads so", async () => {
    const session = await open();
    const first = await respond({ session, message: "First." });
    const cut = { session, message: "Second." };
    const options = { idempotencyKey: "second" };
    const upstream = jest.spyOn(server().services.upstream, "chat");
    upstream.mockRejectedValueOnce(new Failure("upstream_failed", "The reply broke off."));
    expect((await respond(cut, options)).body.error.code).toBe("upstream_failed");
    upstream.mockRestore();
    await respond({ session, message: "Third.", replaces: first.body.message_id });
    const again = await respond(cut, options);
    expect(again.body.session.message_count).toBe(5);
    const left = (await shown(session)).filter((line) => line.startsWith("complete"));
    expect(left).toContain("complete user: Second.");
    await respond({ session, message: "Fourth." });
    expect(lastSent()).toContain("Second.");
  });

  test.each([
    ["an opening", (messages: Message[]) => messages[0]?.id],
    ["nothing of this session", () => "msg_AAAAAAAAAAAAAAAAAAAA_user"],
    ["no id at all", () => "../../users"],
  ])("%s can't be replaced", async (_, pick) => {
    const session = await open();
    const { status, body } = await respond({ session, message: "New.", replaces: pick(await read(session)) });
    expect({ status, code: body.error.code, param: body.error.param }).toEqual({
      status: 400,
      code: "invalid_request",
      param: "replaces",
    });
    expect(await read(session)).toHaveLength(1);
  });

  test("what was replaced, cleared away or condensed can't be replaced any more", async () => {
    const session = await open();
    const first = await respond({ session, message: "First." });
    const old = first.body.message_id;
    const second = await respond({ session, replaces: old });
    expect((await respond({ session, replaces: old })).body.error.message).toContain("was replaced already");
    await door().call("sessions.clear", { session });
    const gone = await respond({ session, replaces: second.body.message_id });
    expect(gone.body.error.message).toContain("memory");
    const long = await open(coach);
    const early = await respond({ session: long, message: "Early.", model: "demo-8k" });
    let condensed = false;
    for (let i = 0; i < 20 && !condensed; i++) {
      const { body } = await respond({ session: long, message: `${i} ${"many words ".repeat(300)}` });
      condensed = body.context_condensed;
    }
    expect(condensed).toBe(true);
    const late = await respond({ session: long, replaces: early.body.message_id });
    expect(late.body.error.message).toContain("memory");
  });

  test("another user's message id is nothing here", async () => {
    const [mine, theirs] = [
      await open(),
      (await door().call("sessions.create", { bot }, { key: keyOf("r") })).body,
    ];
    const { body } = await respond({ session: mine, message: "Hi.", replaces: theirs.message_id });
    expect(body.error.param).toBe("replaces");
  });
});

describe("superseded messages in the store", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  test("a mark that was taken away is noticed; export and import keep what was superseded", async () => {
    const { rest } = server;
    const bot = (await rest.call("bots.create", BOT)).body.id;
    const session = (await rest.call("sessions.create", { bot })).body.session.id;
    const first = await rest.call("sessions.respond", { session, message: "Before." });
    await rest.call("sessions.respond", { session, message: "After.", replaces: first.body.message_id });
    const exported = (await rest.call("users.export")).body.sessions[0];
    const key = keyOf("importer");
    const imported = await rest.call("users.import", { session: exported }, { key });
    expect(imported.body.message_count).toBe(3);
    const messages = await rest.call("sessions.messages", { session: imported.body.id }, { key });
    const said = (list: Message[]) => list.map(({ role, content, state }) => ({ role, content, state }));
    expect(said(messages.body.data)).toEqual(said(exported.messages));
    await rest.call("sessions.respond", { session: imported.body.id, message: "On." }, { key });
    const sent = sentTo(server);
    expect(sent).toContain("After.");
    expect(sent).not.toContain("Before.");
    const turns = await server.services.sessions
      .ref(session)
      ?.collection("turns")
      .where("superseded", "==", true)
      .get();
    await turns?.docs[0]?.ref.update({ superseded: false });
    expect((await rest.call("sessions.messages", { session })).body.error.code).toBe("session_damaged");
  });
});
