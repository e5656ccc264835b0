import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { freePorts, type LocalStack, startLocal } from "../../local/test/local-stack";
import { lookAt, startVisit, type Visit } from "./browser";

/** The widget on somebody else's page: another origin, and a policy that forbids all but what the widget needs. */
const folder = mkdtempSync(join(tmpdir(), "gptlab-widget-"));

let stack: LocalStack;
let elsewhere: Server;
let visit: Visit;
let page: Page;
let shop: string;
let assistant: string;
let key: string;

/** What docs/api.md tells a page's owner to allow. */
const policy = () =>
  [
    "default-src 'none'",
    `script-src ${stack.page}`,
    `connect-src ${stack.page} http://127.0.0.1:${stack.ports.functions}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");

const html = () => `<!doctype html><html lang="en"><head><title>A garden shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"></head>
<body><main><h1>A garden shop</h1><p>Seeds, tools and advice.</p><p><button type="button">Buy</button></p></main>
<script src="${stack.page}/widget.js" data-app-key="${key}" data-assistant="${assistant}"></script></body></html>`;

async function call<T>(path: string, body?: object): Promise<T> {
  const response = await fetch(`${stack.page}/v1${path}`, {
    method: body ? "POST" : "GET",
    headers: { authorization: "Bearer sk-demo-the-shop-owner-0123456789" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json() as Promise<T>;
}

/** A shop, whose owner made a publishable key for it. */
async function openShop(): Promise<void> {
  elsewhere = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html", "content-security-policy": policy() }).end(html());
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  shop = `${origin}/shop`;
  const { data } = await call<{ data: { id: string; name: string }[] }>("/bots");
  assistant = data.find(({ name }) => name === "Nori")?.id ?? "";
  const settings = {
    name: "The shop",
    kind: "publishable",
    bots: [assistant],
    origins: [origin],
    budget_usd: 5,
  };
  key = (await call<{ key: string }>("/app-keys", settings)).key;
}

beforeAll(async () => {
  stack = await startLocal("demo-widget", join(folder, "data"), await freePorts());
  await openShop();
  visit = await startVisit();
  page = visit.page;
}, 600_000);
afterAll(async () => {
  await visit?.browser.close();
  elsewhere?.closeAllConnections();
  elsewhere?.close();
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const bubble = () => page.getByRole("button", { name: /^Chat/ });
const dialog = () => page.getByRole("dialog");
const field = () => page.getByRole("textbox", { name: "Your message" });
const said = () => page.getByRole("list", { name: "Conversation" }).locator("> li");
const settled = () => page.getByRole("button", { name: "Send" }).waitFor();

/** The name of what the keyboard is at. */
const focused = () =>
  page.evaluate(
    `document.querySelector("gptlab-chat").shadowRoot.activeElement?.getAttribute("aria-label") ?? null`,
  );

async function say(words: string): Promise<void> {
  const before = await said().count();
  await field().fill(words);
  await page.keyboard.press("Enter");
  await said()
    .nth(before + 1)
    .waitFor();
  await settled();
}

test("the script is small, one file, and leaves nothing behind it in the page's scope", async () => {
  const script = readFileSync("hosting/dist/widget.js");
  expect(gzipSync(script).length).toBeLessThan(15 * 1024);
  await page.goto(`${stack.page}/icon.svg`);
  const names = "JSON.stringify(Object.getOwnPropertyNames(globalThis).sort())";
  const before = await page.evaluate(names);
  await page.goto(shop);
  await bubble().waitFor();
  expect(await page.evaluate(names)).toBe(before);
});

test("nothing is asked of the network and nothing stored before the chat is opened", async () => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(shop, { waitUntil: "networkidle" });
  expect(asked).toEqual(["/shop", "/widget.js"]);
  expect(await page.evaluate("localStorage.length")).toBe(0);
  await lookAt(page, "widget-closed");
});

test("a conversation streams under the strictest policy", async () => {
  await bubble().click();
  await dialog().waitFor();
  await page.getByRole("heading", { name: "Nori" }).waitFor();
  await settled();
  expect(await said().first().innerText()).toContain("Nori");
  await field().fill("I feel stuck at work.");
  await page.keyboard.press("Enter");
  const lengths = new Set<number>();
  const until = Date.now() + 20_000;
  while (lengths.size < 5 && Date.now() < until) {
    const texts = await said().allInnerTexts();
    if (texts.length >= 3) lengths.add(texts.at(-1)?.length ?? 0);
  }
  expect(lengths.size).toBeGreaterThanOrEqual(5);
  await settled();
  await lookAt(page, "widget-chat");
});

test("a reload goes on where the visitor left off", async () => {
  const before = await said().allInnerTexts();
  await page.reload();
  await bubble().click();
  await said()
    .nth(before.length - 1)
    .waitFor();
  expect(await said().allInnerTexts()).toEqual(before);
  const kept = (await page.evaluate("JSON.stringify(localStorage)")) as string;
  expect(kept).toContain(`gptlab-widget:${assistant}`);
  expect(kept).not.toContain(key);
  expect(kept).not.toContain("stuck");
});

test("another visitor has a conversation of their own, and cannot read this one", async () => {
  const mine = JSON.parse((await page.evaluate(`localStorage["gptlab-widget:${assistant}"]`)) as string);
  const other = await visit.browser.newContext();
  const theirs = await other.newPage();
  await theirs.goto(shop);
  await theirs.getByRole("button", { name: /^Chat/ }).click();
  await theirs.getByRole("button", { name: "Send" }).waitFor();
  expect(await theirs.getByRole("list", { name: "Conversation" }).locator("> li").count()).toBe(1);
  const visitor = JSON.parse((await theirs.evaluate(`localStorage["gptlab-widget:${assistant}"]`)) as string);
  expect(visitor.secret).not.toBe(mine.secret);
  const read = (secret: string) =>
    fetch(`${stack.page}/v1/sessions/${mine.session}/messages`, {
      headers: { authorization: `Bearer ${key}`, "x-visitor-secret": secret },
    });
  expect((await read(mine.secret)).status).toBe(200);
  expect((await read(visitor.secret)).status).toBe(404);
  await other.close();
});

test("the keyboard is enough", async () => {
  await page.reload();
  await page.keyboard.press("Tab"); // Buy
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Chat");
  await page.keyboard.press("Enter");
  await said().nth(2).waitFor();
  await settled();
  expect(await focused()).toBe("Your message");
  await page.keyboard.type("My manager changes plans");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("every week.");
  await page.keyboard.press("Enter");
  await said().nth(4).waitFor();
  await settled();
  expect(await said().nth(3).innerText()).toContain("My manager changes plans\nevery week.");
  await page.keyboard.press("Shift+Tab");
  expect(await focused()).toBe("Conversation");
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "hidden" });
  expect(await focused()).toBe("Chat with Nori");
});

test("a screen reader hears the whole reply, and that one is on its way", async () => {
  await bubble().click();
  await settled();
  await page.evaluate(`(() => {
    window.heard = [];
    const status = document.querySelector("gptlab-chat").shadowRoot.querySelector("[role=status]");
    new MutationObserver(() => window.heard.push(status.textContent)).observe(status, { childList: true });
  })()`);
  await say("Thank you.");
  const all = (await page.evaluate("window.heard")) as string[];
  expect(all[0]).toBe("Nori is writing");
  expect(all).toHaveLength(2);
  expect(all[1]).toBe(await said().last().innerText());
});

test("a reply can be stopped in full flow, and the next one comes", async () => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  const before = await said().count();
  await field().fill("Tell me a long story.");
  await page.keyboard.press("Enter");
  await said()
    .nth(before + 1)
    .locator(".words")
    .waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await said().last().getByText("This reply broke off.").waitFor();
  await settled();
  // What was still to be shown of it must not come after all.
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  await said().last().getByText("This reply broke off.").waitFor();
  expect(await focused()).toBe("Your message");
  await say("A short one will do.");
  expect(await page.getByRole("alert").textContent()).toBe("");
});

test("without a connection the message waits, and goes on by itself once the line is back", async () => {
  await page.context().setOffline(true);
  const before = await said().count();
  await field().fill("Are you there?");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("There is no connection").waitFor();
  await lookAt(page, "widget-offline");
  await page.context().setOffline(false);
  await said()
    .nth(before + 1)
    .waitFor();
  await settled();
  expect(await page.getByRole("alert").textContent()).toBe("");
  visit.problems.length = 0; // the browser reports the failed request that this test made
});

test("a new conversation begins with the assistant's words, after a question", async () => {
  const anew = page.getByRole("button", { name: "New conversation" });
  await anew.click();
  await page.getByText("cannot be brought back").waitFor();
  await anew.last().click();
  await said().nth(1).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await settled();
  expect(await said().count()).toBe(1);
});

test("on a phone it fills the screen, and the page behind it cannot be reached", async () => {
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 320, height: 640 });
  await bubble().click();
  const box = await dialog().boundingBox();
  expect(box).toMatchObject({ x: 0, y: 0, width: 320, height: 640 });
  for (let steps = 0; steps < 8; steps++) await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.localName")).not.toBe("button");
  await lookAt(page, "widget-phone");
});

test("a key that opens nothing is told to the visitor kindly, and the page goes on", async () => {
  const right = key;
  key = `glp_${"x".repeat(40)}`;
  await page.setViewportSize({ width: 820, height: 900 });
  await page.goto(shop);
  await page.evaluate("localStorage.clear()");
  await page.reload();
  await bubble().click();
  await page.getByText("Whoever runs this page can mend it").waitFor();
  await lookAt(page, "widget-wrong-key");
  visit.problems.length = 0; // the 401 that this test is about
  key = right;
});

test("the demo page embeds it by the tag it shows", async () => {
  await page.goto(`${stack.page}/widget-demo`);
  await page.getByLabel("Assistant").selectOption(assistant);
  await page.getByRole("button", { name: "Make a demo key" }).click();
  await page.getByRole("button", { name: "Make a demo key" }).waitFor({ state: "hidden" });
  await lookAt(page, "widget-demo");
  await page.getByRole("button", { name: "Show it" }).click();
  await page.waitForURL(/\/widget-demo\/page$/);
  expect(await page.locator("#tag").textContent()).toContain(`data-assistant="${assistant}"`);
  await bubble().click();
  await settled();
  expect(await said().count()).toBe(1);
  await lookAt(page, "widget-demo-page");
});

test("nothing failed on the way, and nothing left this machine", () => {
  expect(visit.problems).toEqual([]);
});
