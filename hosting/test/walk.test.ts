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
const replies = () => page.getByTestId("message-assistant");
const words = () => page.getByTestId("message-user");

async function say(text: string): Promise<void> {
  const before = await replies().count();
  await page.getByRole("textbox", { name: "Your message" }).fill(text);
  await page.keyboard.press("Enter");
  await replies().nth(before).waitFor();
  await page.locator(".messages[aria-busy=false]").waitFor();
}

/** Signs in with this key where the page asks for one. */
async function comeIn(key: string, submit: string): Promise<void> {
  await page.getByRole("checkbox").check();
  await page.getByLabel("Your OpenAI key").fill(key);
  await button(submit).click();
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

test("a key that will not do is told why, and where a better one is", async () => {
  await page.goto(stack.page);
  await button("Come in").click();
  await page.getByText("Please agree to the terms first.").waitFor();
  await comeIn("sk-short", "Come in");
  await page.getByText("That is too short for a key.").waitFor();
  await comeIn("sk-demo-revoked-since-yesterday", "Come in");
  await page.getByText("The provider does not know this key.").waitFor();
  await page.getByRole("link", { name: "See your keys at OpenAI" }).waitFor();
  await lookAt(page, "wrong-key");
  visit.problems.length = 0; // the browser reports the 401 that this is about
});

test("a wrong code is told kindly, with a way on", async () => {
  await page.goto(`${stack.page}/a/nosuchassistant`);
  await page.getByText("No assistant answers to this code").waitFor();
  await page.goto(`${stack.page}/?assistant_id=nosuchassistant`);
  await page.getByText("No assistant answers to this code").waitFor();
  await lookAt(page, "wrong-code");
  visit.problems.length = 0; // the browser reports the 404s that this page is about
});

test("a shared link opened by a friend: card and key form, then on to the chat", async () => {
  await page.goto(`${stack.page}/lounge`);
  await page.getByRole("link", { name: "Talk to Nori" }).first().click();
  await page.waitForURL(/\/a\/\w{20}$/);
  const code = page.url().split("/").at(-1);
  // The original's share link leads to the same place.
  await page.goto(`${stack.page}/?assistant_id=${code}`);
  await page.waitForURL(new RegExp(`/a/${code}$`));
  await page.getByRole("heading", { name: "Nori" }).first().waitFor();
  await lookAt(page, "shared-link");
  await comeIn("sk-demo-my-own-key-0123456789", "Talk to Nori");
  await replies().first().waitFor();
  await page.waitForURL(/\/a\/\w{20}\/ses_\w{40}$/);
  expect(await replies().first().innerText()).toContain("Nori");
});

test("a conversation streams, survives a reload, and ends with a recap", async () => {
  await page.getByRole("textbox", { name: "Your message" }).fill("I feel stuck at work.");
  await page.keyboard.press("Enter");
  const seen = new Set<number>();
  const until = Date.now() + 20_000;
  while (seen.size < 5 && Date.now() < until) {
    if ((await replies().count()) === 2) seen.add((await replies().last().innerText()).length);
  }
  expect(seen.size).toBeGreaterThanOrEqual(5);
  await page.locator(".messages[aria-busy=false]").waitFor();
  expect(await button("Conclude chat").count()).toBe(0);
  await say("My manager changes plans every week.");
  await lookAt(page, "chat");
  await page.reload();
  await replies().nth(2).waitFor();
  expect([await replies().count(), await words().count()]).toEqual([3, 2]);
  expect((await words().last().innerText()).trim()).toContain("My manager changes plans every week.");
  await button("Conclude chat").click();
  await page.getByText("What you take with you").waitFor();
  await button(/^Helpful$/).click();
  await page.getByText("Noted. Thank you.").waitFor();
  await lookAt(page, "recap");
});

test("every reply says what it cost, and the head what all of them cost", async () => {
  expect(await replies().first().innerText()).toMatch(/gpt-4\.1-mini · \d+ in, \d+ out · \$0\.00\d+/);
  expect(await page.getByTestId("total").innerText()).toMatch(/[\d,]+ tokens · \$0\.00\d+/);
});

test("the recap is still there after a reload, and the talk can go on", async () => {
  await page.reload();
  await page.getByText("What you take with you").waitFor();
  expect(await button(/^Helpful$/).getAttribute("aria-pressed")).toBe("true");
  await button("Go on talking").click();
  await say("One more thing.");
  expect(await replies().count()).toBe(4);
});

test("past conversations are offered, with the models to choose from", async () => {
  await page.getByRole("link", { name: "Conversation with Nori" }).click();
  await page.getByText("Where you left off").waitFor();
  await page.getByText(/7 messages · gpt-4\.1-mini · \$/).waitFor();
  await button(/^Model: The assistant's own/).click();
  await page.getByText("$0.15 in, $0.60 out per million tokens · 128K window").waitFor();
  await lookAt(page, "assistant");
  await page.getByText("gpt-4o-mini", { exact: true }).click();
  await button("Talk to Nori").click();
  await replies().first().waitFor();
  await page.getByText(/gpt-4o-mini · \d+ in/).waitFor();
});

test("leaving without a recap leads back to the lounge", async () => {
  await button("More").click();
  await lookAt(page, "options");
  await button("Leave without a recap").click();
  await page.waitForURL(/\/lounge$/);
});

test("once in, there are two doors, and what the key opens is said", async () => {
  await page.getByRole("link", { name: "GPT Lab" }).first().click();
  await page.getByText("Your key opens gpt-4.1-mini, gpt-4.1, gpt-4o-mini and 1 more.").waitFor();
  await page.getByText("2 conversations started so far").waitFor();
  await lookAt(page, "inside");
  expect(await page.getByRole("link", { name: /^The (lounge|lab)/ }).count()).toBe(2);
});

test("signing out forgets the key", async () => {
  await button("Sign out").click();
  await button("Use the demo key").waitFor();
  expect(await page.evaluate("JSON.stringify(sessionStorage)")).not.toContain("sk-demo");
  expect(await page.evaluate("JSON.stringify(localStorage)")).not.toContain("sk-demo");
});

test("nothing failed on the way, and nothing left this machine", () => {
  expect(visit.problems).toEqual([]);
});
