import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  assertFails,
  assertSucceeds,
  initializeTestEnvironment,
  type RulesTestEnvironment,
} from "@firebase/rules-unit-testing";
import {
  collection,
  deleteDoc,
  doc,
  type Firestore,
  getDoc,
  getDocs,
  query,
  setDoc,
  setLogLevel,
  updateDoc,
  where,
} from "firebase/firestore";

const OWNER = "owner";
const SHOWN = { active: true, showcased: true };

/** Every path of the database with what lies there. */
const DOCUMENTS: Record<string, object> = {
  "keys/k1": { uid: OWNER },
  "users/owner": { sessions_started: 1 },
  "users/owner/usage/2026-01-01": { messages: 1 },
  "users/owner/meter/now": { spent_nano: 1 },
  "app_keys/a1": { creator: OWNER },
  "users/owner/coverage/b1@1": { runs: [] },
  "users/owner/strikes/b1": { strikes: 1 },
  "users/owner/sessions/s1": { status: "active" },
  "users/owner/sessions/s1/turns/t1": { seq: 0 },
  "bots/shown": { ...SHOWN, creator: OWNER },
  "bots/hidden": { active: true, showcased: false, creator: OWNER },
  "bots/down": { active: false, showcased: true, creator: OWNER },
  "bots/shown/versions/1": { prompts: "sealed" },
  "bots/shown/counters/0": { started: 1 },
  "elsewhere/x": { any: "thing" },
};

/** What is allowed; everything else is refused. */
const ALLOWED = new Set([
  "owner get users/owner",
  "owner get users/owner/usage/2026-01-01",
  "owner list users/owner/usage",
  ...["owner", "other", "anonymous"].flatMap((who) => [`${who} get bots/shown`, `${who} get bots/hidden`]),
]);

let environment: RulesTestEnvironment;
const databases: Record<string, Firestore> = {};

beforeAll(async () => {
  setLogLevel("silent");
  const [host = "", port] = (process.env.FIRESTORE_EMULATOR_HOST ?? "").split(":");
  environment = await initializeTestEnvironment({
    projectId: `demo-${randomUUID().slice(0, 13)}`,
    firestore: { rules: readFileSync("firestore.rules", "utf8"), host, port: Number(port) },
  });
  await environment.withSecurityRulesDisabled(async (context) => {
    const database = context.firestore() as unknown as Firestore;
    for (const [path, data] of Object.entries(DOCUMENTS)) await setDoc(doc(database, path), data);
  });
  databases.owner = environment.authenticatedContext(OWNER).firestore() as unknown as Firestore;
  databases.other = environment.authenticatedContext("other").firestore() as unknown as Firestore;
  databases.anonymous = environment.unauthenticatedContext().firestore() as unknown as Firestore;
});
afterAll(() => environment.cleanup());

const ACTIONS: Record<string, (database: Firestore, path: string) => Promise<unknown>> = {
  get: (database, path) => getDoc(doc(database, path)),
  create: (database, path) => setDoc(doc(database, `${path}-new`), { any: "thing" }),
  update: (database, path) => updateDoc(doc(database, path), { touched: true }),
  delete: (database, path) => deleteDoc(doc(database, path)),
};

const parentOf = (path: string) => path.slice(0, path.lastIndexOf("/"));

const cases = ["owner", "other", "anonymous"].flatMap((who) => [
  ...Object.keys(DOCUMENTS).flatMap((path) => Object.keys(ACTIONS).map((action) => [who, action, path])),
  ...[...new Set(Object.keys(DOCUMENTS).map(parentOf))].map((path) => [who, "list", path]),
]);

test.each(cases)("%s %s %s", async (who = "", action = "", path = "") => {
  const database = databases[who] as Firestore;
  const attempt = action === "list" ? getDocs(collection(database, path)) : ACTIONS[action]?.(database, path);
  await (ALLOWED.has(`${who} ${action} ${path}`) ? assertSucceeds : assertFails)(attempt as Promise<unknown>);
});

test.each(["owner", "other", "anonymous"])(
  "%s lists the showcased active cards, and only with that filter",
  async (who) => {
    const bots = collection(databases[who] as Firestore, "bots");
    const shown = query(bots, where("active", "==", true), where("showcased", "==", true));
    const found = await assertSucceeds(getDocs(shown));
    expect(found.docs.map(({ id }) => id)).toEqual(["shown"]);
    await assertFails(getDocs(query(bots, where("active", "==", true))));
    await assertFails(getDocs(query(bots, where("showcased", "==", true))));
  },
);
