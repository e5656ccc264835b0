import { randomBytes } from "node:crypto";
import OpenAI, { NotFoundError, PermissionDeniedError } from "openai";
import { BOT, keyOf, startServer, type TestServer } from "./support";

const PAGE = "https://page.example";
const creator = keyOf("openai-creator");

let server: TestServer;
let bot: string;
let other: string;
beforeAll(async () => {
  server = await startServer();
  bot = (await server.rest.call("bots.create", BOT, { key: creator })).body.id;
  other = (await server.rest.call("bots.create", BOT, { key: creator })).body.id;
});
afterAll(() => server.close());

const make = async (kind: "secret" | "publishable") => {
  const page = kind === "publishable" ? { origins: [PAGE] } : {};
  const input = { name: "Key", kind, bots: [bot], budget_usd: 1, ...page };
  return (await server.rest.call("users.create_app_key", input, { key: creator })).body.key as string;
};
const clientOf = (apiKey: string, visitor?: string) =>
  new OpenAI({
    apiKey,
    baseURL: `${server.url}/v1`,
    maxRetries: 0,
    ...(visitor ? { defaultHeaders: { "X-Visitor-Secret": visitor } } : {}),
  });
const messages = [{ role: "user" as const, content: "I feel stuck." }];

test("a secret key talks with its assistants alone, and lists them", async () => {
  const client = clientOf(await make("secret"));
  const reply = await client.chat.completions.create({ model: bot, messages });
  expect(reply.choices[0]?.finish_reason).toBe("stop");
  const response = await client.responses.create({ model: bot, input: "Hello" });
  const further = { model: bot, input: "Go on.", previous_response_id: response.id };
  expect((await client.responses.create(further)).status).toBe("completed");
  const elsewhere = client.chat.completions.create({ model: other, messages });
  await expect(elsewhere).rejects.toBeInstanceOf(NotFoundError);
  const plain = client.chat.completions.create({ model: "gpt-4.1-mini", messages });
  await expect(plain).rejects.toBeInstanceOf(PermissionDeniedError);
  const { data } = await client.models.list();
  expect(data.map(({ id }) => id)).toEqual([bot]);
});

test("visitors of a page have responses of their own", async () => {
  const key = await make("publishable");
  const visitor = () => clientOf(key, randomBytes(32).toString("base64url"));
  const [ada, bob] = [visitor(), visitor()];
  const response = await ada.responses.create({ model: bot, input: "My name is Ada." });
  expect((await ada.responses.retrieve(response.id)).output_text).toBe(response.output_text);
  const further = { input: "What is my name?", previous_response_id: response.id };
  expect((await ada.responses.create(further)).output_text).toContain("Ada");
  await expect(bob.responses.retrieve(response.id)).rejects.toBeInstanceOf(NotFoundError);
  await expect(bob.responses.create(further)).rejects.toMatchObject({ code: "previous_response_not_found" });
  const nobody = clientOf(key);
  expect((await nobody.chat.completions.create({ model: bot, messages })).choices).toHaveLength(1);
  await expect(nobody.responses.create({ model: bot, input: "Hi" })).rejects.toMatchObject({ status: 400 });
  expect((await nobody.models.list()).data).toEqual([]);
});
