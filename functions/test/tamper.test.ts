import fc from "fast-check";
import type { DocumentReference } from "firebase-admin/firestore";
import { BOT, startServer, type TestServer } from "./support";

let server: TestServer;
let session: string;
let ref: DocumentReference;
/** The session and its turns as they were after each message. */
const states: Map<string, Record<string, unknown>>[] = [];

beforeAll(async () => {
  server = await startServer();
  const bot = (await server.rest.call("bots.create", BOT)).body.id;
  session = (await server.rest.call("sessions.create", { bot })).body.session.id;
  ref = server.services.sessions.ref(session) as DocumentReference;
  for (const message of ["Tulips", "Roses", "Peonies"]) {
    await server.rest.call("sessions.respond", { session, message });
    states.push(await read());
  }
});
afterAll(() => server.close());

async function read() {
  const { docs } = await ref.collection("turns").get();
  const all = [await ref.get(), ...docs];
  return new Map(all.map((one) => [one.ref.path, one.data() ?? {}]));
}

const now = () => states.at(-1) ?? new Map<string, Record<string, unknown>>();
const restore = () =>
  Promise.all([...now()].map(([path, data]) => server.services.firestore.doc(path).set(data)));
const look = async () => (await server.rest.call("sessions.messages", { session })).body;

/** Every sealed field of the conversation: its document and its name. */
const sealed = () =>
  [...now()].flatMap(([path, data]) =>
    Object.entries(data)
      .filter(([name, value]) => Buffer.isBuffer(value) && ["context", "message", "reply"].includes(name))
      .map(([name]) => ({ path, name })),
  );

type Change = (bytes: Buffer, other: Buffer, at: number) => Buffer;
const CHANGES: Record<string, Change> = {
  "a flipped bit": (bytes, _, at) => {
    const copy = Buffer.from(bytes);
    copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << (at % 8));
    return copy;
  },
  "cut off": (bytes, _, at) => bytes.subarray(0, at % bytes.length),
  "added to": (bytes) => Buffer.concat([bytes, Buffer.of(0)]),
  "another field's": (_, other) => other,
};

test("untouched, everything opens", async () => {
  expect((await look()).data).toHaveLength(7);
});

test("no sealed field can be flipped, cut, added to or put in another's place", async () => {
  const fields = sealed();
  expect(fields.length).toBeGreaterThanOrEqual(8);
  await fc.assert(
    fc
      .asyncProperty(
        fc.constantFrom(...fields),
        fc.constantFrom(...fields),
        fc.constantFrom(...Object.keys(CHANGES)),
        fc.nat(),
        async ({ path, name }, other, what, at) => {
          const bytes = now().get(path)?.[name] as Buffer;
          const foreign = now().get(other.path)?.[other.name] as Buffer;
          const changed = CHANGES[what]?.(bytes, foreign, at) ?? bytes;
          if (changed.equals(bytes)) return;
          await server.services.firestore.doc(path).update({ [name]: changed });
          expect([what, name, (await look()).error?.code]).toEqual([what, name, "session_damaged"]);
        },
      )
      .afterEach(async () => void (await restore())),
    { numRuns: 150 },
  );
});

test("no part can be put back to an earlier state, left out or doubled", async () => {
  const turns = [...now().keys()].filter((path) => path !== ref.path);
  const { firestore } = server.services;
  const attempts: (() => Promise<unknown>)[] = [
    ...states.slice(0, -1).map((earlier) => () => ref.set(earlier.get(ref.path) ?? {})),
    ...states.slice(0, -1).map((earlier) => () => ref.update({ context: earlier.get(ref.path)?.context })),
    ...turns.map((path) => () => firestore.doc(path).delete()),
    ...turns.map((path) => () => firestore.doc(`${path}x`).set(now().get(path) ?? {})),
    ...turns.slice(1).map((path, i) => () => firestore.doc(path).set(now().get(turns[i] ?? "") ?? {})),
  ];
  for (const [i, attempt] of attempts.entries()) {
    await attempt();
    expect([i, (await look()).error?.code]).toEqual([i, "session_damaged"]);
    for (const path of turns) await firestore.doc(`${path}x`).delete();
    await restore();
  }
  expect((await look()).data).toHaveLength(7);
});
