import { type ChildProcess, spawn } from "node:child_process";
import { createServer, request as httpRequest, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { guardPlatform } from "../src/doors/platform";

const SECRET = "a-word-nobody-may-log";
const KEY = "sk-demo-platform-0123456789";
const json = { "content-type": "application/json" };
const big = JSON.stringify({ data: {}, message: "x".repeat(256 * 1024) });
const nested = (depth: number) => `${'{"data":'.repeat(depth)}{}${"}".repeat(depth)}`;

type Sent = { headers?: Record<string, string>; body: string | Buffer; chunked?: boolean; path?: string };

/** POSTs raw bytes, with a length or in chunks, and reads the whole answer. */
function post(port: number, { headers = json, body, chunked, path = "/v1/bots" }: Sent) {
  return new Promise<{ status: number; type: string; id: string; text: string }>((resolve, reject) => {
    const length = chunked ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const options = { port, host: "127.0.0.1", method: "POST", path, headers: { ...headers, ...length } };
    const sent = httpRequest(options, (response) => {
      let text = "";
      response.on("data", (part) => {
        text += part;
      });
      response.on("end", () => {
        const type = String(response.headers["content-type"]);
        const id = String(response.headers["x-request-id"]);
        resolve({ status: response.statusCode ?? 0, type, id, text });
      });
    });
    sent.on("error", reject);
    for (let at = 0; at < body.length; at += 50_000) sent.write(body.slice(at, at + 50_000));
    sent.end();
  });
}

type Case = [what: string, sent: Sent, status: number, code: string];

const BOTH: Case[] = [
  [
    "a compressed body",
    { headers: { ...json, "content-encoding": "gzip" }, body: gzipSync(JSON.stringify({ data: {} })) },
    415,
    "unsupported_encoding",
  ],
  [
    "a foreign charset",
    { headers: { "content-type": "application/json; charset=utf-7" }, body: "{}" },
    415,
    "unsupported_encoding",
  ],
  ["a body that is too large", { body: big }, 413, "too_large"],
  ["a chunked body that is too large", { body: big, chunked: true }, 413, "too_large"],
  ["malformed JSON", { body: `{"data": {"message": "${SECRET}"` }, 400, "invalid_request"],
  ["malformed JSON in chunks", { body: `{"message": "${SECRET}`, chunked: true }, 400, "invalid_request"],
  ["JSON that is no object", { body: `"${SECRET}"` }, 400, "invalid_request"],
  ["JSON that is nested too deeply", { body: nested(5_000) }, 400, "invalid_request"],
  [
    "an address that cannot be decoded",
    { body: '{"data":{}}', path: "/v1/%E0%A4%A" },
    400,
    "invalid_request",
  ],
];

const CALLABLE: Case[] = [
  ...BOTH,
  [
    "a call without data",
    { body: JSON.stringify({ api_key: KEY, message: SECRET }) },
    400,
    "invalid_request",
  ],
  ["data that is a text", { body: JSON.stringify({ data: SECRET }) }, 400, "invalid_request"],
  ["a field beside data", { body: JSON.stringify({ data: {}, [SECRET]: 1 }) }, 400, "invalid_request"],
  [
    "a value of a type the SDK would log",
    { body: JSON.stringify({ data: { message: { "@type": "x", value: SECRET } } }) },
    400,
    "invalid_request",
  ],
  ["no body at all", { body: "" }, 400, "invalid_request"],
  [
    "another content type",
    { headers: { "content-type": "text/plain" }, body: JSON.stringify({ data: { message: SECRET } }) },
    400,
    "invalid_request",
  ],
];

/** What a refusal looks like in either shape. */
function expectRefusal(
  answer: Awaited<ReturnType<typeof post>>,
  status: number,
  code: string,
  callable: boolean,
) {
  expect(answer).toMatchObject({ status, type: "application/json" });
  const { error } = JSON.parse(answer.text);
  const details = callable ? error.details : error;
  expect(details).toMatchObject({ code, type: "invalid_request_error", request_id: answer.id });
  expect(answer.id).toMatch(/^req_/);
  if (callable) expect(error).toMatchObject({ status: "INVALID_ARGUMENT", message: details.message });
  expect(answer.text).not.toContain(SECRET);
}

describe.each([
  ["REST", false, BOTH],
  ["callable", true, CALLABLE],
] as const)("the guard before the framework, in this process: %s", (_, callable, cases) => {
  let server: Server;
  let release: () => void;
  const port = () => (server.address() as AddressInfo).port;
  const seen: string[] = [];

  beforeAll(async () => {
    release = guardPlatform(() => callable);
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => {
        seen.push(`${request.method} ${request.headers["content-type"]} ${Buffer.concat(parts)}`);
        response.end("passed");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    release();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    seen.length = 0;
  });

  test.each(cases)("%s is refused in our own words", async (_what, sent, status, code) => {
    expectRefusal(await post(port(), sent), status, code, callable);
    expect(seen).toEqual([]);
  });

  test.each([false, true])("a sound body passes untouched (chunked: %s)", async (chunked) => {
    const body = JSON.stringify({ data: { message: `é ${"漢".repeat(70_000)}` } });
    expect((await post(port(), { body, chunked })).text).toBe("passed");
    expect(seen).toEqual([`POST application/json ${body}`]);
  });

  test("only an import may be larger, up to 8 MiB", async () => {
    const sized = (size: number) => JSON.stringify({ data: { session: "x".repeat(size) } });
    const path = callable ? "/import" : "/v1/me/import?x=1";
    expect((await post(port(), { path, body: sized(1_000_000), chunked: true })).text).toBe("passed");
    const answer = await post(port(), { path, body: sized(8 * 1024 * 1024), chunked: true });
    expectRefusal(answer, 413, "too_large", callable);
  });

  test("a refused body leaves the connection usable, and a GET passes", async () => {
    const socket = connect(port(), "127.0.0.1");
    const refused =
      "POST /v1/bots HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{";
    socket.write(`${refused}GET /v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    let text = "";
    for await (const part of socket) text += part;
    expect(text).toContain("HTTP/1.1 400");
    expect(text).toContain("passed");
    expect(seen).toEqual(["GET undefined "]);
  });
});

test("a form's content type, which curl sends unasked, becomes what the body is", async () => {
  const release = guardPlatform(() => false);
  const server = createServer((request, response) => void response.end(request.headers["content-type"]));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  expect((await post(port, { headers, body: '{"a":"b&c=d"}' })).text).toBe("application/json");
  expectRefusal(await post(port, { headers, body: "a=b" }), 400, "invalid_request", false);
  release();
  server.closeAllConnections();
  server.close();
});

describe.each([
  ["api", false, BOTH],
  ["users", true, CALLABLE],
] as const)("under the real functions framework: %s", (target, callable, cases) => {
  let framework: ChildProcess;
  let port: number;
  let output = "";

  beforeAll(async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    port = (probe.address() as AddressInfo).port;
    await new Promise((resolve) => probe.close(resolve));
    const main = join(dirname(require.resolve("@google-cloud/functions-framework")), "main.js");
    framework = spawn(process.execPath, [main, `--target=${target}`, "--signature-type=http"], {
      cwd: join(__dirname, ".."),
      env: {
        ...process.env,
        FUNCTION_TARGET: target,
        PORT: String(port),
        NODE_ENV: "",
        GCLOUD_PROJECT: "demo-platform",
        SERVER_SECRET: "a test secret of at least 32 characters",
        OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
      },
    });
    await new Promise<void>((resolve, reject) => {
      const read = (part: Buffer) => {
        output += part;
        if (output.includes("URL: http")) resolve();
      };
      framework.stdout?.on("data", read);
      framework.stderr?.on("data", read);
      framework.once("exit", () => reject(new Error(`the framework did not start: ${output}`)));
    });
  });
  afterAll(async () => {
    framework.removeAllListeners("exit");
    const ended = new Promise((resolve) => framework.once("exit", resolve));
    framework.kill();
    await ended;
  });

  test.each(cases)("%s is refused, and nothing is logged", async (_what, sent, status, code) => {
    const before = output;
    expectRefusal(await post(port, sent), status, code, callable);
    expect(output).toBe(before);
  });

  test("a sound call reaches the door, whose answer and log line hold no text", async () => {
    const data = { operation: "sign_in", api_key: "short", message: SECRET };
    const body = JSON.stringify(callable ? { data } : { name: SECRET });
    const headers = { ...json, ...(callable ? {} : { authorization: "Bearer short" }) };
    const answer = await post(port, { headers, body, path: callable ? "/" : "/v1/bots" });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).error.message).toMatch(
      callable ? /^message: is not a known/ : /^tag_line: is required/,
    );
    expect(output).toContain('"code":"invalid_request"');
    expect(output).not.toContain(SECRET);
  });
});
