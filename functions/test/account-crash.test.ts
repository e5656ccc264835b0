import type { DocumentReference, Firestore } from "firebase-admin/firestore";
import { finishDeletions } from "../src/account/delete";
import { BOT, keyOf, startServer, type TestServer } from "./support";

type Trip = "read" | "commit" | "remove";
type Intercept = (trip: Trip, run: () => Promise<unknown>, ref?: DocumentReference) => Promise<unknown>;

let intercept: Intercept = (_, run) => run();

/** Every round trip that the process may be cut off before or after. */
function wrapFirestore(firestore: Firestore): Firestore {
  const getAll = firestore.getAll.bind(firestore);
  const batch = firestore.batch.bind(firestore);
  const recursiveDelete = firestore.recursiveDelete.bind(firestore);
  firestore.getAll = ((...refs: never[]) => intercept("read", () => getAll(...refs))) as never;
  firestore.batch = () => {
    const made = batch();
    const commit = made.commit.bind(made);
    made.commit = (() => intercept("commit", commit)) as never;
    return made;
  };
  firestore.recursiveDelete = ((ref: DocumentReference) =>
    intercept("remove", () => recursiveDelete(ref), ref)) as never;
  return firestore;
}

let server: TestServer;
let serial = 0;
beforeAll(async () => {
  server = await startServer({ wrapFirestore });
});
afterAll(() => server.close());
afterEach(() => {
  intercept = (_, run) => run();
});

const fresh = (name: string) => keyOf(`${name}-${serial++}`);
const call = async (operation: string, input: Record<string, unknown>, key: string | null) =>
  (await server.rest.call(operation, input, { key })).body;
const documents = async () => {
  const { firestore } = server.services;
  const groups = [
    "keys",
    "users",
    "bots",
    "versions",
    "counters",
    "sessions",
    "turns",
    "usage",
    "tombstones",
  ];
  const found = await Promise.all(groups.map((group) => firestore.collectionGroup(group).get()));
  return found.flatMap(({ docs }) => docs.map(({ ref }) => ref.path));
};

/** Dies at a step, before or after its round trip; what runs on afterwards reaches nothing. */
function dieAt(step: number, after: boolean, counted: Trip[]): () => boolean {
  let seen = 0;
  let dead = false;
  intercept = async (trip, run) => {
    if (dead) throw new Error("the process is gone");
    if (!counted.includes(trip) || ++seen !== step) return run();
    if (after) await run();
    dead = true;
    throw new Error("killed");
  };
  return () => dead;
}
const revive = () => {
  intercept = (_, run) => run();
};

async function settled(name: string) {
  const key = fresh(name);
  const bot = (await call("bots.create", BOT, key)).id as string;
  const sessions: string[] = [];
  for (const message of ["one", "two"]) {
    const session = (await call("sessions.create", { bot }, key)).session.id as string;
    await call("sessions.respond", { session, message }, key);
    sessions.push(session);
  }
  const lab = await call("sessions.create", { bot_config: BOT }, key);
  expect(lab.reply).toBeDefined();
  const uid = (await call("users.get", {}, key)).user.id as string;
  return { key, uid, bot, session: sessions[0] ?? "", lab: lab.session.id as string };
}

describe.each(["users.swap_key", "users.recover"])("%s cut off", (operation) => {
  test.each([1, 2, 3, 4, 5])("at round trip %i, exactly one key opens the account", async (step) => {
    for (const after of [false, true]) {
      const { key, uid, session } = await settled("cut");
      const { recovery_code: code } = await call("users.recovery_code", {}, key);
      const newKey = fresh("cut-new");
      const dead = dieAt(step, after, ["read", "commit"]);
      const input = operation === "users.recover" ? { code, new_key: newKey } : { new_key: newKey };
      const caller = operation === "users.recover" ? null : key;
      const answer = await call(operation, input, caller);
      expect(answer.error?.code ?? "done").toBe(dead() ? "internal" : "done");
      revive();
      const opens = async (by: string) => !(await call("sessions.messages", { session }, by)).error;
      expect([await opens(key), await opens(newKey)].filter(Boolean)).toHaveLength(1);
      if (dead()) {
        const again = await call(operation, input, caller);
        const used = operation === "users.recover" && (await opens(newKey)) && again.error;
        if (used) expect(again.error.code).toBe("invalid_recovery_code");
        else expect(again.user?.id ?? again.error).toBe(uid);
      }
      expect([await opens(key), await opens(newKey)]).toEqual([false, true]);
    }
  });
});

test.each(["users.swap_key", "users.recover"])("a swap that %s overtakes moves nothing", async (faster) => {
  const { key, uid, session } = await settled("slow");
  const { recovery_code: code } = await call("users.recovery_code", {}, key);
  const [slow, fast] = [fresh("slow-key"), fresh("fast-key")];
  const recovers = faster === "users.recover";
  let commits = 0;
  intercept = async (trip, run) => {
    if (trip !== "commit" || ++commits !== 1) return run();
    await call(faster, { ...(recovers ? { code } : {}), new_key: fast }, recovers ? null : key);
    return run();
  };
  expect((await call("users.swap_key", { new_key: slow }, key)).error.code).toBe("invalid_key");
  revive();
  expect((await call("users.get", {}, fast)).user.id).toBe(uid);
  expect((await call("sessions.get", { session }, slow)).error.code).toBe("session_not_found");
});

