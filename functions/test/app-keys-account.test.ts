import { createHash, randomBytes } from "node:crypto";
import type { DocumentReference, Firestore } from "firebase-admin/firestore";
import { finishDeletions } from "../src/account/delete";
import { openSealed } from "../src/protection/hpke";
import { createVault } from "../src/protection/vault";
import { providerKeyOf } from "../src/users/app-key";
import { BOT, keyOf, startServer, type TestServer } from "./support";

const PAGE = "https://page.example";
const LAB = "https://allowed.example";
const newSecret = () => randomBytes(32).toString("base64url");

let clock = 0;
let onRemoval: (() => void) | undefined;
let server: TestServer;
let serial = 0;

/** Lets a removal be cut off. */
function wrapFirestore(firestore: Firestore): Firestore {
  const remove = firestore.recursiveDelete.bind(firestore);
  firestore.recursiveDelete = (async (ref: DocumentReference) => {
    onRemoval?.();
    return remove(ref);
  }) as never;
  return firestore;
}

beforeAll(async () => {
  server = await startServer({ wrapFirestore, now: () => new Date(Date.now() + clock) });
});
afterAll(() => server.close());

async function creatorOf(name: string) {
  const key = keyOf(`${name}-${serial++}`);
  const call = async (operation: string, input = {}) =>
    (await server.rest.call(operation, input, { key })).body;
  const bot = (await call("bots.create", BOT)).id as string;
  const { id: uid } = (await call("users.get")).user;
  const make = async (more = {}) =>
    (await call("users.create_app_key", { name: "K", kind: "secret", ...more })) as {
      id: string;
      key: string;
    };
  const publish = () => make({ kind: "publishable", bots: [bot], origins: [PAGE], budget_usd: 1 });
  return { key, call, bot, uid, make, publish };
}

const start = (bot: string, key: string) =>
  server.rest.call("sessions.create", { bot }, { key, ...visitorOf(key) });
/** What a page's visitor brings, with a publishable key. */
const visitorOf = (key: string) => (key.startsWith("glp_") ? { visitorSecret: newSecret() } : {});
const codeOf = async (bot: string, key: string) => (await start(bot, key)).body.error?.code ?? "ok";

/** Every document that has to do with one of these ids. */
async function traces(...ids: string[]): Promise<string[]> {
  const dump = await dumpAll(server.services.firestore);
  return dump
    .filter(([path, data]) => ids.some((id) => path.includes(id) || data.includes(id)))
    .map(([path]) => path);
}

/** Every document of the database: its path, and its data as text, bytes in hex. */
async function dumpAll(firestore: Firestore): Promise<[string, string][]> {
  const found: [string, string][] = [];
  const walk = async (collections: FirebaseFirestore.CollectionReference[]): Promise<void> => {
    for (const collection of collections) {
      for (const ref of await collection.listDocuments()) {
        const data = (await ref.get()).data() ?? {};
        const text = JSON.stringify(data, (_, value) =>
          value?.type === "Buffer" ? Buffer.from(value.data).toString("hex") : value,
        );
        found.push([ref.path, text]);
        await walk(await ref.listCollections());
      }
    }
  };
  await walk(await firestore.listCollections());
  return found;
}

