import { randomBytes } from "node:crypto";
import type { CollectionReference, DocumentReference } from "firebase-admin/firestore";
import { guardPlatform } from "../src/doors/platform";
import { REGISTRY } from "../src/doors/registry";
import type { Operation } from "../src/operation";
import { fieldsOf, sampleInput, textFieldsOf } from "./sample-input";
import { type Answer, BOT, type Door, startServer, type TestServer } from "./support";

/** More by MARKER_REQUESTS=10000 npx jest --selectProjects=integration --testPathPatterns markers */
const REQUESTS = Number(process.env.MARKER_REQUESTS ?? 500);
const SEED = Number(process.env.MARKER_SEED ?? 7);

const marker = (what: string) => `${what}${randomBytes(8).toString("hex")}`;
const KEY_MARK = marker("kq");
const PROMPT_MARK = marker("pq");
const MESSAGE_MARK = marker("mq");
const MARKS = { key: KEY_MARK, prompt: PROMPT_MARK, message: MESSAGE_MARK };

const KEY = `sk-demo-${KEY_MARK}`;
const STRANGER = "sk-demo-a-stranger-0123456789";
const KEYS = [
  KEY,
  KEY,
  KEY,
  `sk-real-${KEY_MARK}`,
  `sk-demo-revoked-${KEY_MARK}`,
  `${KEY_MARK} x`,
  KEY_MARK,
  STRANGER,
  null,
];
const FAULTS = [
  "demo-500",
  "demo-429-bare",
  "demo-cut",
  "demo-garbage",
  "demo-context",
  "demo-quota",
  "demo-leak",
  "demo-empty",
  "demo-html",
];

/** How a marker would look if something wrote it in another form: base64 at each alignment, hexadecimal, backwards. */
const formsOf = (mark: string): string[] => [
  mark,
  ...[0, 1, 2].map((pad) =>
    Buffer.from("x".repeat(pad) + mark)
      .toString("base64")
      .slice(pad + 1, -4),
  ),
  Buffer.from(mark).toString("hex"),
  [...mark].reverse().join(""),
];
const found = (text: string, marks: string[] = Object.values(MARKS)): string[] =>
  marks.filter((mark) => formsOf(mark).some((form) => text.includes(form)));