test("a batch that the database client sends twice moves the account once", async () => {
  const { key, uid } = await settled("twice");
  intercept = async (trip, run) => {
    if (trip !== "commit") return run();
    await run();
    throw Object.assign(new Error("ALREADY_EXISTS"), { code: 6 });
  };
  const newKey = fresh("twice-new");
  expect((await call("users.swap_key", { new_key: newKey }, key)).user.id).toBe(uid);
  const { recovery_code: code } = await call("users.recovery_code", {}, newKey);
  revive();
  expect((await call("users.recover", { code, new_key: fresh("twice-last") }, null)).user.id).toBe(uid);
});

test("a deletion leaves nothing, and the key starts afresh", async () => {
  const before = await documents();
  const { key, uid, session } = await settled("gone");
  const code = (await call("users.recovery_code", {}, key)).recovery_code;
  expect(await call("users.delete", {}, key)).toEqual({ id: uid, object: "user", deleted: true });
  expect(await documents()).toEqual(before);
  const back = await call("users.sign_in", {}, key);
  expect(back).toMatchObject({ is_new: true, user: { sessions_started: 0 } });
  expect(back.user.id).not.toBe(uid);
  expect((await call("sessions.get", { session }, key)).error.code).toBe("session_not_found");
  expect((await call("users.recover", { code, new_key: fresh("no") }, null)).error.code).toBe(
    "invalid_recovery_code",
  );
});

test.each([false, true])(
  "a deletion cut off at any step is finished later (after the trip: %s)",
  async (after) => {
    const before = await documents();
    for (let step = 1, died = true; died; step++) {
      const { key, uid, session } = await settled("cut-delete");
      const dead = dieAt(step, after, ["commit", "remove"]);
      await call("users.delete", {}, key);
      died = dead();
      expect(died || step > 4).toBe(true);
      revive();
      if (step > 1 || after) {
        expect((await call("sessions.get", { session }, key)).error.code).toBe("session_not_found");
        await call("users.delete", {}, key);
      } else {
        expect((await call("users.delete", {}, key)).id).toBe(uid);
      }
      expect(await documents()).toEqual(before);
    }
  },
);

test("a removal that died in the middle of its documents is finished when a server starts", async () => {
  const before = await documents();
  const { key } = await settled("half");
  intercept = async (trip, run, ref) => {
    if (trip !== "remove") return run();
    const turns = await server.services.firestore.collectionGroup("turns").get();
    const mine = turns.docs.filter((doc) => doc.ref.path.startsWith(`${ref?.path}/`));
    await Promise.all(mine.slice(1).map((doc) => doc.ref.delete()));
    throw new Error("killed");
  };
  await call("users.delete", {}, key);
  revive();
  expect((await documents()).length).toBeGreaterThan(before.length);
  await finishDeletions(server.services);
  expect(await documents()).toEqual(before);
});

test.each([
  ["a session that begins", "sessions.create", ({ bot }: Settled) => ({ bot })],
  ["an assistant that is saved", "bots.create", () => BOT],
  ["a turn that begins", "sessions.respond", ({ session }: Settled) => ({ session, message: "late" })],
  ["a turn of the lab", "sessions.respond", ({ lab }: Settled) => ({ session: lab, message: "late" })],
  ["a key that is swapped", "users.swap_key", () => ({ new_key: fresh("late-key") })],
  ["a recovery code", "users.recovery_code", () => ({})],
])("%s while the account is deleted brings nothing back", async (_, operation, input) => {
  const before = await documents();
  const account = await settled("late");
  let commits = 0;
  // The deletion runs to its end between what the other call has read and its first batch.
  intercept = async (trip, run) => {
    if (trip !== "commit" || ++commits !== 1) return run();
    await call("users.delete", {}, account.key);
    return run();
  };
  const late = await call(operation, input(account), account.key);
  revive();
  expect(commits).toBeGreaterThan(1);
  expect(late.error).toBeDefined();
  expect(await documents()).toEqual(before);
});
type Settled = Awaited<ReturnType<typeof settled>>;

test("a reply that comes in after the deletion is stored nowhere", async () => {
  const before = await documents();
  const { key, session } = await settled("late-reply");
  let commits = 0;
  intercept = async (trip, run) => {
    if (trip !== "commit" || ++commits !== 2) return run();
    await call("users.delete", {}, key);
    return run();
  };
  const late = await call("sessions.respond", { session, message: "still there?" }, key);
  expect(late.error.code).toBe("session_not_found");
  expect(await documents()).toEqual(before);
});

test.each([
  ["right after the closing is stored, and goes with the rest", "commit", undefined],
  ["once the removal goes deeper finds no session", "remove", "session_not_found"],
])("a reply that comes in %s", async (_, moment, code) => {
  const before = await documents();
  const { key, session } = await settled("between");
  let resume = () => {};
  let commits = 0;
  const waiting = new Promise<void>((reached) => {
    intercept = async (trip, run) => {
      if (trip !== "commit" || ++commits !== 2) return run();
      reached();
      await new Promise<void>((go) => {
        resume = go;
      });
      return run();
    };
  });
  const reply = call("sessions.respond", { session, message: "now?" }, key);
  await waiting;
  let closed = false;
  intercept = async (trip, run) => {
    const result = trip === "commit" ? await run() : null;
    if (trip === moment && !closed) {
      closed = true;
      resume();
      await reply;
    }
    return result ?? run();
  };
  await call("users.delete", {}, key);
  expect((await reply).error?.code).toBe(code);
  expect(await documents()).toEqual(before);
});