test("database and server secret together do not hold the provider key: it takes the app key", async () => {
  const { key: provider, bot, make } = await creatorOf("dumped");
  const { id, key } = await make();
  expect((await start(bot, key)).status).toBe(200);
  const dump = (await dumpAll(server.services.firestore)).map(([path, data]) => path + data).join("\n");
  const logged = server.logged.join("\n");
  for (const secret of [provider, key, key.slice(24)]) {
    expect(dump).not.toContain(secret);
    expect(dump).not.toContain(Buffer.from(secret).toString("hex"));
    expect(logged).not.toContain(secret);
  }
  const { vault, firestore, config } = server.services;
  const settings = (await firestore.doc(`app_keys/${id}`).get()).data() ?? {};
  const open = (seed: Buffer) => openSealed(seed, settings.sealed, providerKeyOf(id));
  expect(await open(vault.app.seed(key, id))).toBe(provider);
  const host = new URL(config.openaiBaseUrl).host;
  const anotherServer = createVault("another secret of at least 32 characters", host);
  const known = Object.values(settings).filter((value) => typeof value === "string");
  const digest = createHash("sha256").update(config.serverSecrets[0]).digest();
  const guesses = [
    anotherServer.app.seed(key, id),
    settings.public_key,
    digest,
    ...known.map((value) => vault.app.seed(value, id)),
    vault.app.seed(`glk_${id}`, id),
  ];
  for (const guess of guesses) await expect(open(guess)).rejects.toThrow("ciphertext does not open");
});

test("a sealed provider key put under another app key does not open", async () => {
  const one = await creatorOf("one");
  const two = await creatorOf("two");
  const [mine, theirs] = [await one.make(), await two.make()];
  const { firestore } = server.services;
  const taken = (await firestore.doc(`app_keys/${theirs.id}`).get()).get("sealed");
  await firestore.doc(`app_keys/${mine.id}`).update({ sealed: taken });
  expect(await codeOf(one.bot, mine.key)).toBe("invalid_key");
});

test("revoking: refused at once, its sessions gone, other keys go on", async () => {
  const { call, bot, make } = await creatorOf("revoker");
  const [gone, stays] = [await make(), await make()];
  await start(bot, gone.key);
  expect(await call("users.revoke_app_key", { app_key: gone.id })).toEqual({
    id: gone.id,
    object: "app_key",
    deleted: true,
  });
  expect(await codeOf(bot, gone.key)).toBe("invalid_key");
  expect(await traces(gone.id)).toEqual([]);
  expect(await codeOf(bot, stays.key)).toBe("ok");
  expect((await call("users.revoke_app_key", { app_key: gone.id })).error.code).toBe("app_key_not_found");
});

test("deleting the account revokes its app keys with all that they stored, a cut-off deletion too", async () => {
  const { call, bot, uid, make, publish } = await creatorOf("leaver");
  const keys = [await make(), await publish()];
  for (const { key } of keys) expect((await start(bot, key)).status).toBe(200);
  onRemoval = () => {
    throw new Error("killed");
  };
  expect((await call("users.delete")).error.code).toBe("internal");
  for (const { key } of keys) expect(await codeOf(bot, key)).toBe("invalid_key");
  onRemoval = undefined;
  await finishDeletions(server.services);
  expect(await traces(uid, ...keys.map(({ id }) => id))).toEqual([]);
});

test("an account with an app key is not empty: it is not taken over by a swap", async () => {
  const holder = keyOf(`holder-${serial++}`);
  const { body } = await server.rest.call(
    "users.create_app_key",
    { name: "K", kind: "secret" },
    { key: holder },
  );
  expect(body.key).toMatch(/^glk_/);
  const { call } = await creatorOf("swapper");
  expect((await call("users.swap_key", { new_key: holder })).error.code).toBe("key_in_use");
});

test("keys that are made while the provider key is swapped never carry the old one", async () => {
  const { key, call, bot } = await creatorOf("racer");
  const next = keyOf(`racer-next-${serial++}`);
  const making = Array.from({ length: 6 }, () =>
    server.rest.call("users.create_app_key", { name: "K", kind: "secret" }, { key }),
  );
  const [swapped, ...made] = await Promise.all([call("users.swap_key", { new_key: next }), ...making]);
  expect(swapped.error).toBeUndefined();
  const payer = createHash("sha256").update(next).digest("hex").slice(0, 12);
  for (const { body } of made) {
    // What came after the swap made the old key an account of its own, which may make keys, too.
    if (body.error) expect(["invalid_key", "account_busy"]).toContain(body.error.code);
    else if ((await start(bot, body.key)).status === 200) {
      const { data } = (await server.rest.call("users.list_app_keys", {}, { key: next })).body;
      expect(data.map(({ id }: { id: string }) => id)).toContain(body.id);
      expect(server.demo.requests.at(-1)?.key_hash).toBe(payer);
    }
  }
});

