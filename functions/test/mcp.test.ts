import { execFileSync } from "node:child_process";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { REGISTRY } from "../src/doors/registry";
import { BOT, KEY, keyOf, startServer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

type Era = "2025-11-25" | "2026-07-28";
const ERAS: Era[] = ["2025-11-25", "2026-07-28"];

/** The official client, as a host application connects it; `2026` asks for the revision without a handshake. */
async function connect(era: Era = "2025-11-25", key = KEY): Promise<Client> {
  const mode = era === "2026-07-28" ? { pin: era } : ("legacy" as const);
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  const headers = { authorization: `Bearer ${key}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { requestInit: { headers } }),
  );
  return client;
}

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as a client would, field by field
type Answer = { isError?: boolean; text: string; data: any; meta: any };

async function use(client: Client, name: string, input: Record<string, unknown> = {}): Promise<Answer> {
  const answer = await client.callTool({ name, arguments: input });
  const [first] = answer.content as { text: string }[];
  return {
    isError: answer.isError ?? false,
    text: first?.text ?? "",
    data: answer.structuredContent,
    meta: answer._meta?.["gptlab/error"],
  };
}

const newBot = async () => (await server.rest.call("bots.create", BOT)).body.id as string;

describe.each(ERAS)("the protocol of %s", (era) => {
  test("a whole conversation: list, start, respond, end, transcript", async () => {
    const client = await connect(era);
    expect(client.getNegotiatedProtocolVersion()).toBe(era);
    expect(client.getInstructions()).toContain("sessions_create");
    const bot = await newBot();

    const mine = await use(client, "bots_list", { filter: "mine", limit: 1 });
    expect(mine.data.data).toMatchObject([{ id: bot, name: "Nori", mine: true }]);
    expect(mine.text).toContain(`Nori, Patient coach: Helps you think. (bot: ${bot})`);
    expect((await use(client, "bots_get", { bot })).data.initial_prompt).toBe(BOT.initial_prompt);

    const opening = await use(client, "sessions_create", { bot });
    const session = opening.data.session.id;
    expect(opening.text).toContain(opening.data.reply);
    expect(opening.text).toContain(session);

    const reply = await use(client, "sessions_respond", { session, message: "I feel stuck with my garden." });
    expect(reply.data.session.message_count).toBe(3);
    expect((await use(client, "sessions_respond", { session })).data.message_id).toBe(reply.data.message_id);

    const recap = await use(client, "sessions_end", { session });
    expect(recap.data.session).toMatchObject({ status: "completed", recap: recap.data.reply });
    const written = await use(client, "sessions_transcript", { session, format: "md" });
    expect(written.text).toContain("I feel stuck with my garden.");
    expect(written.data.content).toBe(written.text);
    const listed = await use(client, "sessions_list", { bot });
    expect(listed.data.data).toMatchObject([{ id: session, status: "completed" }]);
    expect(listed.text).toContain(`(session: ${session})`);
    const left = await use(client, "sessions_end", { session, recap: false });
    expect(left.data.session.status).toBe("completed");
    await client.close();
  });

  test("tools are the registry's, with its own schemas", async () => {
    const client = await connect(era);
    const { tools } = await client.listTools();
    const declared = REGISTRY.filter(({ tool }) => tool).map(({ name }) => name.replace(".", "_"));
    expect(tools.map(({ name }) => name)).toEqual(declared);
    expect(declared).toContain("sessions_respond");
    const respond = tools.find(({ name }) => name === "sessions_respond");
    expect(respond?.inputSchema).toMatchObject({
      type: "object",
      required: ["session"],
      properties: { message: { type: "string", maxLength: 32_000 } },
      additionalProperties: false,
    });
    expect(respond?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: false });
    const reading = tools.filter(({ annotations }) => annotations?.readOnlyHint).map(({ name }) => name);
    expect(reading.sort()).toEqual(["bots_get", "bots_list", "sessions_list", "sessions_transcript"]);
    for (const { title, description, outputSchema } of tools) {
      expect(title).toMatch(/^[A-Z]/);
      expect(description?.length).toBeGreaterThan(60);
      expect(outputSchema?.type).toBe("object");
    }
    await client.close();
  });

  test("what goes wrong is the tool's answer, with our code and message", async () => {
    const client = await connect(era);
    const session = (await use(client, "sessions_create", { bot: await newBot() })).data.session.id;
    const unknown = await use(client, "sessions_respond", { session: "ses_nothing", message: "Hello" });
    expect(unknown).toMatchObject({ isError: true, text: "session_not_found: No such session." });
    const stranger = await connect(era, keyOf("stranger"));
    const theirs = await use(stranger, "sessions_respond", { session, message: "Hello" });
    expect({ ...theirs, meta: { ...theirs.meta, request_id: "" } }).toEqual({
      ...unknown,
      meta: { ...unknown.meta, request_id: "" },
    });
    const wrong = await use(client, "sessions_respond", { session, message: "Hello", tone: "kind" });
    expect(wrong.text).toBe("invalid_request: tone: is not a known field");
    expect(wrong.meta).toMatchObject({ code: "invalid_request", param: "tone" });
    const failing = await use(client, "sessions_respond", { session, message: "Hello", model: "demo-500" });
    expect(failing.meta.code).toMatch(/^upstream_/);
    await expect(client.callTool({ name: "users_delete", arguments: {} })).rejects.toThrow("no such tool");
    await Promise.all([client.close(), stranger.close()]);
  });

  test("a wrong key is told when the client connects", async () => {
    await expect(connect(era, "sk-other-0123456789abcdef")).rejects.toThrow(/invalid_key|HTTP 401/);
  });
});

describe("app keys", () => {
  const makeKey = async (kind: string, more: object = {}) => {
    const bot = await newBot();
    const settings = { name: "Over MCP", kind, bots: [bot], budget_usd: 1, ...more };
    return { bot, key: (await server.rest.call("users.create_app_key", settings)).body.key as string };
  };

  test("a secret one talks to its assistants, and does no more than that", async () => {
    const { bot, key } = await makeKey("secret");
    const client = await connect("2025-11-25", key);
    const { data } = await use(client, "sessions_create", { bot });
    expect(
      (await use(client, "sessions_respond", { session: data.session.id, message: "Hello" })).isError,
    ).toBe(false);
    const other = await use(client, "sessions_create", { bot: await newBot() });
    expect(other.meta.code).toBe("bot_not_found");
    await client.close();
  });

  test("a publishable one needs its visitor's secret, as everywhere", async () => {
    const { bot, key } = await makeKey("publishable", { origins: ["https://shop.example"] });
    const start = (headers: Record<string, string>) =>
      send({
        body: call("sessions_create", { bot }),
        headers: { authorization: `Bearer ${key}`, ...headers },
      });
    const without = (await (await start({})).json()) as { result: { content: { text: string }[] } };
    expect(without.result.content[0]?.text).toMatch(/^invalid_request: X-Visitor-Secret/);
    const secret = "v".repeat(43);
    const opened = (await (await start({ "x-visitor-secret": secret })).json()) as {
      result: { structuredContent: { reply: string } };
    };
    expect(opened.result.structuredContent.reply).toContain("Nori");
  });
});

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};
const call = (name: string, input: object) => ({
  jsonrpc: "2.0",
  id: 2,
  method: "tools/call",
  params: { name, arguments: input },
});

type Sent = { method?: string; path?: string; headers?: Record<string, string>; body?: unknown };

const send = ({ method = "POST", path = "/mcp", headers = {}, body = initialize }: Sent) =>
  fetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${KEY}`,
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      ...headers,
    },
    ...(method === "POST" ? { body: typeof body === "string" ? body : JSON.stringify(body) } : {}),
  });

