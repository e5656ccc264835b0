import { REGISTRY } from "../src/doors/registry";
import type { Operation } from "../src/operation";
import { fieldsOf, sampleInput, textFieldsOf } from "./sample-input";
import { BOT, type Door, keyOf, startServer, type TestServer } from "./support";

/** Every operation a door serves is here by itself: the cases are made from the registry. */
const MODULES = /^(users|bots|sessions)\./;
const operations = (door: "rest" | "callable") =>
  REGISTRY.filter(({ name }) => door === "rest" || MODULES.test(name)).map((one) => [one.name, one] as const);

/** What anybody may do with another's active assistant; all else is its creator's alone. */
const PUBLIC_BOT = new Set(["bots.get", "sessions.create", "sessions.list"]);
/** Fields that name something of somebody. */
const ID_FIELDS = ["bot", "session", "app_key"];
const idFieldsOf = (operation: Operation): string[] => {
  const inPath = [...operation.route.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const names = [...new Set([...ID_FIELDS, ...inPath])].filter((name) => name !== "model"); // nobody's own
  return textFieldsOf(operation, names);
};
/** What the server alone decides. */
const OWNED = [
  "id",
  "uid",
  "creator",
  "showcased",
  "active",
  "version_count",
  "sessions_started",
  "created_at",
  "schema",
  "paused",
  "strikes",
  "constructor",
];

const MINE = keyOf("mine");
const THEIRS = keyOf("theirs");
const GONE = keyOf("gone");

let server: TestServer;
const ids: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  server = await startServer();
  for (const [name, key] of Object.entries({ mine: MINE, theirs: THEIRS, gone: GONE })) {
    const call = async (operation: string, input = {}) =>
      (await server.rest.call(operation, input, { key })).body;
    const bot = (await call("bots.create", BOT)).id;
    const hidden = (await call("bots.create", BOT)).id;
    const { session } = await call("sessions.create", { bot });
    const { id: app_key, key: secret } = await call("users.create_app_key", {
      kind: "secret",
      name: "server",
    });
    await server.services.bots.mark(hidden, { active: false }, new Date());
    ids[name] = { bot, hidden, session: session.id, app_key, secret };
  }
  await server.rest.call("users.delete", {}, { key: GONE });
});
afterAll(() => server.close());

/** An id of the right shape that nobody has. */
const UNKNOWN: Record<string, string> = { session: `ses_${"s".repeat(40)}` };
const unknownOf = (field: string): string => UNKNOWN[field] ?? "u".repeat(20);

/** What others have of this kind, and what a field of this kind never holds. */
function foreignTo(field: string, isPublic: boolean): string[] {
  const { theirs = {}, gone = {}, mine = {} } = ids;
  const bots = [
    theirs.hidden,
    gone.hidden,
    gone.bot,
    `${theirs.hidden}@1`,
    ...(isPublic ? [] : [theirs.bot]),
  ];
  const sessions = [theirs.session, gone.session, theirs.session?.replace("ses_", "lab_")];
  const kinds: Record<string, (string | undefined)[]> = {
    bot: [...bots, theirs.app_key],
    session: [...sessions, theirs.bot],
    app_key: [theirs.app_key, gone.app_key, theirs.bot, mine.bot],
  };
  const strange = [field === "bot" ? mine.session : mine.bot, "x", "../bots", "ses_", "%00", "a b"];
  return [...(kinds[field] ?? [...bots, ...sessions, theirs.app_key]), ...strange].filter(
    (id) => id !== undefined,
  );
}

type Called = [status: number, body: string];

/** An answer to compare with another, byte for byte but for its request id. */
async function call(door: Door, operation: Operation, input: object, key: string | null): Promise<Called> {
  const { status, body } = await door.call(operation.name, input as Record<string, unknown>, { key });
  return [status, JSON.stringify(body).replace(/req_[\w-]+/, "req")];
}

