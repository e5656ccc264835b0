import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAgent, DEADLINES, streamChat } from "./stream";

/** A provider that answers with exactly these events. */
let events: string[] = [];
let server: Server;
const agent = createAgent(DEADLINES);

beforeAll(async () => {
  server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(events.map((data) => `data: ${data}\n\n`).join(""));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await agent.close();
  server.close();
});

const ask = (onDelta: (text: string) => void = () => undefined) =>
  streamChat({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    apiKey: "sk-x",
    body: {},
    agent,
    signal: new AbortController().signal,
    onDelta,
  });

const says = (content: string) => JSON.stringify({ choices: [{ delta: { content } }] });
const STOP = JSON.stringify({ choices: [{ delta: {}, finish_reason: "stop" }] });

test.each(["null", "3", "[]", '"text"', "{"])(
  "an event %s is an unreadable answer, not a crash",
  async (event) => {
    events = [event, says("late"), STOP];
    const heard: string[] = [];
    await expect(ask((text) => heard.push(text))).rejects.toMatchObject({ code: "upstream_failed" });
    expect(heard).toEqual([]);
  },
);

test("what a listener throws fails the call, and nothing more is heard", async () => {
  events = [says("a"), says("b"), STOP];
  const heard: string[] = [];
  const deaf = (text: string) => {
    heard.push(text);
    throw new Error("no ears");
  };
  await expect(ask(deaf)).rejects.toMatchObject({ code: "internal" });
  expect(heard).toEqual(["a"]);
});

test("counts that are no natural numbers count as none", async () => {
  const usage = { prompt_tokens: "12", completion_tokens: -1, prompt_tokens_details: { cached_tokens: 0.5 } };
  events = [says("hi"), STOP, JSON.stringify({ choices: [], usage }), "[DONE]"];
  const { text, usage: counted } = await ask();
  expect(text).toBe("hi");
  const none = { inputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 };
  expect(counted).toEqual(none);
});
