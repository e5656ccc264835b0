import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deleteApp, initializeApp } from "firebase/app";
import { connectFunctionsEmulator, getFunctions, httpsCallable } from "firebase/functions";
import { freePorts, type LocalStack, startLocal } from "./local-stack.ts";

/** A newcomer's first quarter of an hour with `npm start`, by script. */
const folder = mkdtempSync(join(tmpdir(), "gptlab-data-"));
const data = join(folder, "data");
let stack: LocalStack;
let api: string;
let key: string;
let session: string;

beforeAll(async () => {
  stack = await startLocal("demo-newcomer", data, await freePorts());
  api = `${stack.page}/v1`;
}, 300_000);
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

// biome-ignore lint/suspicious/noExplicitAny: answers are read as a client would, field by field
const call = async (path: string, body?: object): Promise<any> => {
  const response = await fetch(`${api}${path}`, {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${key}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return response.json();
};

test("the page answers, and offers the demo key that the launcher printed", async () => {
  const page = await fetch(stack.page);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  key = ((await (await fetch(`${api}/presets`)).json()) as { demo_key: string }).demo_key;
  expect(stack.output()).toContain(key);
});

test("sign-in, four assistants, and a streamed conversation in both ways to the API", async () => {
  expect((await call("/sign-in", {})).is_new).toBe(true);
  const { data: bots } = await call("/bots");
  expect(bots).toHaveLength(4);
  session = (await call("/sessions", { bot: bots[0].id })).session.id;
  const { stream_base } = await call("/presets");
  for (const base of [api, stream_base]) {
    const response = await fetch(`${base}/sessions/${session}/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, accept: "text/event-stream", origin: stack.page },
      body: JSON.stringify({ message: "I would like to write every day." }),
    });
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    if (base !== api) expect(response.headers.get("access-control-allow-origin")).toBe(stack.page);
    const arrivals = new Set<number>();
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      arrivals.add(Math.round(performance.now() / 10));
      text += decoder.decode(chunk, { stream: true });
    }
    expect(text.match(/^event: delta$/gm)?.length).toBeGreaterThanOrEqual(10);
    expect(arrivals.size).toBeGreaterThanOrEqual(5);
    expect(text).toContain("event: done");
  }
});

test("the messages read back, the recap and the rating", async () => {
  expect((await call(`/sessions/${session}/messages`)).data).toHaveLength(5);
  const recap = await call(`/sessions/${session}/end`, {});
  expect(recap.session).toMatchObject({ status: "completed", recap: recap.reply });
  expect(await call(`/sessions/${session}/rating`, { liked: true })).toMatchObject({ liked: true });
});

test("the same through the callable protocol, with the Firebase client SDK", async () => {
  const app = initializeApp({ projectId: stack.project, apiKey: "any" }, "newcomer");
  const functions = getFunctions(app);
  connectFunctionsEmulator(functions, "127.0.0.1", stack.ports.functions ?? 0);
  const get = httpsCallable<object, { status: string }>(functions, "sessions/get");
  expect((await get({ api_key: key, session })).data).toMatchObject({ status: "completed" });
  const list = httpsCallable<object, { data: { id: string }[] }>(functions, "bots");
  const bots = (await list({ operation: "list" })).data.data;
  const create = httpsCallable<object, { session: { id: string } }>(functions, "sessions/create");
  const mine = (await create({ api_key: key, bot: bots[1]?.id })).data.session.id;
  const respond = httpsCallable<object, { reply: string }, { text: string }>(functions, "sessions/respond");
  const { stream, data: whole } = await respond.stream({
    api_key: key,
    session: mine,
    message: "Hello there",
  });
  const deltas: string[] = [];
  for await (const { text } of stream) deltas.push(text);
  expect(deltas.length).toBeGreaterThanOrEqual(10);
  expect(deltas.join("")).toBe((await whole).reply);
  await expect(get({ api_key: key, session: "nonsense" })).rejects.toMatchObject({
    code: "functions/not-found",
    details: { code: "session_not_found" },
  });
  await deleteApp(app);
});

test("stopped with Ctrl-C and started again, all is still there", async () => {
  expect(await stack.stop()).toBe(0);
  stack = await startLocal("demo-newcomer", data, stack.ports);
  api = `${stack.page}/v1`;
  expect((await call("/sign-in", {})).is_new).toBe(false);
  expect((await call("/bots")).data).toHaveLength(4);
  expect((await call(`/sessions/${session}/messages`)).data).toHaveLength(5);
  expect(await call(`/sessions/${session}`)).toMatchObject({ status: "completed", liked: true });
}, 300_000);