/** The operation's least input, with the caller's own ids where it names something. */
function inputOf(operation: Operation): Record<string, unknown> {
  const own: Record<string, string> = ids.mine ?? {};
  const fields = textFieldsOf(operation, Object.keys(own));
  return { ...sampleInput(operation), ...Object.fromEntries(fields.map((field) => [field, own[field]])) };
}

describe.each(["rest", "callable"] as const)("through %s", (name) => {
  const door = () => server[name];

  describe.each(operations(name))("%s", (_, operation) => {
    const wantsKey = operation.caller !== "anyone";
    const named = idFieldsOf(operation);

    test.each<[string, string | null, number, RegExp]>([
      ["no key", null, 401, /missing_key|invalid_api_key/],
      ["a key that is too short", "sk-demo-short", 401, /invalid_(api_)?key/],
      ["a key with a space", "sk-demo-0123456789 0123456789", 401, /invalid_(api_)?key|missing_key/],
      ["an unknown key", "sk-nobodys-0123456789abcdef", 401, /invalid_(api_)?key|key_refused/],
      ["a refused key", "sk-demo-revoked-0123456789", 401, /invalid_(api_)?key|key_refused/],
      ["a key that may do nothing", "sk-demo-forbidden-0123456789", 401, /invalid_(api_)?key|key_refused/],
    ])("%s", async (_, key, status, code) => {
      if (!wantsKey) return;
      const [answered, body] = await call(door(), operation, inputOf(operation), key);
      expect([answered, body]).toEqual([status, expect.stringMatching(code)]);
    });

    test("an app key, where the operation is not for one", async () => {
      if (!wantsKey || operation.appKeys) return;
      const [status, body] = await call(door(), operation, inputOf(operation), ids.mine?.secret ?? "");
      expect([status, body]).toEqual([403, expect.stringContaining("not_allowed_for_app_key")]);
    });

    for (const field of named) {
      test(`${field}: nobody else's, nobody's, a deleted user's and no id at all look alike`, async () => {
        const least = inputOf(operation);
        const told = (value: unknown) => call(door(), operation, { ...least, [field]: value }, MINE);
        const unknown = await told(unknownOf(field));
        for (const id of foreignTo(field, PUBLIC_BOT.has(operation.name))) {
          if (id.length > 40 && field === "bot") continue; // refused by its length, before it is looked for
          expect([id, await told(id)]).toEqual([id, unknown]);
        }
        if (operation.name === "sessions.list")
          expect(unknown).toEqual([200, expect.stringContaining('"data":[]')]);
        else expect(unknown).toEqual([404, expect.stringContaining("_not_found")]);
      });
    }

    test("fields that are not its own, or the server's, are refused by name", async () => {
      const own = fieldsOf(operation);
      for (const field of OWNED.filter((one) => !own.includes(one))) {
        const input = JSON.parse(
          JSON.stringify(inputOf(operation)).replace(/}$/, `,"${field}":"x"}`).replace("{,", "{"),
        );
        const [status, body] = await call(door(), operation, input, MINE);
        expect([field, status, body]).toEqual([
          field,
          400,
          expect.stringContaining(`${field}: is not a known field`),
        ]);
      }
    });

    test("a body that is too large or nested too deep is refused", async () => {
      if (/^(GET|DELETE)/.test(operation.route) && name === "rest") return;
      const [large] = await call(
        door(),
        operation,
        { ...inputOf(operation), padding: "x".repeat(300 * 1024) },
        MINE,
      );
      expect([400, 413]).toContain(large);
      const deep = JSON.parse(`${"[".repeat(1_000)}${"]".repeat(1_000)}`);
      const [nested] = await call(door(), operation, { ...inputOf(operation), padding: deep }, MINE);
      expect([400, 413]).toContain(nested);
    });
  });
});

test("what was deleted is gone for its own key too", async () => {
  for (const [operation, field, id] of [
    ["sessions.get", "session", ids.gone?.session],
    ["bots.get", "bot", ids.gone?.bot],
    ["bots.export", "bot", ids.gone?.bot],
  ] as const) {
    expect((await server.rest.call(operation, { [field]: id }, { key: GONE })).status).toBe(404);
  }
});
