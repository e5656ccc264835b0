import { execFile } from "node:child_process";
import type { Firestore } from "firebase-admin/firestore";
import { BOT, keyOf, startServer, type TestServer } from "./support";

const OLD = "the first server secret, 32 characters";
const NEW = "the next server secret, of 32 characters";

/** Cuts the process off before or after a batch: nothing reaches the database from then on. */
const cut = { step: 0, after: false, seen: 0, dead: false };
const cutAt = (step: number, after: boolean) => Object.assign(cut, { step, after, seen: 0, dead: false });
const mend = () => cutAt(0, false);

function cuttable(firestore: Firestore): Firestore {
  const batch = firestore.batch.bind(firestore);
  firestore.batch = () => {
    const made = batch();
    const commit = made.commit.bind(made);
    made.commit = async () => {
      if (cut.dead) throw new Error("the process is gone");
      if (++cut.seen !== cut.step) return commit();
      if (cut.after) await commit();
      cut.dead = true;
      throw new Error("killed");
    };
    return made;
  };
  return firestore;
}

let before: TestServer;
let during: TestServer;
let other: TestServer;
let after: TestServer;

beforeAll(async () => {
  before = await startServer({ secrets: [OLD] });
  during = await startServer({ secrets: [NEW, OLD], beside: before, wrapFirestore: cuttable });
  other = await startServer({ secrets: [OLD, NEW], beside: before });
  after = await startServer({ secrets: [NEW], beside: before });
});
afterAll(async () => {
  for (const server of [after, other, during, before]) await server.close();
});
afterEach(mend);

const on = (server: TestServer, key: string) => {
  const call = async (operation: string, input = {}) =>
    (await server.rest.call(operation, input, { key })).body;
  return { call, id: async () => (await call("users.get")).user.id as string };
};
/** A person with a conversation, from before the rotation. */
async function person(name: string) {
  const key = keyOf(name);
  const { call, id } = on(before, key);
  const bot: string = (await call("bots.create", BOT)).id;
  const session: string = (await call("sessions.create", { bot })).session.id;
  await call("sessions.respond", { session, message: "Remember the tulips" });
  return { key, bot, session, uid: await id() };
}
const keysOf = async (uid: string) =>
  (await before.services.firestore.collection("keys").where("uid", "==", uid).get()).docs.map(({ id }) => id);

test("during the rotation everything opens that was sealed before, in the same round trips", async () => {
  const { key, bot, session, uid } = await person("old-hand");
  const { call, id } = on(during, key);
  expect(await id()).toBe(uid);
  expect((await call("sessions.messages", { session })).data[1].content).toBe("Remember the tulips");
  expect((await call("sessions.respond", { session, message: "Go on" })).reply).toEqual(expect.any(String));
  expect((await call("bots.get", { bot })).initial_prompt).toBe(BOT.initial_prompt);
  const { getAll } = during.services.firestore;
  const reads: number[] = [];
  during.services.firestore.getAll = (...refs) => {
    reads.push(refs.length);
    return getAll.apply(during.services.firestore, refs);
  };
  await call("sessions.respond", { session, message: "And on" });
  during.services.firestore.getAll = getAll;
  expect(reads).toEqual([3]);
});

test("a key that is used takes the newest secret from then on, and one document opens the account", async () => {
  const { key, session, uid } = await person("renewed");
  const [old] = await keysOf(uid);
  await on(during, key).call("users.get");
  const kept = await keysOf(uid);
  expect(kept).toHaveLength(1);
  expect(kept).not.toEqual([old]);
  expect(await on(after, key).id()).toBe(uid);
  const { data } = await on(after, key).call("sessions.messages", { session });
  expect(data[1].content).toBe("Remember the tulips");
});

test("20 calls at once with a key from before: one account, one document, all answered", async () => {
  const { key, uid } = await person("crowd");
  const answers = await Promise.all(Array.from({ length: 20 }, () => on(during, key).call("users.get")));
  expect(new Set(answers.map(({ user }) => user?.id))).toEqual(new Set([uid]));
  expect(await keysOf(uid)).toHaveLength(1);
});

