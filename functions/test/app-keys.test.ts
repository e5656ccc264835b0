import { randomBytes } from "node:crypto";
import { z } from "zod";
import { invoke } from "../src/doors/invoke";
import { REGISTRY } from "../src/doors/registry";
import type { Call, Operation } from "../src/operation";
import { BOT, describeDoors, keyOf, startServer, type TestServer } from "./support";

const PAGE = "https://page.example";
/** What a page's visitor brings, with a publishable key. */
const visitorOf = (key: string, visitorSecret = newSecret()) =>
  key.startsWith("glp_") ? { visitorSecret } : {};
const newSecret = () => randomBytes(32).toString("base64url");
let serial = 0;

/** A creator with an assistant, and app keys of theirs, through one door. */
async function creatorOf(door: TestServer["rest"]) {
  const key = keyOf(`creator-${serial++}`);
  const call = async (operation: string, input = {}) => door.call(operation, input, { key });
  const bot = (await call("bots.create", BOT)).body.id as string;
  const make = async (more = {}) => {
    const { body } = await call("users.create_app_key", { name: "Server", kind: "secret", ...more });
    if (body.error) throw new Error(body.error.message);
    return body as { id: string; key: string };
  };
  const publish = (more = {}) =>
    make({ name: "Page", kind: "publishable", bots: [bot], origins: [PAGE], budget_usd: 1, ...more });
  return { key, call, bot, make, publish };
}

