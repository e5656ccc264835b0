import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { openApiDocument } from "../src/doors/openapi";
import { BOT, KEY, startServer, type TestServer } from "./support";

/** A typed client made from the OpenAPI document, as a stranger would make it, is compiled strictly and used. */
const PROGRAM = `
import { botsCreate, defaults, sessionsCreate, sessionsEnd, sessionsGet, sessionsList, sessionsRespond } from "./client.ts";

const [, , baseUrl = "", key = "", bot = ""] = process.argv;
defaults.baseUrl = baseUrl + "/v1";
defaults.headers = { authorization: "Bearer " + key };

const created = await botsCreate(JSON.parse(bot));
if (created.status !== 200) throw new Error(created.data.error.code);
const opening = await sessionsCreate({ bot: created.data.id });
if (opening.status !== 200) throw new Error(opening.data.error.code);
const session: string = opening.data.session.id;
const reply = await sessionsRespond(session, { message: "I put things off." }, { idempotencyKey: "once" });
if (reply.status !== 200) throw new Error(reply.data.error.code);
const cost: number | null = reply.data.usage.cost_usd;
const recap = await sessionsEnd(session, {});
if (recap.status !== 200) throw new Error(recap.data.error.code);
const listed = await sessionsList({ bot: created.data.id, limit: 5 });
if (listed.status !== 200) throw new Error(listed.data.error.code);
const missing = await sessionsGet("ses_nothing");
if (missing.status === 200) throw new Error("a session that is not there was found");
const { status, model } = listed.data.data[0] ?? {};
console.log(JSON.stringify({ cost, status, model, code: missing.data.error.code }));
`;

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  mkdirSync(".artifacts", { recursive: true });
  folder = mkdtempSync(join(".artifacts", "client-")); // inside the project: it imports what is installed here
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.close();
});

test("a client generated from the document compiles strictly and holds a conversation", async () => {
  const at = (name: string) => join(folder, name);
  const bin = (name: string) => resolve("node_modules", ".bin", name);
  writeFileSync(at("openapi.json"), JSON.stringify(openApiDocument()));
  execFileSync(bin("oazapfts"), [at("openapi.json"), at("client.ts")]);
  writeFileSync(at("use.mts"), PROGRAM);
  writeFileSync(at("tsconfig.json"), JSON.stringify({ compilerOptions: COMPILER, files: ["use.mts"] }));
  execFileSync(bin("tsc"), ["-p", folder]);
  const args = [at("use.mts"), server.url, KEY, JSON.stringify(BOT)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toEqual({
    cost: expect.any(Number),
    status: "completed",
    model: "gpt-4.1-mini",
    code: "session_not_found",
  });
}, 60_000);

const COMPILER = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: "es2023",
  module: "nodenext",
  lib: ["es2023", "dom"],
  types: ["node"],
  allowImportingTsExtensions: true,
};
