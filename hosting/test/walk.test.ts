import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts, type LocalStack, startLocal } from "../../local/test/local-stack";
import { lookAt, startVisit, type Visit } from "./browser";

/** One visitor's way through the real page, in a real browser, on the real local stack. */
const folder = mkdtempSync(join(tmpdir(), "gptlab-walk-"));
const data = join(folder, "data");

let stack: LocalStack;
let visit: Visit;
let page: Visit["page"];

beforeAll(async () => {
  stack = await startLocal("demo-walk", data, await freePorts());
  visit = await startVisit();
  page = visit.page;
}, 600_000);
afterAll(async () => {
  await visit?.browser.close();
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const button = (name: string | RegExp) => page.getByRole("button", { name });
const said = () => page.getByRole("main").getByRole("listitem");

async function say(words: string): Promise<void> {
  const before = await said().count();
  await page.getByRole("textbox", { name: "Your message" }).fill(words);
  await page.keyboard.press("Enter");
  await page.waitForFunction(
    (count) =>
      document.querySelectorAll("main li").length >= count &&
      !document.querySelector("main [aria-busy=true]"),
    before + 2,
  );
  await button("Stop").waitFor({ state: "detached" });
}

test("home and lounge are there without a key", async () => {
  await page.goto(stack.page);
  await button("Use the demo key").waitFor();
  await lookAt(page, "home");
  await page.goto(`${stack.page}/lounge`);
  await page.getByRole("heading", { name: "Talk to Nori" }).waitFor();
  expect(await page.getByRole("article").count()).toBe(4);
  await lookAt(page, "lounge");
});

test("a wrong code is told kindly, with a way on", async () => {
  await page.goto(`${stack.page}/a/nosuchassistant`);
  await page.getByText("No assistant answers to this code").waitFor();
  await lookAt(page, "wrong-code");
  visit.problems.length = 0; // the browser reports the 404 that this page is about
});

test("a shared link opened by a friend: card and key form, then on to the chat", async () => {
  await page.goto(`${stack.page}/lounge`);
  await page.getByRole("link", { name: "Talk to Nori" }).first().click();
  await page.waitForURL(/\/a\/\w{20}$/);
  const shared = page.url();
  await page.goto(shared);
  await page.getByRole("heading", { name: "Nori" }).first().waitFor();
  await lookAt(page, "shared-link");
  await page.getByRole("checkbox").check();
  await page.getByLabel("Your OpenAI key").fill("sk-demo-my-own-key-0123456789");
  await button("Talk to Nori").click();
  await said().first().waitFor();
  await page.waitForURL(/\/a\/\w{20}\/ses_\w{40}$/);
  expect(await said().first().innerText()).toContain("Nori");
});

test("a conversation streams, survives a reload, and ends with a recap", async () => {
  await page.getByRole("textbox", { name: "Your message" }).fill("I feel stuck at work.");
  await page.keyboard.press("Enter");
  const seen = new Set<number>();
  const until = Date.now() + 20_000;
  while (seen.size < 5 && Date.now() < until) {
    const texts = await said().allInnerTexts();
    if (texts.length >= 3) seen.add(texts.at(-1)?.length ?? 0);
  }
  expect(seen.size).toBeGreaterThanOrEqual(5);
  await button("Stop").waitFor({ state: "detached" });
  await say("My manager changes plans every week.");
  await lookAt(page, "chat");
  const before = await said().allInnerTexts();
  await page.reload();
  await page.waitForFunction((count) => document.querySelectorAll("main li").length === count, before.length);
  expect(await said().count()).toBe(5);
  expect((await said().nth(3).innerText()).trim()).toContain("My manager changes plans every week.");
  await button("Conclude chat").click();
  await page.getByText("What you take with you").waitFor();
  await button(/^Helpful$/).click();
  await page.getByText("Noted. Thank you.").waitFor();
  await lookAt(page, "recap");
});

test("past conversations are offered, and signing out forgets the key", async () => {
  const assistant = page.url().replace(/\/ses_\w+$/, "");
  await page.goto(assistant);
  await page.getByText("Where you left off").waitFor();
  await lookAt(page, "assistant");
  await button("Sign out").click();
  await page.getByRole("link", { name: "Sign in" }).or(button("Talk to Nori")).first().waitFor();
  expect(await page.evaluate("JSON.stringify(sessionStorage)")).not.toContain("sk-demo");
  expect(await page.evaluate("JSON.stringify(localStorage)")).not.toContain("sk-demo");
});

test("nothing failed on the way, and nothing left this machine", () => {
  expect(visit.problems).toEqual([]);
});
