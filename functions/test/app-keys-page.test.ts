import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { startVisit, type Visit } from "../../hosting/test/browser";
import { BOT, startServer, type TestServer } from "./support";

let server: TestServer;
let visit: Visit;
const sites: Server[] = [];

/** An empty page with an origin of its own. */
const openSite = () =>
  new Promise<string>((resolve) => {
    const site = createServer((_, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<title>a page</title>"),
    ).listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(site.address() as AddressInfo).port}`));
    sites.push(site);
  });

beforeAll(async () => {
  server = await startServer();
  visit = await startVisit();
});
afterAll(async () => {
  await visit.browser.close();
  for (const site of sites) site.close();
  await server.close();
});

type Said = { status: number; body: string };

/** Calls the API as a script of the page does; a failure that the browser hides from it is its error. */
const ask = (path: string, headers: Record<string, string>, body?: object): Promise<Said> =>
  visit.page.evaluate(
    async ([url, sent, text]) => {
      const answer = await fetch(url, { headers: sent, ...(text ? { method: "POST", body: text } : {}) });
      return { status: answer.status, body: await answer.text() };
    },
    [`${server.url}/v1${path}`, headers, body && JSON.stringify(body)] as const,
  );

test("a real browser: the key's page talks and streams, another page is told that it may not", async () => {
  const [own, other] = [await openSite(), await openSite()];
  const bot = (await server.rest.call("bots.create", BOT)).body.id;
  const key = { name: "Page", kind: "publishable", bots: [bot], origins: [own], budget_usd: 1 };
  const { body: made } = await server.rest.call("users.create_app_key", key);
  const bearer = { authorization: `Bearer ${made.key}`, "content-type": "application/json" };
  const visitor = { ...bearer, "x-visitor-secret": randomBytes(32).toString("base64url") };

  await visit.page.goto(own);
  const opened = await ask("/sessions", { ...visitor, accept: "text/event-stream" }, { bot });
  expect(opened.status).toBe(200);
  expect(opened.body.match(/^event: delta$/gm)?.length).toBeGreaterThan(3);
  const { session } = JSON.parse(opened.body.split("event: done\ndata: ")[1] ?? "{}");
  const reply = await ask(`/sessions/${session.id}/messages`, visitor, { message: "Hello" });
  expect(JSON.parse(reply.body)).toMatchObject({ reply: expect.any(String), session: { message_count: 3 } });
  const without = await ask(`/sessions/${session.id}`, bearer);
  expect(JSON.parse(without.body).error.param).toBe("X-Visitor-Secret");
  expect(visit.problems.filter((problem) => /CORS/.test(problem))).toEqual([]);

  await visit.page.goto(other);
  const refused = await ask("/sessions", visitor, { bot });
  expect([refused.status, JSON.parse(refused.body).error.code]).toEqual([403, "origin_not_allowed"]);
});