describeDoors("app keys", (door, server) => {
  test("a key is shown once, and listed with what it used", async () => {
    const { call, bot, make } = await creatorOf(door());
    const made = (
      await call("users.create_app_key", {
        name: "  My server ",
        kind: "secret",
        bots: [bot, bot],
        budget_usd: 2.5,
        requests_per_day: 100,
        requests_per_minute: 10,
        expires_at: "2099-01-01T00:00:00Z",
      })
    ).body;
    expect(made.key).toMatch(new RegExp(`^glk_${made.id}[A-Za-z0-9]{40}$`));
    const shown = {
      id: made.id,
      object: "app_key",
      name: "My server",
      kind: "secret",
      status: "active",
      prefix: made.key.slice(0, 8),
      last4: made.key.slice(-4),
      bots: [bot],
      origins: [],
      budget_usd: 2.5,
      requests_per_day: 100,
      requests_per_minute: 10,
      expires_at: "2099-01-01T00:00:00.000Z",
      last_used_at: null,
      usage: {
        requests: 0,
        requests_today: 0,
        input_tokens: 0,
        cached_tokens: 0,
        output_tokens: 0,
        cost_usd: 0,
        reserved_usd: 0,
        budget_left_usd: 2.5,
      },
    };
    expect(made).toMatchObject(shown);
    const opened = (await door().call("sessions.create", { bot }, { key: made.key })).body;
    await make({ name: "Second" });
    const { body: list } = await call("users.list_app_keys");
    expect(list.data.map(({ name }: { name: string }) => name)).toEqual(["Second", "My server"]);
    const { input_tokens, output_tokens, cost_usd } = opened.usage;
    expect(list.data[1]).toMatchObject({
      ...shown,
      last_used_at: expect.any(String),
      usage: {
        requests: 1,
        requests_today: 1,
        input_tokens,
        output_tokens,
        cost_usd,
        reserved_usd: 0,
        budget_left_usd: expect.closeTo(2.5 - cost_usd, 9),
      },
    });
    const said = JSON.stringify(list);
    expect(said).not.toContain(made.key);
    expect(said).not.toContain(opened.reply.slice(0, 20));
  });

  test.each([
    ["publishable without assistants", { kind: "publishable", origins: [PAGE], budget_usd: 1 }, "bots"],
    ["publishable without origins", { kind: "publishable", budget_usd: 1 }, "origins"],
    ["publishable without a budget", { kind: "publishable", origins: [PAGE] }, "budget_usd"],
    ["secret with origins", { origins: [PAGE] }, "origins"],
    ["an origin with a path", { kind: "publishable", origins: [`${PAGE}/`] }, "origins.0"],
    ["a wildcard", { kind: "publishable", origins: ["https://*.example"] }, "origins.0"],
    ["plain http elsewhere", { kind: "publishable", origins: ["http://page.example"] }, "origins.0"],
    ["an unknown assistant", { bots: ["x".repeat(20)] }, "bots"],
    ["no name", { name: " " }, "name"],
    ["an expiry that is over", { expires_at: "2020-01-01T00:00:00Z" }, "expires_at"],
    ["an expiry in the year 10000", { expires_at: "9999-12-31T23:59:59-14:00" }, "expires_at"],
    ["a budget of nothing", { budget_usd: 0 }, "budget_usd"],
    ["an unknown field", { limit: 1 }, "limit"],
  ])("%s is refused by name", async (_, more, param) => {
    const { call, bot } = await creatorOf(door());
    const bots = "bots" in more || param === "bots" ? {} : { bots: [bot] };
    const { status, body } = await call("users.create_app_key", {
      name: "K",
      kind: "secret",
      ...bots,
      ...more,
    });
    expect([status, body.error.code, body.error.param]).toEqual([400, "invalid_request", param]);
  });

  test("a secret key talks in its own name: sessions are its own, and the creator pays", async () => {
    const { key: provider, bot, make, call } = await creatorOf(door());
    const { id, key } = await make();
    const options = { key };
    const before = server().demo.requests.length;
    const opened = (await door().call("sessions.create", { bot }, options)).body;
    const session = opened.session.id as string;
    expect(session.slice(4, 24)).toBe(id);
    const stream = await door().call(
      "sessions.respond",
      { session, message: "Hello" },
      { key, stream: true },
    );
    expect(stream.deltas.join("")).toBe(stream.body.reply);
    const { hashKey } = await import("../../local/demo-model/stats");
    const payers = server()
      .demo.requests.slice(before)
      .map(({ key_hash }) => key_hash);
    expect(payers).toEqual([hashKey(provider), hashKey(provider)]);
    expect((await door().call("sessions.messages", { session }, options)).body.data).toHaveLength(3);
    expect((await door().call("sessions.list", {}, options)).body.data).toHaveLength(1);
    expect((await call("sessions.list")).body.data).toHaveLength(0);
    expect((await call("sessions.get", { session })).body.error.code).toBe("session_not_found");
    const other = await make();
    expect((await door().call("sessions.get", { session }, { key: other.key })).body.error.code).toBe(
      "session_not_found",
    );
    expect((await door().call("sessions.end", { session }, options)).body.session.status).toBe("completed");
    expect((await door().call("sessions.delete", { session }, options)).body.deleted).toBe(true);
  });

  test.each(["users.get", "users.list_app_keys", "users.export", "users.delete", "bots.create"])(
    "%s is not for app keys",
    async (operation) => {
      const { make, publish } = await creatorOf(door());
      const input = operation === "bots.create" ? BOT : {};
      for (const { key } of [await make(), await publish()]) {
        const { status, body } = await door().call(operation, input, { key, ...visitorOf(key) });
        expect([status, body.error.code]).toEqual([403, "not_allowed_for_app_key"]);
      }
    },
  );

  test("a key is for its assistants: others, the lab and plain models look like nothing or are refused", async () => {
    const { bot, call, make, publish } = await creatorOf(door());
    const second = (await call("bots.create", { ...BOT, name: "Second" })).body.id as string;
    const stranger = await creatorOf(door());
    const codeOf = async (key: string, operation: string, input: object) =>
      (await door().call(operation, { ...input }, { key, ...visitorOf(key) })).body.error?.code;
    const { key: open } = await make();
    const { key: bound } = await make({ bots: [bot, stranger.bot] });
    const { key: page } = await publish();
    const lab = { bot_config: BOT };
    const results: unknown[] = [];
    for (const key of [open, bound, page]) {
      results.push([
        await codeOf(key, "sessions.create", { bot }),
        await codeOf(key, "sessions.create", { bot: `${second}@1` }),
        await codeOf(key, "sessions.create", { bot: stranger.bot }),
        await codeOf(key, "sessions.create", lab),
        await codeOf(key, "sessions.create", { bot, model: "gpt-4o-mini" }),
      ]);
    }
    const no = "not_allowed_for_app_key";
    expect(results).toEqual([
      [undefined, undefined, "bot_not_found", undefined, undefined],
      [undefined, "bot_not_found", undefined, no, undefined],
      [undefined, "bot_not_found", "bot_not_found", no, no],
    ]);
    const listed = async (key: string) =>
      (await door().call("bots.list", {}, { key })).body.data.map(({ id }: { id: string }) => id);
    expect(await listed(open)).toEqual([second, bot]);
    expect(await listed(bound)).toEqual([bot, stranger.bot]);
    const card = (await door().call("bots.get", { bot }, { key: open })).body;
    expect(card.mine).toBe(false);
    expect(card).not.toHaveProperty("initial_prompt");
  });

  test("visitors of a page do not see each other, nor does the creator", async () => {
    const { bot, publish, call } = await creatorOf(door());
    const { key, id } = await publish();
    const [ada, bob] = [newSecret(), newSecret()];
    const as = (visitorSecret?: string) => (operation: string, input: object) =>
      door().call(operation, { ...input }, { key, ...(visitorSecret ? { visitorSecret } : {}) });
    const opened = (await as(ada)("sessions.create", { bot })).body;
    const session = opened.session.id as string;
    expect(session.slice(4, 24)).toBe(id);
    const words = "my name is Wolfgang";
    expect((await as(ada)("sessions.respond", { session, message: words })).status).toBe(200);
    const missing = await as(bob)("sessions.get", {
      session: `${session.slice(0, -1)}${session.endsWith("a") ? "b" : "a"}`,
    });
    for (const operation of ["sessions.get", "sessions.messages", "sessions.delete", "sessions.end"]) {
      const theirs = await as(bob)(operation, { session });
      expect([theirs.status, { ...theirs.body.error, request_id: "" }]).toEqual([
        missing.status,
        { ...missing.body.error, request_id: "" },
      ]);
    }
    expect((await as()("sessions.get", { session })).body.error).toMatchObject({
      code: "invalid_request",
      param: "X-Visitor-Secret",
    });
    expect((await as("short")("sessions.get", { session })).body.error.param).toBe("X-Visitor-Secret");
    expect((await as()("sessions.create", { bot })).body.error.param).toBe("X-Visitor-Secret");
    expect((await call("sessions.get", { session })).body.error.code).toBe("session_not_found");
    expect((await as(ada)("sessions.messages", { session })).body.data[1].content).toBe(words);
    const again = { key, visitorSecret: bob, idempotencyKey: "the-same" };
    const first = (await door().call("sessions.create", { bot }, again)).body.session.id;
    const other = (await door().call("sessions.create", { bot }, { ...again, visitorSecret: ada })).body;
    expect(other.session.id).not.toBe(first);
    expect((await door().call("sessions.create", { bot }, again)).body.session.id).toBe(first);
  });

  test("a visitor's secret with any other key is refused: nothing would be sealed under it", async () => {
    const { key: provider, bot, make } = await creatorOf(door());
    for (const key of [provider, (await make()).key]) {
      const { body } = await door().call("sessions.create", { bot }, { key, visitorSecret: newSecret() });
      expect(body.error).toMatchObject({ code: "invalid_request", param: "X-Visitor-Secret" });
    }
  });

  test("a rotated key: the old characters stop, sessions and usage stay", async () => {
    const { bot, make, publish, call } = await creatorOf(door());
    const visitorSecret = newSecret();
    for (const made of [await make(), await publish()]) {
      const opened = (
        await door().call(
          "sessions.create",
          { bot },
          { key: made.key, ...visitorOf(made.key, visitorSecret) },
        )
      ).body;
      const session = opened.session.id as string;
      const turned = (await call("users.rotate_app_key", { app_key: made.id })).body;
      expect(turned).toMatchObject({ id: made.id, usage: { requests: 1 } });
      expect(turned.key).not.toBe(made.key);
      const input = { session, message: "Still there?" };
      const old = await door().call("sessions.respond", input, {
        key: made.key,
        ...visitorOf(made.key, visitorSecret),
      });
      expect(old.body.error.code).toBe("invalid_key");
      const { body } = await door().call("sessions.respond", input, {
        key: turned.key,
        ...visitorOf(turned.key, visitorSecret),
      });
      expect(body.session.message_count).toBe(3);
    }
  });

  test("a changed key: the next call knows; a foreign, unknown or malformed one is the same 404", async () => {
    const { bot, make, call } = await creatorOf(door());
    const { id, key } = await make({ budget_usd: 0.000001 });
    expect((await door().call("sessions.create", { bot }, { key })).body.error.code).toBe("budget_exhausted");
    const changed = (await call("users.update_app_key", { app_key: id, budget_usd: 1, name: "More" })).body;
    expect(changed).toMatchObject({ id, name: "More", budget_usd: 1, kind: "secret" });
    expect((await door().call("sessions.create", { bot }, { key })).status).toBe(200);
    const stranger = await creatorOf(door());
    for (const operation of ["users.update_app_key", "users.rotate_app_key", "users.revoke_app_key"]) {
      const answers = [];
      for (const app_key of [id, "x".repeat(20), "../keys"]) {
        const { status, body } = await stranger.call(operation, { app_key });
        answers.push([status, { ...body.error, request_id: "" }]);
      }
      expect(answers[0]?.[0]).toBe(404);
      expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    }
    expect((await door().call("sessions.list", {}, { key })).status).toBe(200);
  });

  test("revoked, rotated, expired, malformed and unknown keys are one 401", async () => {
    const { make, call } = await creatorOf(door());
    const revoked = await make();
    const rotated = await make();
    const expired = await make();
    await call("users.revoke_app_key", { app_key: revoked.id });
    await call("users.rotate_app_key", { app_key: rotated.id });
    const { firestore } = server().services;
    await firestore.doc(`app_keys/${expired.id}`).update({ expires_at: new Date(Date.now() - 1) });
    const asked = jest.spyOn(server().services.upstream, "listModels");
    const unknown = `glk_${"x".repeat(60)}`;
    const half = `${rotated.key.slice(0, -1)}${rotated.key.endsWith("a") ? "b" : "a"}`;
    const keys = [
      revoked.key,
      rotated.key,
      expired.key,
      unknown,
      half,
      "glk_short",
      "glp_",
      `glp_${"y".repeat(60)}`,
    ];
    for (const key of keys) {
      for (const operation of ["sessions.list", "users.get"]) {
        const { status, body } = await door().call(operation, {}, { key });
        expect([key, status, { ...body.error, request_id: "" }]).toEqual([
          key,
          401,
          {
            code: "invalid_key",
            message: "This app key is not valid.",
            type: "authentication_error",
            request_id: "",
          },
        ]);
      }
    }
    expect(asked).not.toHaveBeenCalled();
    asked.mockRestore();
    const { data } = (await call("users.list_app_keys")).body;
    expect(data.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
      [expired.id, "expired"],
      [rotated.id, "active"],
    ]);
    const renamed = await call("users.update_app_key", { app_key: expired.id, name: "Again" });
    expect(renamed.body.error).toMatchObject({ code: "invalid_request", param: "app_key" });
  });

  test("after a swap and a recovery the keys pay with the new provider key", async () => {
    const creator = await creatorOf(door());
    const { bot, make, call } = creator;
    const made = [await make(), await make()];
    const { recovery_code: code } = (await call("users.recovery_code")).body;
    const { hashKey } = await import("../../local/demo-model/stats");
    const payerOf = async (key: string) => {
      expect((await door().call("sessions.create", { bot }, { key })).status).toBe(200);
      return server().demo.requests.at(-1)?.key_hash;
    };
    const swapped = keyOf(`swapped-${serial++}`);
    expect((await call("users.swap_key", { new_key: swapped })).status).toBe(200);
    for (const { key } of made) expect(await payerOf(key)).toBe(hashKey(swapped));
    const recovered = keyOf(`recovered-${serial++}`);
    const back = await door().call("users.recover", { code, new_key: recovered }, { key: null });
    expect(back.status).toBe(200);
    for (const { key } of made) expect(await payerOf(key)).toBe(hashKey(recovered));
    const { data } = (await door().call("users.list_app_keys", {}, { key: recovered })).body;
    expect(data).toHaveLength(2);
  });

  test("an app key does not stand in for a provider key", async () => {
    const { make, call } = await creatorOf(door());
    const { key } = await make();
    const swap = await call("users.swap_key", { new_key: key });
    expect(swap.body.error).toMatchObject({ code: "invalid_key", param: "new_key" });
  });
});

describe("app keys behind every door", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  test("what an app key may call stands on the operation; all the rest is refused before it runs", async () => {
    const { make, publish } = await creatorOf(server.rest);
    const keys = [
      ["secret", (await make()).key],
      ["publishable", (await publish()).key],
    ] as const;
    const { services } = server;
    const signal = new AbortController().signal;
    for (const { name, appKeys, caller } of REGISTRY) {
      for (const [kind, key] of keys) {
        const call = { services, key, ...visitorOf(key), origin: undefined, requestId: "req_test", signal };
        const probe = { name, appKeys, caller, input: z.object({}), run: async () => "ran" };
        const outcome = await invoke(probe as unknown as Operation, {}, call as Call).catch(
          ({ code }) => code,
        );
        const allowed = appKeys === "all" || (appKeys === "secret" && kind === "secret");
        const met = caller === "session" ? "session_not_found" : "ran";
        expect([name, kind, outcome]).toEqual([name, kind, allowed ? met : "not_allowed_for_app_key"]);
      }
    }
  });
});
