import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { ACCOUNT_QUERIES } from "../src/account/store";
import { BOT_QUERIES } from "../src/bots/store";
import { openApiDocument } from "../src/doors/openapi";
import { REGISTRY } from "../src/doors/registry";
import { SESSION_QUERIES } from "../src/sessions/store";
import { ACCESS_QUERIES } from "../src/users/access";
import { APP_KEY_QUERIES } from "../src/users/app-key-store";
import { USER_QUERIES } from "../src/users/store";

type Query = { collection: string; where: readonly string[]; orderBy: string };

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));

test("the OpenAPI document is valid and holds every operation", () => {
  const document = openApiDocument() as { paths: Record<string, Record<string, { operationId: string }>> };
  const validate = `
    import { text } from "node:stream/consumers";
    import { Validator } from "@seriousme/openapi-schema-validator";
    const { valid, errors } = await new Validator().validate(JSON.parse(await text(process.stdin)));
    console.log(JSON.stringify({ valid, errors }));`;
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", validate], {
    input: JSON.stringify(document),
  });
  expect(JSON.parse(said.toString())).toEqual({ valid: true });
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map((entry) => entry.operationId),
  );
  expect(ids.sort()).toEqual(REGISTRY.map(({ name }) => name.replace(".", "_")).sort());
});

test("every declared query has its index, and every index its query", () => {
  const { indexes } = readJson("firestore.indexes.json") as {
    indexes: { collectionGroup: string; fields: { fieldPath: string; order: string }[] }[];
  };
  const declared = indexes.map(({ collectionGroup, fields }) =>
    [collectionGroup, ...fields.map(({ fieldPath, order }) => `${fieldPath} ${order}`)].join(),
  );
  const needed = [
    BOT_QUERIES,
    SESSION_QUERIES,
    USER_QUERIES,
    ACCESS_QUERIES,
    APP_KEY_QUERIES,
    ACCOUNT_QUERIES,
  ]
    .flatMap((queries) => Object.values<Query>(queries))
    .filter(({ where, orderBy }) => where.length > 0 && orderBy !== "__name__")
    .map(({ collection, where, orderBy }) =>
      [collection, ...where.map((field) => `${field} ASCENDING`), `${orderBy} DESCENDING`].join(),
    );
  expect(needed.sort()).toEqual(declared.sort());
});

test("discovery finds the four functions well inside 10 seconds", () => {
  const script = `
    const started = performance.now();
    const loaded = require("./functions/lib/index.js");
    const found = Object.entries(loaded).map(([name, { __endpoint: e }]) => ({
      name, region: e.region, memory: e.availableMemoryMb, concurrency: e.concurrency, timeout: e.timeoutSeconds,
      secrets: e.secretEnvironmentVariables.map(({ key }) => key), callable: Boolean(e.callableTrigger),
    }));
    const heavy = Object.keys(require.cache).filter((path) => /node_modules.(hono|openai|undici|@google-cloud.firestore)./.test(path));
    console.log(JSON.stringify({ found, heavy: heavy.length, ms: performance.now() - started }));`;
  const { found, heavy, ms } = JSON.parse(
    execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }),
  );
  const common = {
    region: ["us-central1"],
    memory: 512,
    concurrency: 80,
    timeout: 330,
    secrets: ["SERVER_SECRET"],
  };
  expect(found).toEqual(
    ["api", "users", "bots", "sessions"].map((name) => ({ name, ...common, callable: name !== "api" })),
  );
  expect(heavy).toBe(0);
  expect(ms).toBeLessThan(10_000);
});

test("a callable's preflight answers the project's own and the configured origins, and no other", () => {
  const script = `
    const { createServer } = require("node:http");
    const { users } = require("./functions/lib/index.js");
    const server = createServer((request, response) => users(request, response)).listen(0, "127.0.0.1", async () => {
      const ask = async (origin) => (await fetch("http://127.0.0.1:" + server.address().port, {
        method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" },
      })).headers.get("access-control-allow-origin");
      const origins = ["https://lab.web.app", "https://a.example", "https://evil.example"];
      console.log(JSON.stringify(await Promise.all(origins.map(ask))));
      process.exit();
    });`;
  const env = { ...process.env, GCLOUD_PROJECT: "lab", ALLOWED_ORIGINS: "https://a.example" };
  const said = execFileSync(process.execPath, ["-e", script], { encoding: "utf8", env });
  expect(JSON.parse(said)).toEqual(["https://lab.web.app", "https://a.example", null]);
});

test("what a first deploy trips over stands in the files", () => {
  const { functions, hosting } = readJson("firebase.json");
  const source = [functions].flat()[0];
  expect(source).toMatchObject({ source: "functions", runtime: "nodejs24" });
  expect(source.ignore).toEqual(expect.arrayContaining(["node_modules", ".git", "*.local", "src", "test"]));
  expect(source.predeploy).toContain("build");
  const api = { functionId: "api", region: "us-central1" };
  expect(hosting.rewrites).toEqual(expect.arrayContaining([{ source: "/v1/**", function: api }]));
  expect(hosting.rewrites.map(({ source }: { source: string }) => source)).not.toContain("**");
  for (const lock of ["package-lock.json", "functions/package-lock.json", "hosting/package-lock.json"]) {
    expect(readFileSync(lock, "utf8")).not.toMatch(/"resolved": "http/);
  }
});
