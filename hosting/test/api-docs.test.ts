import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts, type LocalStack, startLocal } from "../../local/test/local-stack";
import { lookAt, startVisit } from "./browser";

/** Every example of docs/api.md is run as it stands, against the real local stack. */
const folder = mkdtempSync(join(tmpdir(), "gptlab-examples-"));

type Example = { heading: string; language: string; code: string };

function readExamples(): Example[] {
  const examples: Example[] = [];
  let heading = "";
  const parts = readFileSync("docs/api.md", "utf8").matchAll(/^#+ (.+)$|^```([^\n]*)\n([\s\S]*?)^```$/gm);
  for (const [, title, language = "", code = ""] of parts) {
    if (title) heading = title;
    else examples.push({ heading, language, code });
  }
  return examples;
}

const RUN: Record<string, string[]> = {
  sh: ["bash", "-euo", "pipefail", "-c"],
  js: [process.execPath, "--input-type=module", "-e"],
  py: ["python3", "-c"],
};

/** What an example must say, where an answer alone does not prove that it did its work. */
const SAYS: Record<string, RegExp> = {
  "sh: REST": /"reply":"[\s\S]*"status":"completed"[\s\S]*# Conversation with/,
  "sh: Sent twice, done once": /^(ses_\w+)\n\1\n$/,
  "sh: What goes wrong": /"code":"bot_not_found"/,
  "sh: Streaming": /event: delta\n[\s\S]*event: done\n/,
  "js: Streaming": / ses_\w+\n$/,
  "sh: OpenAI's SDKs": /"object":"chat.completion"/,
  "sh: App keys": /"reply":[\s\S]*"object":"app_key"[\s\S]*"requests":1/,
  "sh: MCP": /"structuredContent":\{"object":"list"/,
};

const EXAMPLES = readExamples();
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const runnable = EXAMPLES.filter(({ language }) => language in RUN && (language !== "py" || hasPython));

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocal("demo-examples", join(folder, "data"), await freePorts());
}, 300_000);
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test("there are examples in shell, Node and Python", () => {
  const count = (wanted: string) => EXAMPLES.filter(({ language }) => language === wanted).length;
  expect([count("sh") >= 5, count("js") >= 4, count("py") >= 2]).toEqual([true, true, true]);
  for (const name of Object.keys(SAYS)) {
    expect(runnable.map(({ language, heading }) => `${language}: ${heading}`)).toContain(name);
  }
});

test.each(runnable.map((example) => [`${example.language}: ${example.heading}`, example] as const))(
  "%s",
  (name, { language, code }) => {
    const [program = "", ...args] = RUN[language] ?? [];
    const { status, stdout, stderr } = spawnSync(program, [...args, code], {
      encoding: "utf8",
      timeout: 60_000,
      env: {
        ...process.env,
        BASH_ENV: undefined, // somebody's own start-up file has nothing to say here
        GPTLAB: stack.page,
        KEY: "sk-demo-the-examples-0123456789",
        PROJECT: stack.project,
        FUNCTIONS: `127.0.0.1:${stack.ports.functions}`,
      },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(SAYS[name] ?? /\w{3}/);
    if (!SAYS[name]) expect(stdout).not.toContain('"error"');
  },
  90_000,
);

test.each([
  ["GET", "/.well-known/oauth-protected-resource/mcp", {}, "", 404, "not_found"],
  ["GET", "/mcp", {}, "", 405, "method_not_allowed"],
  ["POST", "/mcp", {}, "{}", 401, "missing_key"],
  ["POST", "/mcp", {}, '{"half', 400, "invalid_request"],
  ["POST", "/mcp", {}, `"${"x".repeat(300_000)}"`, 413, "too_large"],
  ["POST", "/mcp", { "content-encoding": "gzip" }, "{}", 415, "unsupported_encoding"],
])("MCP behind Hosting: %s %s %j is told in JSON", async (method, path, headers, body, status, code) => {
  const response = await fetch(stack.page + path, { method, headers, ...(body ? { body } : {}) });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code } });
});

test("the site shows the same examples, to be read on any screen", async () => {
  const { browser, page, problems } = await startVisit();
  try {
    await page.goto(`${stack.page}/docs/examples`);
    const shown = await page.locator("figure code").allTextContents();
    expect(shown).toEqual(EXAMPLES.map(({ code }) => code));
    for (const link of await page
      .locator("a[href^='#']")
      .evaluateAll((all) => all.map((a) => a.getAttribute("href")))) {
      expect(await page.locator(link ?? "").count()).toBe(1);
    }
    await lookAt(page, "docs-examples");
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
  }
}, 60_000);
