import { BOT, describeDoors, keyOf, startServer } from "./support";

const KIND = "I like walking in the rain.";
const UNKIND = "You idiot, I will find you.";
const UNKIND_CATEGORIES = ["harassment", "harassment/threatening"];

describeDoors("moderation of the user's message", (door, server) => {
  let bot: string;
  beforeAll(async () => {
    bot = (await door().call("bots.create", BOT)).body.id;
  });
  const say = async (message: string, key = keyOf("moderated")) => {
    const session = (await door().call("sessions.create", { bot }, { key })).body.session.id;
    const answer = await door().call("sessions.respond", { session, message }, { key });
    return { session, answer, key };
  };

  test("a flagged message is answered, and marked in the reply and in the messages", async () => {
    const { session, answer, key } = await say(UNKIND);
    expect(answer.status).toBe(200);
    expect(answer.body.reply).not.toBe("");
    const moderation = { flagged: true, categories: UNKIND_CATEGORIES };
    expect(answer.body.moderation).toEqual(moderation);
    const { body } = await door().call("sessions.messages", { session }, { key });
    expect(body.data[1]).toMatchObject({ role: "user", content: UNKIND, moderation });
    expect(body.data[2]).not.toHaveProperty("moderation");
  });

  test("an ordinary message is checked too; an opening has nothing to check", async () => {
    const { answer } = await say(KIND);
    expect(answer.body.moderation).toEqual({ flagged: false, categories: [] });
    const opening = await door().call("sessions.create", { bot });
    expect(opening.body.moderation).toBeNull();
  });

  test.each([
    ["has no moderation", "nomoderation", 0],
    ["fails to moderate", "badmoderation", 1],
  ])("a provider that %s is no error", async (_, kind, lines) => {
    server().logged.length = 0;
    const { answer } = await say(UNKIND, keyOf(kind));
    expect(answer.status).toBe(200);
    expect(answer.body.moderation).toBeNull();
    const logged = server().logged.filter((line) => line.includes('"what":"moderation"'));
    expect(logged).toHaveLength(lines);
    expect(logged.join()).not.toContain("idiot");
  });

  test("the verdict is stored sealed: the database does not say what was flagged", async () => {
    const { session } = await say(UNKIND);
    const turns = await server().services.sessions.ref(session)?.collection("turns").get();
    const stored = JSON.stringify(turns?.docs.map((turn) => turn.data()));
    expect(stored).not.toMatch(/harassment|flagged/);
    expect(turns?.docs.some((turn) => turn.get("moderation") !== null)).toBe(true);
  });
});

test("a turn that was taken over is checked anew, and reads well", async () => {
  const server = await startServer();
  const { rest } = server;
  const key = keyOf("taken");
  const bot = (await rest.call("bots.create", BOT, { key })).body.id;
  const session = (await rest.call("sessions.create", { bot }, { key })).body.session.id;
  const once = { session, message: UNKIND, model: "demo-cut" };
  const cut = await rest.call("sessions.respond", once, { key, idempotencyKey: "one" });
  expect(cut.body.error.code).toBe("upstream_failed");
  const again = await rest.call("sessions.respond", once, { key, idempotencyKey: "one" });
  expect(again.body.error.code).toBe("upstream_failed");
  const { body } = await rest.call("sessions.messages", { session }, { key });
  expect(body.data.map(({ state }: { state: string }) => state)).toEqual([
    "complete",
    "interrupted",
    "interrupted",
  ]);
  expect(body.data[1].moderation).toEqual({ flagged: true, categories: UNKIND_CATEGORIES });
  await server.close();
});

describe("by the operator's setting", () => {
  test("block: a flagged message is kept, refused by name, and the model is not asked", async () => {
    const server = await startServer({ moderation: "block" });
    const { rest } = server;
    const bot = (await rest.call("bots.create", BOT)).body.id;
    const session = (await rest.call("sessions.create", { bot })).body.session.id;
    const calls = server.demo.requests.length;
    const { status, body } = await rest.call("sessions.respond", { session, message: UNKIND });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: "message_flagged", param: "message" });
    expect(body.error.message).toContain("harassment");
    expect(server.demo.requests).toHaveLength(calls);
    const messages = (await rest.call("sessions.messages", { session })).body.data;
    expect(messages[1]).toMatchObject({ content: UNKIND, moderation: { flagged: true } });
    expect((await rest.call("sessions.respond", { session, message: KIND })).status).toBe(200);
    expect(JSON.stringify(server.demo.requests.at(-1)?.body)).not.toContain("idiot");
    await server.close();
  });

  test("block: also where the caller keeps the history", async () => {
    const server = await startServer({ moderation: "block" });
    const { rest } = server;
    const bot = (await rest.call("bots.create", BOT)).body.id;
    const calls = server.demo.requests.length;
    const said = (...contents: string[]) => contents.map((content) => ({ role: "user", content }));
    const asked = [
      ["chat.completions", { model: bot, messages: said(UNKIND) }],
      ["chat.completions", { model: "gpt-4.1-mini", messages: said(UNKIND, KIND) }],
      ["responses.create", { model: bot, input: said(UNKIND), store: false }],
      ["responses.create", { model: bot, input: UNKIND }],
    ] as const;
    for (const [operation, input] of asked) {
      const { status, body } = await rest.call(operation, input);
      expect([operation, status, body.error?.code]).toEqual([operation, 400, "message_flagged"]);
      expect(["messages", "input"]).toContain(body.error.param);
    }
    expect(server.demo.requests).toHaveLength(calls);
    const kind = await rest.call("chat.completions", { model: bot, messages: said(KIND) });
    expect(kind.status).toBe(200);
    await server.close();
  });

  test("off: nobody is asked", async () => {
    const server = await startServer({ moderation: "off" });
    const { rest } = server;
    const bot = (await rest.call("bots.create", BOT)).body.id;
    const session = (await rest.call("sessions.create", { bot })).body.session.id;
    const { body } = await rest.call("sessions.respond", { session, message: UNKIND });
    expect(body.moderation).toBeNull();
    const stats = (await (await fetch(new URL("/stats", server.demo.url))).json()) as { moderations: number };
    expect(stats.moderations).toBe(0);
    await server.close();
  });
});
