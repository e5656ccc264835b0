import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { axeViolations, scrollWidth, startVisit, type Visit } from "./browser";

/** The API reference in a real browser, under the content security policy of firebase.json. */
const TYPES: Record<string, string> = { html: "text/html", css: "text/css", js: "text/javascript" };

type Specification = { paths: Record<string, Record<string, { operationId: string }>> };
const print = 'JSON.stringify(require("./functions/lib/doors/openapi.js").openApiDocument())';
const specification = JSON.parse(
  execFileSync(process.execPath, ["-p", print], { encoding: "utf8" }),
) as Specification;

let server: Server;
let visit: Visit;
let page: Visit["page"];
let apiAnswers = true;

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function policy(): string {
  const { hosting } = JSON.parse(readFileSync("firebase.json", "utf8"));
  const [{ headers }] = hosting.headers;
  return headers.find(({ key }: { key: string }) => key === "Content-Security-Policy").value;
}

beforeAll(async () => {
  const csp = policy();
  server = createServer((request, response) => {
    if (request.url === "/v1/openapi.json") {
      response.writeHead(apiAnswers ? 200 : 503).end(JSON.stringify(specification));
      return;
    }
    const file = request.url === "/docs" ? "/docs/index.html" : (request.url ?? "");
    const type = TYPES[file.split(".").pop() ?? ""] ?? "image/svg+xml";
    response.writeHead(200, { "content-type": type, "content-security-policy": csp });
    response.end(readFileSync(join("hosting/public", file)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  visit = await startVisit();
  page = visit.page;
}, 300_000);
afterAll(async () => {
  await visit?.browser.close();
  server.closeAllConnections();
  server.close();
});

test("every operation can be browsed, found and linked to; nothing comes from elsewhere", async () => {
  await page.goto(`${address()}/docs`);
  await page.getByRole("heading", { name: "Objects" }).waitFor();
  const ids = Object.values(specification.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  const shown = await page
    .locator("section > article[id]:not([id^=schema-])")
    .evaluateAll((all) => all.map(({ id }) => id));
  expect(shown.sort()).toEqual(ids.sort());
  const dangling = await page.evaluate(
    `[...document.querySelectorAll("a[href^='#']")].filter((a) => !document.getElementById(a.hash.slice(1))).length`,
  );
  expect(dangling).toBe(0);
  await page.getByLabel("Find").fill("logit_bias");
  expect(await page.locator("article[id]:not([id^=schema-]):visible").count()).toBe(1);
  expect(visit.problems).toEqual([]);
});

test.each(["light", "dark"] as const)(
  "it reads well on a phone, in %s and by axe's rules",
  async (scheme) => {
    await page.setViewportSize({ width: 390, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`${address()}/docs`);
    await page.getByRole("heading", { name: "Objects" }).waitFor();
    expect(await scrollWidth(page)).toBeLessThanOrEqual(390);
    expect(await axeViolations(page)).toEqual([]);
  },
);

test("an API that does not answer is said, not hidden", async () => {
  apiAnswers = false;
  await page.goto(`${address()}/docs`);
  await page.getByText("does not answer just now").waitFor();
  apiAnswers = true;
});