test("of ten rotations at once the last one holds, and one key is left", async () => {
  const { call, bot, make } = await creatorOf("rotator");
  const { id, key } = await make();
  const turned = await Promise.all(
    Array.from({ length: 10 }, () => call("users.rotate_app_key", { app_key: id })),
  );
  const shown = turned.filter(({ error }) => !error).map((answer) => answer.key as string);
  expect(shown.length).toBeGreaterThan(0);
  const working = [];
  for (const one of [key, ...shown]) if ((await codeOf(bot, one)) === "ok") working.push(one);
  expect(working).toHaveLength(1);
  const { firestore } = server.services;
  expect((await firestore.collection("keys").where("uid", "==", id).get()).size).toBe(1);
});

test("a suspended creator's app keys are refused, and let in again", async () => {
  const { uid, bot, make, publish } = await creatorOf("suspended");
  const keys = [await make(), await publish()];
  const { users, now } = server.services;
  expect(await users.suspend(uid, true, now())).toBe(3);
  for (const { key } of keys) expect(await codeOf(bot, key)).toBe("key_refused");
  expect(await users.suspend(uid, false, now())).toBe(3);
  for (const { key } of keys) expect(await codeOf(bot, key)).toBe("ok");
});

test("a key ends when it expires; what the database may remove is its way in", async () => {
  const { call, bot, make } = await creatorOf("expiring");
  const { id, key } = await make({ expires_at: new Date(Date.now() + 60_000).toISOString() });
  expect(await codeOf(bot, key)).toBe("ok");
  const later = new Date(Date.now() + 120_000);
  await call("users.update_app_key", { app_key: id, expires_at: later.toISOString() });
  const [way] = (await server.services.firestore.collection("keys").where("uid", "==", id).get()).docs;
  expect(way?.get("expires_at").toDate()).toEqual(later);
  clock = 100_000;
  expect(await codeOf(bot, key)).toBe("ok");
  clock = 120_000;
  expect(await codeOf(bot, key)).toBe("invalid_key");
  expect((await call("users.list_app_keys")).data[0]).toMatchObject({ id, status: "expired" });
  expect((await call("users.rotate_app_key", { app_key: id })).error.param).toBe("app_key");
  await way?.ref.delete();
  expect((await call("users.revoke_app_key", { app_key: id })).deleted).toBe(true);
  clock = 0;
});

test("a key lists the models it may use: its assistants alone where it is for assistants, and a page's lists nothing", async () => {
  const { make, publish, bot } = await creatorOf("models");
  const models = async (key: string) =>
    (await server.rest.call("models.list", {}, { key })).body.data.map(({ id }: { id: string }) => id);
  expect(await models((await make()).key)).toContain("gpt-4.1-mini");
  const [own, page] = [await make({ bots: [bot] }), await publish()];
  expect([await models(own.key), await models(page.key)]).toEqual([[bot], []]);
  for (const { key } of [own, page]) {
    const one = await server.rest.call("models.get", { model: "gpt-4.1-mini" }, { key });
    expect(one.body.error.code).toBe("model_not_found");
  }
});

test("there is an end to how many keys an account has", async () => {
  const { call, make, uid } = await creatorOf("collector");
  const { id } = await make();
  const { firestore } = server.services;
  const settings = (await firestore.doc(`app_keys/${id}`).get()).data() ?? {};
  const batch = firestore.batch();
  for (let i = 0; i < 49; i++) batch.create(firestore.doc(`app_keys/copy${uid}${i}`), settings);
  await batch.commit();
  const { error } = await call("users.create_app_key", { name: "K", kind: "secret" });
  expect(error).toMatchObject({ code: "invalid_request", message: expect.stringContaining("50") });
});