test.each([1, 2].flatMap((step) => [false, true].map((late) => [step, late] as const)))(
  "cut off at write %i (after it: %s), exactly one way in is left, and the same account behind it",
  async (step, late) => {
    const { key, uid } = await person(`cut-${step}-${late}`);
    cutAt(step, late);
    await during.rest.call("bots.create", BOT, { key });
    mend();
    expect(await keysOf(uid)).toHaveLength(1);
    expect(await on(during, key).id()).toBe(uid);
    expect(await keysOf(uid)).toHaveLength(1);
  },
);

test("servers that know both secrets in either order run beside each other", async () => {
  const { key, session, uid } = await person("both");
  for (let i = 0; i < 3; i++) {
    for (const server of [during, other]) {
      const said = await on(server, key).call("sessions.respond", { session, message: `turn ${i}` });
      expect(said.session.id).toBe(session);
      expect(await keysOf(uid)).toHaveLength(1);
    }
  }
});

test("a recovery code from before, and a swap to a key that has an account from before", async () => {
  const { key, uid } = await person("lost");
  const { recovery_code } = await on(before, key).call("users.recovery_code");
  const fresh = keyOf("lost-again");
  await on(before, fresh).call("users.get");
  const recovered = await during.rest.call(
    "users.recover",
    { code: recovery_code, new_key: fresh },
    { key: null },
  );
  expect(recovered.body.user.id).toBe(uid);
  expect(await on(after, fresh).id()).toBe(uid);
  expect(await keysOf(uid)).toHaveLength(1);

  const busy = await person("busy-account");
  const refused = await on(during, fresh).call("users.swap_key", { new_key: busy.key });
  expect(refused.error.code).toBe("key_in_use");
});

test("an app key from before: it answers, moves to the newest secret, and what its creator swaps reaches it", async () => {
  const { key, bot } = await person("maker");
  const made = await on(before, key).call("users.create_app_key", {
    kind: "secret",
    name: "server",
    bots: [bot],
  });
  const app = made.key as string;
  const start = async (server: TestServer) =>
    (await server.rest.call("sessions.create", { bot }, { key: app })).status;
  expect([await start(before), await start(during)]).toEqual([200, 200]);
  expect(await keysOf(made.id)).toHaveLength(1);
  await on(during, key).call("users.get");
  await operate({ SERVER_SECRET: `${NEW}\n${OLD}` });
  expect([await start(after), await start(before)]).toEqual([200, 401]);
  const fresh = keyOf("maker-again");
  await on(after, key).call("users.swap_key", { new_key: fresh });
  expect(await start(after)).toBe(200);
});

const operate = (env: Record<string, string>): Promise<{ out: string; error: string }> =>
  new Promise((resolve) => {
    const args = ["operate/main.ts", "reseal", "--project", before.services.config.project];
    execFile(process.execPath, args, { env: { ...process.env, ...env } }, (_, out, error) =>
      resolve({ out, error }),
    );
  });

test("reseal: afterwards the earlier secret opens nothing that is still needed, and it says which keys are left", async () => {
  const { key, bot, session } = await person("sealed");
  const late = await person("not-seen-since");
  await on(during, key).call("users.get");
  expect((await on(after, key).call("sessions.respond", { session, message: "Hello" })).error.code).toBe(
    "internal",
  );
  const { out, error } = await operate({ SERVER_SECRET: `${NEW}\n${OLD}` });
  expect(error).toBe("");
  expect(Number(/(\d+) prompts resealed/.exec(out)?.[1])).toBeGreaterThanOrEqual(4);
  expect(Number(/earlier secret: (\d+)/.exec(out)?.[1])).toBeGreaterThanOrEqual(1);
  expect((await operate({ SERVER_SECRET: `${NEW}\n${OLD}` })).out).toMatch(/^0 prompts resealed/);
  const { call } = on(after, key);
  expect((await call("sessions.respond", { session, message: "Hello" })).reply).toEqual(expect.any(String));
  expect((await call("bots.get", { bot })).initial_prompt).toBe(BOT.initial_prompt);
  expect(await on(during, late.key).id()).toBe(late.uid);
});

test("reseal says what it needs", async () => {
  expect((await operate({ SERVER_SECRET: "" })).error).toContain("set SERVER_SECRET");
});