describe("on the wire", () => {
  test("nothing is kept: an answer is plain JSON without a session id, in the version asked for", async () => {
    const response = await send({});
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("mcp-session-id")).toBeNull();
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    const { result } = (await response.json()) as { result: Record<string, unknown> };
    expect(result).toMatchObject({ protocolVersion: "2025-06-18", serverInfo: { name: "gptlab" } });
  });

  test.each([
    ["no key", undefined, 'Bearer realm="GPT Lab"'],
    ["another scheme", "Basic c2s6", 'Bearer realm="GPT Lab"'],
    [
      "a refused key",
      "Bearer sk-other-0123456789abcdef",
      /^Bearer realm="GPT Lab", error="invalid_token", error_/,
    ],
  ])("%s is a 401 that says how to come in", async (_, authorization, challenge) => {
    for (const body of [initialize, call("bots_list", { filter: "mine" })]) {
      const response = await send({ body, headers: { authorization: authorization ?? "" } });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toEqual(
        typeof challenge === "string" ? challenge : expect.stringMatching(challenge),
      );
      expect(await response.json()).toMatchObject({ error: { type: "authentication_error" } });
    }
  });

  test.each(["GET", "DELETE"])("%s is refused: there is no stream and no session", async (method) => {
    const response = await send({ method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await response.json()).toMatchObject({ error: { code: "method_not_allowed" } });
  });

  test.each([
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-authorization-server",
    "/mcp/sse",
  ])("%s is nothing, in JSON", async (path) => {
    const response = await send({ method: "GET", path });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: "not_found" } });
  });

  test("a page of another origin is refused, one of ours is answered, and may ask beforehand", async () => {
    const foreign = await send({ headers: { origin: "https://evil.example" } });
    expect(foreign.status).toBe(403);
    expect(await foreign.json()).toMatchObject({ error: { code: "origin_not_allowed" } });
    const own = await send({ headers: { origin: "https://allowed.example" } });
    expect(own.status).toBe(200);
    expect(own.headers.get("access-control-allow-origin")).toBe("https://allowed.example");
    const preflight = await fetch(`${server.url}/mcp`, {
      method: "OPTIONS",
      headers: {
        origin: "https://allowed.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,mcp-protocol-version",
      },
    });
    expect(preflight.headers.get("access-control-allow-headers")).toContain("mcp-protocol-version");
  });

  test.each([
    ["malformed JSON", "{", 400],
    ["a text", '"hello"', 400],
    ["no JSON-RPC", { hello: 1 }, 400],
    ["more than 256 KiB", call("sessions_respond", { message: "x".repeat(300_000) }), 413],
    ["a version from the future", call("bots_list", {}), 400, { "mcp-protocol-version": "2999-01-01" }],
  ])("%s is refused", async (_, body, status, headers: Record<string, string> = {}) => {
    const response = await send({ body, headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty("error");
  });

  test("the protocol is loaded with its first request, not with the other routes", () => {
    const script = `
      require("./functions/lib/doors/rest.js");
      console.log(Object.keys(require.cache).filter((path) => path.includes("modelcontextprotocol")).length);`;
    expect(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim()).toBe("0");
  });

  test("a notification is taken without an answer", async () => {
    const response = await send({ body: { jsonrpc: "2.0", method: "notifications/initialized" } });
    expect([response.status, await response.text()]).toEqual([202, ""]);
  });

  /** A request of 2026, which stands for itself. */
  const ask = async (method: string, params: object = {}) => {
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const response = await send({
      headers: { "mcp-protocol-version": "2026-07-28", "mcp-method": method },
      body: { jsonrpc: "2.0", id: 3, method, params: { ...params, _meta } },
    });
    return (await response.json()) as { result?: object; error?: object };
  };

  test("the list of tools may be kept for a while", async () => {
    expect((await ask("tools/list")).result).toMatchObject({ ttlMs: 3_600_000, cacheScope: "public" });
  });

  test("nobody can hold a stream open", async () => {
    expect(await ask("subscriptions/listen", { notifications: {} })).toHaveProperty("error");
  });

  test("a tool's call is logged as its operation, without a word of it", async () => {
    const bot = await newBot();
    await send({ body: call("sessions_create", { bot }) });
    const line = server.logged.map((text) => JSON.parse(text)).at(-1);
    expect(line).toMatchObject({ door: "mcp", operation: "sessions.create", code: "ok" });
    expect(line.outputTokens).toBeGreaterThan(0);
    expect(server.logged.join()).not.toContain(KEY);
  });

  test("who goes away stops the model", async () => {
    const bot = await newBot();
    const gone = new AbortController();
    const before = server.demo.requests.length;
    const asked = fetch(`${server.url}/mcp`, {
      method: "POST",
      signal: gone.signal,
      headers: {
        authorization: `Bearer ${KEY}`,
        accept: "application/json, text/event-stream",
        "content-type": "application/json",
      },
      body: JSON.stringify(call("sessions_create", { bot, model: "demo-stall" })),
    });
    await until(() => server.demo.requests.length > before);
    gone.abort();
    await expect(asked).rejects.toThrow();
    await until(() => server.logged.some((line) => line.includes('"code":"cancelled"')));
  });
});

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setImmediate(resolve));
}