test("the export has settings and numbers of the app keys, never a key or what was said with them", async () => {
  const { call, bot, make } = await creatorOf("exporter");
  const { id, key } = await make({ name: "My server" });
  const opened = (await start(bot, key)).body;
  const exported = await call("users.export");
  expect(exported.app_keys).toEqual([expect.objectContaining({ id, name: "My server", kind: "secret" })]);
  expect(exported.app_keys[0].usage.requests).toBe(1);
  expect(exported.sessions).toEqual([]);
  const said = JSON.stringify(exported);
  for (const secret of [key, key.slice(24), opened.reply.slice(0, 30)]) expect(said).not.toContain(secret);
});

test("a call's log line names the app key by its id", async () => {
  const { bot, make } = await creatorOf("logged");
  const { id, key } = await make();
  await start(bot, key);
  expect(JSON.parse(server.logged.at(-1) ?? "")).toMatchObject({ operation: "sessions.create", appKey: id });
  expect(server.logged.join()).not.toContain(key.slice(24));
});

describe("pages", () => {
  const ask = (key: string, origin: string | undefined, path = "/bots") =>
    fetch(`${server.url}/v1${path}`, {
      headers: { authorization: `Bearer ${key}`, ...(origin ? { origin } : {}) },
    });
  const readable = (answer: Response) => answer.headers.get("access-control-allow-origin");

  test("a publishable key is for its origins; who sends none is no browser", async () => {
    const { bot, make, publish } = await creatorOf("pages");
    const page = await publish();
    const get = (origin?: string) => ask(page.key, origin, `/bots/${bot}`);
    const own = await get(PAGE);
    expect([own.status, readable(own)]).toEqual([200, PAGE]);
    expect((await get()).status).toBe(200);
    for (const origin of ["https://evil.example", `${PAGE}.evil.example`, "null", LAB]) {
      const answer = await get(origin);
      const { error } = (await answer.json()) as { error: { code: string } };
      expect([answer.status, error.code]).toEqual([403, "origin_not_allowed"]);
    }
    const secret = await make();
    const answer = await ask(secret.key, PAGE, `/bots/${bot}`);
    expect([answer.status, readable(answer)]).toEqual([200, null]);
  });

  test("the page reads answers, streams and refusals; a preflight allows the visitor's header", async () => {
    const { bot, publish, call } = await creatorOf("reading");
    const page = await publish();
    const preflight = await fetch(`${server.url}/v1/sessions`, {
      method: "OPTIONS",
      headers: {
        origin: PAGE,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,x-visitor-secret",
      },
    });
    expect(readable(preflight)).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")).toContain("x-visitor-secret");
    const options = { key: page.key, origin: PAGE, visitorSecret: newSecret() };
    const stream = await server.rest.call("sessions.create", { bot }, { ...options, stream: true });
    expect(stream.deltas.length).toBeGreaterThan(1);
    expect(stream.headers.get("access-control-allow-origin")).toBe(PAGE);
    expect(stream.headers.get("vary")).toMatch(/origin/i);
    const refused = await server.rest.call("sessions.list", {}, options);
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([403, PAGE]);
    await call("users.revoke_app_key", { app_key: page.id });
    const revoked = await server.rest.call("sessions.create", { bot }, options);
    expect([revoked.status, revoked.headers.get("access-control-allow-origin")]).toEqual([401, "*"]);
    const stranger = await server.rest.call("users.get", {}, { origin: PAGE });
    expect(stranger.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("through a callable the origin counts too", async () => {
    const { bot, publish } = await creatorOf("callable");
    const { key } = await publish();
    const options = { key, visitorSecret: newSecret() };
    const create = (origin: string) =>
      server.callable.call("sessions.create", { bot }, { ...options, origin });
    expect((await create(PAGE)).status).toBe(200);
    expect((await create("https://evil.example")).body.error.code).toBe("origin_not_allowed");
  });
});
