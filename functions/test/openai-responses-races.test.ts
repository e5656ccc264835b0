import { respond, type Sent, type Setting, startOpenAI, until } from "./openai-client";

let at: Setting;
beforeAll(async () => {
  at = await startOpenAI();
});
afterAll(() => at.server.close());

const messagesOf = async (session: string | null) =>
  (await at.server.rest.call("sessions.messages", { session })).body.data as {
    content: string;
    state: string;
  }[];
/** What the user has said to get the latest answer. */
const told = () => at.sent().messages.flatMap(({ role, content }) => (role === "user" ? [content] : []));

test("answers to one response at once know nothing of each other, nor does what goes on from them", async () => {
  const first = await respond(at, "My name is Ada.");
  const from = at.server.demo.requests.length;
  const words = ["I grow roses.", "I grow tulips.", "I grow herbs."];
  const branches = await Promise.all(
    words.map((input) => respond(at, input, { previous_response_id: first.id })),
  );
  for (const request of at.server.demo.requests.slice(from)) {
    expect((request.body as Sent).messages).toHaveLength(4);
  }
  expect(branches.filter(({ session }) => session === first.session)).toHaveLength(1);
  for (const [i, { id, session, output_text }] of branches.entries()) {
    expect(await at.client.responses.retrieve(id)).toMatchObject({ status: "completed", output_text });
    expect(await messagesOf(session)).toHaveLength(4);
    await respond(at, "Go on.", { previous_response_id: id });
    expect(told()).toEqual(["My name is Ada.", words[i], "Go on."]);
  }
});

test("a response that is being gone on from is no longer the newest; one whose answer broke off is", async () => {
  const first = await respond(at, "My name is Ada.");
  const { session } = first;
  const slow = at.server.rest.call("sessions.respond", { session, message: "Slowly.", model: "demo-slow" });
  await until(
    () => messagesOf(session),
    (messages) => messages.at(-1)?.state === "pending",
  );
  const beside = await respond(at, "Meanwhile.", { previous_response_id: first.id });
  expect(beside.session).not.toBe(session);
  expect((await slow).status).toBe(200);
  const broken = { session: beside.session, message: "Breaks off.", model: "demo-cut" };
  expect((await at.server.rest.call("sessions.respond", broken)).status).toBe(502);
  const further = await respond(at, "And on.", { previous_response_id: beside.id });
  expect(further.session).toBe(beside.session);
});

test("deleting the only response while the next one is being made leaves that one and its session", async () => {
  const first = await respond(at, "My name is Ada.");
  const { session } = first;
  const slow = at.server.rest.call("sessions.respond", { session, message: "Slowly.", model: "demo-slow" });
  await until(
    () => messagesOf(session),
    (messages) => messages.at(-1)?.state === "pending",
  );
  await at.client.responses.delete(first.id);
  const { status, body } = await slow;
  expect(status).toBe(200);
  expect((await messagesOf(session)).map(({ content }) => content)).toEqual(["Slowly.", body.reply]);
});
