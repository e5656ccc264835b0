import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { serveCallable } from "../src/doors/callable";
import { createRestHandler } from "../src/doors/rest";
import { BOT, KEY, startServer, type TestServer } from "./support";

let server: TestServer;
let session: string;

beforeAll(async () => {
  server = await startServer({ delayMs: 5 });
});
afterAll(() => server.close());
beforeEach(async () => {
  const bot = (await server.rest.call("bots.create", BOT)).body.id;
  session = (await server.rest.call("sessions.create", { bot })).body.session.id;
});

type Stats = { calls: number; aborted_streams: number; open_streams: number };
const stats = async () => (await (await fetch(new URL("/stats", server.demo.url))).json()) as Stats;
const read = async () =>
  (await server.rest.call("sessions.messages", { session })).body.data as {
    role: string;
    content: string;
    state: string;
  }[];
const settled = async () => {
  let last = (await read()).at(-1);
  for (; last?.state === "pending"; last = (await read()).at(-1)) await wait(20);
  return last;
};

test.each(["rest", "callable"] as const)(
  "%s: a client that goes away aborts the upstream call; what had arrived is kept",
  async (door) => {
    const before = (await stats()).aborted_streams;
    const leaving = new AbortController();
    const input = { session, message: "Wait", model: "demo-stall" };
    const gone = server[door]
      .call("sessions.respond", input, { stream: true, signal: leaving.signal })
      .catch(() => "gone");
    while ((await stats()).open_streams === 0) await wait(5);
    await wait(100);
    leaving.abort();
    expect(await gone).toBe("gone");
    const until = Date.now() + 1_000;
    while ((await stats()).aborted_streams === before && Date.now() < until) await wait(5);
    expect((await stats()).aborted_streams).toBe(before + 1);
    const last = await settled();
    expect(last).toMatchObject({ role: "assistant", state: "interrupted" });
    expect(last?.content.length).toBeGreaterThan(0);
    expect((await server.rest.call("sessions.respond", { session, message: "I am back" })).status).toBe(200);
  },
);

test("a client that resets its connection while a chunk is on its way leaves no rejection behind", async () => {
  const data = { operation: "respond", api_key: KEY, session, message: "Tell me" };
  const rawRequest = { url: "/", headers: {}, socket: { remoteAddress: "127.0.0.1" } };
  const request = { data, rawRequest, acceptsStreaming: true } as never;
  const sendChunk = jest.fn(() => Promise.reject(new Error("write ECONNRESET")));
  const response = { sendChunk, signal: new AbortController().signal };
  await serveCallable("sessions", request, response, server.services);
  expect(sendChunk).toHaveBeenCalled();
  await wait(10); // an unhandled rejection fails the tests of this file
});

test("a client that left during a cold start costs no model call", async () => {
  const rest = createRestHandler(() => server.services);
  const handled = Promise.withResolvers<void>();
  const late = createServer((request: IncomingMessage, response: ServerResponse) => {
    response.once("close", () => rest(request, response).then(handled.resolve, handled.reject));
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => late.once("listening", listening));
  const { calls } = await stats();
  const body = JSON.stringify({ message: "Hello" });
  const socket = connect((late.address() as AddressInfo).port, "127.0.0.1");
  socket.write(
    `POST /v1/sessions/${session}/messages HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await new Promise((connected) => late.once("request", connected));
  socket.destroy();
  late.close();
  await handled.promise;
  expect((await stats()).calls).toBe(calls);
});
