import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts, type LocalStack, startLocal } from "../../local/test/local-stack";
import type { AppKey } from "../src/client/app-keys";
import type { Bot, List, SignedIn } from "../src/client/shapes";
import { lookAt, startVisit, type Visit } from "./browser";
import { createVisitor, type Visitor } from "./visitor";

/** An account's ways in, its data and its end, in a real browser, on the real local stack. */
const folder = mkdtempSync(join(tmpdir(), "gptlab-account-"));
const FIRST_KEY = "sk-demo-account-first-0123456789";
const SECOND_KEY = "sk-demo-account-second-0123456789";
const THIRD_KEY = "sk-demo-account-third-0123456789";
const LAST_KEY = "sk-demo-account-last-0123456789";
const IMPORT_KEY = "sk-demo-account-import-0123456789";
/** More than a page of the export. */
const OPENED = 21;

type Failed = { error?: { code: string } };

let stack: LocalStack;
let visit: Visit;
let visitor: Visitor;
let page: Visit["page"];
let code = "";

beforeAll(async () => {
  stack = await startLocal("demo-account", join(folder, "data"), await freePorts());
  visit = await startVisit();
  page = visit.page;
  visitor = createVisitor(stack.page, page);
}, 600_000);
afterAll(async () => {
  await visit?.browser.close();
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const button = (name: string | RegExp) => page.getByRole("button", { name });
const inSight = (element: Element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
};
const open = (path: string) => page.goto(stack.page + path);

test("an account with something in it", async () => {
  const { data: bots } = await visitor.api<List<Bot>>(FIRST_KEY, "GET", "/bots?filter=showcased");
  code = bots[0]?.id ?? "";
  for (let i = 0; i < OPENED; i++) {
    await visitor.api(FIRST_KEY, "POST", "/sessions", { bot: bots[i % bots.length]?.id });
  }
  const session = await visitor.converse(FIRST_KEY, code);
  await visitor.api(FIRST_KEY, "POST", `/sessions/${session}/end`, {});
  await open("/account");
  await page.getByRole("heading", { name: "Your key opens this page" }).waitFor();
  await lookAt(page, "account-signed-out");
  await visitor.comeIn(FIRST_KEY);
  await page.getByText("22 conversations started, 1 concluded").waitFor();
  await lookAt(page, "account");
}, 120_000);

test("another key: its own errors, then everything moves and the old one opens nothing of it", async () => {
  await visitor.api(SECOND_KEY, "POST", "/sign-in", {});
  await visitor.converse(THIRD_KEY, code);
  const said = await visitor.everythingSaid(FIRST_KEY);
  const change = async (newKey: string) => {
    await page.getByLabel("The new key").fill(newKey);
    await button("Change the key").click();
  };
  await change("short");
  await page.getByText("That is too short for a key").waitFor();
  await change(FIRST_KEY);
  await page.getByText("That key opens this account already").waitFor();
  await change("sk-demo-revoked-0123456789");
  await page.getByText("The provider does not know this key").waitFor();
  await lookAt(page, "account-wrong-key");
  await change(THIRD_KEY);
  await page.getByText("That key has an account of its own here").waitFor();
  visit.problems.length = 0; // the browser reports the refusals that this was about
  await change(SECOND_KEY);
  await page.getByText("From now on the new key opens this account").waitFor();
  await lookAt(page, "account-key-changed");
  expect(await visitor.everythingSaid(SECOND_KEY)).toEqual(said);
  expect(await visitor.sessionsOf(FIRST_KEY)).toEqual([]);
  await open("/usage");
  await page.getByTestId("conversation").first().waitFor();
}, 120_000);

test("a key that the provider refuses still opens its account, and says what it cannot do", async () => {
  await page.route("**/v1/sign-in", (route) =>
    route.fulfill({ status: 401, json: { error: { code: "invalid_key", message: "" } } }),
  );
  await button("Sign out").click();
  await open("/account");
  await visitor.comeIn(SECOND_KEY);
  await page.getByText("It still opens your account").waitFor();
  await lookAt(page, "account-refused-key");
  await page.unroute("**/v1/sign-in");
  visit.problems.length = 0; // the refusal
});

test("a recovery code is shown once, opens the account once, and the old key opens it no more", async () => {
  const said = await visitor.everythingSaid(SECOND_KEY);
  await button("Make a recovery code").click();
  const first = await page.getByTestId("recovery-code").innerText();
  await lookAt(page, "account-recovery-code");
  const download = await visitor.download(() => button("Save as a file").click());
  expect(download.text).toContain(first);
  await button("Make another one").click();
  await page.waitForFunction(
    ([old]) => document.querySelector("[data-testid=recovery-code]")?.textContent !== old,
    [first],
  );
  const second = await page.getByTestId("recovery-code").innerText();
  await page.reload();
  await button("Make a recovery code").waitFor();
  expect(await page.getByTestId("recovery-code").count()).toBe(0);

  await button("Sign out").click();
  await page.getByRole("link", { name: "Lost your key?" }).click();
  await page.getByRole("heading", { name: "Back in with a recovery code" }).waitFor();
  await button("Open my account").click();
  await page.getByText("Type the code first.").waitFor();
  const recover = async (typed: string) => {
    await page.getByLabel("Your recovery code").fill(typed);
    await page.getByLabel("Your new key").fill(LAST_KEY);
    await button("Open my account").click();
  };
  await recover(first);
  await page.getByText("No account answers to this code").waitFor();
  await lookAt(page, "recover-wrong-code");
  visit.problems.length = 0; // the refusal
  await recover(second.toLowerCase().replaceAll("-", " "));
  await page.getByRole("heading", { name: "You are back in" }).waitFor();
  await lookAt(page, "recovered");
  expect(await visitor.everythingSaid(LAST_KEY)).toEqual(said);
  expect(await visitor.sessionsOf(SECOND_KEY)).toEqual([]);
}, 120_000);

test("taken out, deleted, brought in under another key: every word is the same", async () => {
  const BOT = {
    name: "Ferry",
    tag_line: "crosses over",
    description: "Comes along.",
    session_type: "brainstorming",
    initial_prompt: "You are Ferry. Introduce yourself.",
    summary_prompt: "Sum up.",
    model_config: { model: "gpt-4.1-mini" },
  };
  const bot = await visitor.api<Bot>(LAST_KEY, "POST", "/bots", BOT);
  await visitor.converse(LAST_KEY, bot.id);
  await open("/account#export");
  const download = await visitor.download(() => button("Download everything").click());
  await page.getByText("Saved, with").waitFor();
  await lookAt(page, "account-exported");
  const said = await visitor.everythingSaid(LAST_KEY);
  const file = JSON.parse(download.text);
  expect(file.sessions.length).toBeGreaterThan(20);
  const whole = join(folder, "whole.json");
  file.sessions.splice(-1, 1, { ...file.sessions.at(-1), messages: [] });
  writeFileSync(whole, JSON.stringify(file));

  await page.getByLabel("Type delete to confirm").fill("no");
  await button("Delete my account").click();
  await page.getByText("Type the word delete in the field").waitFor();
  await lookAt(page, "account-delete");
  await page.getByLabel("Type delete to confirm").fill("delete");
  await button("Delete my account").click();
  await page.getByRole("heading", { name: "Your account is deleted" }).waitFor();
  await lookAt(page, "account-deleted");
  expect(await page.evaluate("JSON.stringify(sessionStorage)")).not.toContain("sk-demo");
  expect(await visitor.sessionsOf(LAST_KEY)).toEqual([]);

  await open("/account");
  await visitor.comeIn(IMPORT_KEY);
  await page.getByLabel("The file").setInputFiles({
    name: "other.json",
    mimeType: "application/json",
    buffer: Buffer.from('{"object": "list"}'),
  });
  await page.getByText("This is not a file that was downloaded").waitFor();
  await page.getByLabel("The file").setInputFiles(whole);
  await page.getByText(`This file holds ${file.sessions.length} conversations and 1 assistant.`).waitFor();
  await page.getByLabel("Make the assistant again").check();
  await lookAt(page, "account-import");
  await button("Bring them in").click();
  await page.getByText(`${file.sessions.length - 1} conversations brought in.`).waitFor();
  await page.getByText("1 assistant made again.").waitFor();
  await page.getByText("has no messages").waitFor();
  await lookAt(page, "account-imported");
  const brought = await visitor.everythingSaid(IMPORT_KEY);
  expect(brought).toEqual(said.slice(0, -1));
  await button("Bring them in").click();
  await page.getByText("1 assistant made again.").waitFor({ state: "detached" });
  await page.getByText(`${file.sessions.length - 1} conversations brought in.`).waitFor();
  expect((await visitor.api<SignedIn>(IMPORT_KEY, "GET", "/me")).user.bots_created).toBe(1);
}, 120_000);

test("an app key: its bounds are asked for, it is shown once, gets new characters, and is revoked", async () => {
  await open("/account#app-keys");
  await page.getByText("You have none yet.").waitFor();
  await button("Make an app key").click();
  await button("Make the key").click();
  await page.getByText("Give it a name").waitFor();
  await page.getByLabel("Name").fill("My site");
  await page.getByLabel("In a page").check();
  await button("Make the key").click();
  await page.getByText("Choose the assistants. One").waitFor();
  await page.getByLabel("Ferry").check();
  await page.getByLabel("Sites", { exact: true }).fill("https://example.com/somewhere");
  await page.getByLabel("Requests a day").fill("many");
  await button("Make the key").click();
  await page.getByText("Give a whole number").waitFor();
  await lookAt(page, "app-key-form");
  await page.getByLabel("Requests a day").fill("100");
  await page.getByLabel("Last day").fill("2999-12-31");
  await button("Make the key").click();
  const first = await page.getByTestId("app-key").innerText();
  expect(first).toMatch(/^glp_/);
  const { data } = await visitor.api<List<AppKey>>(IMPORT_KEY, "GET", "/app-keys");
  expect(data).toMatchObject([
    { name: "My site", origins: ["https://example.com"], budget_usd: 5, requests_per_day: 100 },
  ]);
  expect(await page.getByTestId("app-key").evaluate(inSight)).toBe(true);
  await lookAt(page, "app-key-shown");

  const row = page.getByTestId("app-key-row");
  await button("Change: My site").click();
  await page.getByLabel("Ferry").waitFor();
  expect(await page.getByLabel("Ferry").isChecked()).toBe(true);
  expect(await page.getByLabel("Last day").inputValue()).toBe("2999-12-31");
  await page.getByLabel("Budget in dollars").fill("0");
  await button("Save the changes").click();
  await page.getByText("Say how many dollars").waitFor();
  await page.getByLabel("Budget in dollars").fill("7.5");
  await page.getByLabel("Requests a day").fill("");
  await lookAt(page, "app-key-change");
  await button("Save the changes").click();
  await page.getByText("It holds from the key's next call on.").waitFor();
  expect((await visitor.api<List<AppKey>>(IMPORT_KEY, "GET", "/app-keys")).data).toMatchObject([
    {
      name: "My site",
      bots: data[0]?.bots,
      origins: ["https://example.com"],
      budget_usd: 7.5,
      requests_per_day: null,
      expires_at: data[0]?.expires_at,
    },
  ]);
  expect(await row.innerText()).toContain("$0.00 of $7.50 spent");

  await row.getByRole("button", { name: /^New characters/ }).click();
  await lookAt(page, "app-key-rotate");
  await button("Give new ones").click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const second = await page.getByTestId("app-key").innerText();
  expect(second).not.toBe(first);
  expect((await visitor.api<Failed>(first, "GET", "/bots")).error?.code).toBe("invalid_key");
  await page.reload();
  await row.waitFor();
  expect(await page.getByTestId("app-key").count()).toBe(0);
  expect(await row.innerText()).toContain("$0.00 of $7.50 spent");
  await row.getByRole("button", { name: /^Revoke/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("The key is revoked.").waitFor();
  await page.getByText("You have none yet.").waitFor();
  expect((await visitor.api<Failed>(second, "GET", "/bots")).error?.code).toBe("invalid_key");
}, 120_000);

test("nothing failed on the way, and nothing left this machine", () => {
  expect(visit.problems).toEqual([]);
});