/** A small generator with a seed: a failure can be had again. */
let state = SEED;
const random = (below: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;

/** Whether the next request is one to a callable, as a deployed process knows of all of its requests. */
let toCallable = false;
let unguard: () => void;

let server: TestServer;
let own: { bot: string; session: string };
const printed: string[] = [];

beforeAll(async () => {
  for (const name of ["log", "info", "warn", "error", "debug"] as const) {
    jest.spyOn(console, name).mockImplementation((...parts) => void printed.push(parts.join(" ")));
  }
  jest.spyOn(process.stdout, "write").mockImplementation((text) => Boolean(printed.push(String(text))));
  server = await startServer({
    upstream: { retry: { attempts: 1 }, deadlines: { firstByteMs: 300, idleMs: 300 } },
  });
  own = await conversation(KEY);
  unguard = guardPlatform(() => {
    const callable = toCallable;
    toCallable = false; // what the server asks of the model meanwhile is none
    return callable;
  });
});
afterAll(() => {
  unguard();
  jest.restoreAllMocks();
  return server.close();
});

async function conversation(key: string) {
  const bot = (await server.rest.call("bots.create", bot_(), { key })).body.id;
  const { session } = (await server.rest.call("sessions.create", { bot }, { key })).body;
  await server.rest.call("sessions.respond", { session: session.id, message: said() }, { key });
  return { bot, session: session.id as string };
}
const prompt = () =>
  `You are Nori. The word is ${PROMPT_MARK}. Never hurry anybody, ask one question at a time.`;
const said = () => `Tell me more about ${MESSAGE_MARK}, please.`;
const bot_ = () => ({ ...BOT, initial_prompt: prompt(), summary_prompt: `Sum up. ${PROMPT_MARK}` });

/** Marked words for the fields that hold what people write; ids, models and the rest as a careless client sends them. */
const WORDS: Record<string, () => unknown> = {
  initial_prompt: prompt,
  summary_prompt: prompt,
  message: said,
  bot: () => pick([own.bot, own.bot, MESSAGE_MARK, `${own.bot}@1`]),
  session: () => pick([own.session, own.session, MESSAGE_MARK]),
  model: () => pick(["gpt-4.1-mini", "gpt-4.1-mini", pick(FAULTS), MESSAGE_MARK]),
  new_key: () => pick([`sk-real-${KEY_MARK}`, KEY_MARK]),
  code: () => MESSAGE_MARK,
  messages: () => [{ role: "user", content: said() }],
  bot_config: () => ({ ...bot_(), name: undefined }),
  user: () => MESSAGE_MARK,
};
const SPOILED = [null, 7, true, [], {}, "%s\u0000$ne", { deep: { deeper: MESSAGE_MARK } }];

function inputFor(operation: Operation): Record<string, unknown> {
  const input = sampleInput(operation);
  for (const field of fieldsOf(operation)) {
    const words = WORDS[field];
    const isId = field === "session" && textFieldsOf(operation, ["session"]).length === 0;
    if (words && !isId && (field in input || random(2) === 0)) input[field] = words();
  }
  if (operation.name === "sessions.create") delete input[pick(["bot", "bot_config"])];
  const names = Object.keys(input);
  if (random(4) === 0 && names.length > 0) input[pick(names)] = pick(SPOILED);
  if (random(6) === 0) input.surprise = PROMPT_MARK;
  return input;
}

/** A stranger says nothing of it: where a marker comes to them, it is somebody else's. */
const unmarked = (input: object) =>
  JSON.parse(
    Object.values(MARKS).reduce((text, mark) => text.replaceAll(mark, "something"), JSON.stringify(input)),
  );

/** What would end the account, or move it to another key, comes last. */
const ENDING = new Set(["users.delete", "sessions.delete", "bots.delete"]);

const ANY = REGISTRY.filter(({ name }) => !ENDING.has(name));
const TALKING = ANY.filter(({ name }) =>
  /^(sessions\.(create|respond|end)|bots\.(create|update))$/.test(name),
);
const MODULES = /^(users|bots|sessions)\./;

type Seen = { operation: string; door: string; key: string | null; answer: Answer };

async function send(): Promise<Seen | null> {
  const door: Door = pick([server.rest, server.callable]);
  toCallable = door === server.callable;
  const operation = pick(
    random(2) ? TALKING : ANY.filter(({ name }) => door === server.rest || MODULES.test(name)),
  );
  const key = pick(KEYS);
  const options = {
    key,
    stream: random(3) === 0,
    ...(random(8) === 0 ? { idempotencyKey: MESSAGE_MARK } : {}),
  };
  const answer = await door.call(
    operation.name,
    key === STRANGER ? unmarked(inputFor(operation)) : inputFor(operation),
    options,
  );
  return { operation: operation.name, door: door.name, key, answer };
}

/** Bodies as a broken client sends them: no data, no JSON, the key in the wrong place. */
async function sendRaw(): Promise<void> {
  const body = pick([
    { api_key: KEY, message: said() },
    { data: null, api_key: KEY },
    { data: said() },
    { data: { operation: MESSAGE_MARK, api_key: KEY } },
    { data: { operation: "respond", api_key: { nested: KEY } } },
    [KEY, said()],
  ]);
  const path = pick([
    "users",
    "bots",
    "sessions",
    "sessions/respond",
    `v1/${MESSAGE_MARK}`,
    "v1/sign-in",
    "v1/sessions",
  ]);
  toCallable = !path.startsWith("v1");
  const text =
    random(3) === 0 && path.startsWith("v1") ? `{"api_key": "${KEY}", ${said()}` : JSON.stringify(body);
  const response = await fetch(`${server.url}/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(random(2) ? { authorization: `Basic ${KEY}` } : {}) },
    body: text,
  });
  expect([path, found(await response.text())]).toEqual([path, []]);
}

/** Operations that show their creator, or whose conversation it is, what they wrote themselves. */
const allowedIn = ({ answer, key, operation }: Seen): string[] => {
  const mine = key === KEY && answer.status === 200 && !answer.body?.error;
  if (!mine) return [];
  return operation.startsWith("users.export")
    ? [PROMPT_MARK, MESSAGE_MARK]
    : operation.startsWith("bots.")
      ? [PROMPT_MARK]
      : [MESSAGE_MARK];
};

test(
  `after ${REQUESTS} requests of all kinds no key, prompt or message stands where it does not belong`,
  async () => {
    const codes = new Set<string>();
    for (let i = 0; i < REQUESTS; i++) {
      if (random(8) === 0) await sendRaw();
      const seen = await send();
      if (!seen) continue;
      codes.add(seen.answer.body?.error?.code ?? "ok");
      const { operation, door, answer } = seen;
      const shown = found(JSON.stringify([answer.body, answer.deltas, [...answer.headers]]));
      const leaked = shown.filter((mark) => !allowedIn(seen).includes(mark));
      expect([operation, door, answer.body?.error?.code, leaked]).toEqual([
        operation,
        door,
        answer.body?.error?.code,
        [],
      ]);
    }
    expect(codes.size).toBeGreaterThan(10);
    const logs = [...server.logged, ...printed];
    expect(server.logged.length).toBeGreaterThan(REQUESTS / 2);
    expect(logs.filter((line) => found(line).length > 0)).toEqual([]);
    const stored = await dump();
    expect(stored.length).toBeGreaterThan(20);
    expect(stored.filter(({ text }) => found(text).length > 0).map(({ path }) => path)).toEqual([]);
    for (const operation of ENDING) await server.rest.call(operation, own, { key: KEY });
    expect(server.logged.filter((line) => found(line).length > 0)).toEqual([]);
  },
  60_000 + REQUESTS * 100,
);

/** Every document of the database, its bytes as bytes. */
async function dump(): Promise<{ path: string; text: string }[]> {
  const all: { path: string; text: string }[] = [];
  const visit = async (collections: CollectionReference[]): Promise<void> => {
    for (const collection of collections) for (const ref of await collection.listDocuments()) await read(ref);
  };
  const read = async (ref: DocumentReference) => {
    const bytes = (_: string, value: unknown) =>
      Buffer.isBuffer(value)
        ? value.toString("latin1")
        : (value as { type?: string })?.type === "Buffer"
          ? Buffer.from((value as { data: number[] }).data).toString("latin1")
          : value;
    all.push({ path: ref.path, text: ref.path + JSON.stringify((await ref.get()).data() ?? {}, bytes) });
    await visit(await ref.listCollections());
  };
  await visit(await server.services.firestore.listCollections());
  return all;
}

test("the search itself finds what stands there, in every form", () => {
  for (const form of formsOf(KEY_MARK)) expect(found(`x${form}y`)).toEqual([KEY_MARK]);
});
