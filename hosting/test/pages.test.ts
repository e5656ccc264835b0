import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Download } from "playwright-core";
import { freePorts, type LocalStack, startLocal } from "../../local/test/local-stack";
import type { AppKey } from "../src/client/app-keys";
import type { Bot, List, Message, Reply, Session, SignedIn } from "../src/client/shapes";
import type { UsageReport } from "../src/client/usage";
import { lookAt, startVisit, type Visit } from "./browser";

/** The pages about oneself and those to read, in a real browser, on the real local stack. */
const folder = mkdtempSync(join(tmpdir(), "gptlab-pages-"));
const FIRST_KEY = "sk-demo-pages-first-0123456789";
const SECOND_KEY = "sk-demo-pages-second-0123456789";
const THIRD_KEY = "sk-demo-pages-third-0123456789";
const LAST_KEY = "sk-demo-pages-last-0123456789";
const IMPORT_KEY = "sk-demo-pages-import-0123456789";
const TALKED_TO = 22;

type Failed = { error?: { code: string } };
type Exported = Session & { messages: Message[] };
type Exports = List<never> & { sessions: Exported[] };

let stack: LocalStack;
let visit: Visit;
let page: Visit["page"];
let code = "";

beforeAll(async () => {
  stack = await startLocal("demo-pages-test", join(folder, "data"), await freePorts());
  visit = await startVisit();
  page = visit.page;
}, 600_000);
afterAll(async () => {
  await visit?.browser.close();
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const button = (name: string | RegExp) => page.getByRole("button", { name });
const conversations = () => page.getByTestId("conversation");
const open = (path: string) => page.goto(stack.page + path);

async function api<T = unknown>(key: string, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${stack.page}/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return (await response.json()) as T;
}

const sessionsOf = async (key: string, query = "") =>
  (await api<List<Session>>(key, "GET", `/sessions${query}`)).data;

/** A conversation with one exchange, had through the API. */
async function converse(key: string, bot: string): Promise<string> {
  const { session } = await api<Reply>(key, "POST", "/sessions", { bot });
  await api(key, "POST", `/sessions/${session.id}/messages`, { message: "I put things off." });
  return session.id;
}

async function comeIn(key: string): Promise<void> {
  await page.getByRole("checkbox").check();
  await page.getByLabel("Your OpenAI key").fill(key);
  await button("Come in").click();
}

async function textOf(download: Download): Promise<string> {
  return readFileSync(await download.path(), "utf8");
}

async function downloadBy(click: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  return download;
}

/** Everything said under a key, newest first, but for what is new in every account (ids). */
async function everythingSaid(key: string): Promise<unknown[]> {
  const said: unknown[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const asked = cursor ? `&cursor=${cursor}` : "";
    const page: Exports = await api<Exports>(key, "GET", `/me/export?limit=20${asked}`);
    said.push(...page.sessions.map(wordsOf));
    cursor = page.next_cursor;
  }
  return said;
}

const wordsOf = ({ bot, recap, created_at, messages }: Exported) => ({
  with: bot.name,
  recap,
  created_at,
  messages: messages.map(({ role, content, state, created_at: at }) => ({ role, content, state, at })),
});

test("without a key: the form in its place, and the pages to read", async () => {
  await open("/usage");
  await page.getByRole("heading", { name: "Your key opens this page" }).waitFor();
  await lookAt(page, "usage-signed-out");
  await page.getByRole("link", { name: "Terms and privacy" }).click();
  await page.getByRole("heading", { name: "Terms and privacy" }).waitFor();
  await lookAt(page, "terms");
  await page.getByRole("link", { name: "Questions" }).click();
  await page.getByRole("heading", { name: "Questions people ask" }).waitFor();
  await lookAt(page, "faq");
  expect(page.url()).toBe(`${stack.page}/faq`);
});

test("an answer has an address, and words find answers", async () => {
  await open("/faq#recovery");
  const answer = page.locator("#recovery");
  await answer.getByText("A second way in").waitFor();
  expect(await page.locator("details[open]").count()).toBe(1);
  await lookAt(page, "faq-answer");
  await page.getByRole("searchbox").fill("scream 17 owls");
  await page.getByText("Nothing here speaks of that").waitFor();
  await lookAt(page, "faq-nothing");
  await page.getByRole("searchbox").fill("AES-256");
  await page.getByText("1 question", { exact: true }).waitFor();
  await page.getByRole("heading", { name: "How exactly is that done" }).click();
  await page.getByText("It does not cover").waitFor();
});

test("every link inside the texts leads somewhere", async () => {
  for (const path of ["/faq", "/terms", "/developers"]) {
    await open(path);
    await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
    const found = await page.getByRole("main").getByRole("link", { includeHidden: true }).all();
    const hrefs = await Promise.all(found.map((link) => link.getAttribute("href")));
    for (const href of new Set(hrefs.map((one) => new URL(one ?? "", page.url()).href))) {
      const { origin, pathname, hash } = new URL(href);
      if (origin !== stack.page) continue;
      expect([pathname, (await fetch(stack.page + pathname)).status]).toEqual([pathname, 200]);
      if (!hash || !["/faq", "/terms"].includes(pathname)) continue;
      await open(pathname + hash);
      await page.locator(hash).waitFor();
    }
  }
}, 120_000);

test("a new key has used nothing", async () => {
  await open("/usage");
  await comeIn(FIRST_KEY);
  await page.getByText("Nothing used in these days").waitFor();
  await page.getByText("No conversations yet").waitFor();
  await lookAt(page, "usage-empty");
});

test("the figures are the account's own: in total, in the chart, in the table, in the file", async () => {
  const { data: bots } = await api<List<Bot>>(FIRST_KEY, "GET", "/bots?filter=showcased");
  code = bots[0]?.id ?? "";
  await api(FIRST_KEY, "POST", `/sessions/${await converse(FIRST_KEY, code)}/end`, {});
  for (let i = 1; i < TALKED_TO; i++) {
    await api(FIRST_KEY, "POST", "/sessions", { bot: bots[i % bots.length]?.id, model: "gpt-4o-mini" });
  }
  const report = await api<UsageReport>(FIRST_KEY, "GET", "/me/usage");
  const { totals, days } = report;
  const tokens = totals.input_tokens + totals.output_tokens;
  await page.reload();
  const figures = await page.getByTestId("figures").innerText();
  expect(figures).toContain(tokens.toLocaleString("en"));
  expect(figures).toContain(`${totals.messages}`);
  expect(figures).toContain(`$${totals.cost_usd.toPrecision(2)}`.replace(/0+$/, ""));
  await lookAt(page, "usage");

  await page.getByText("Tokens", { exact: true }).click();
  await page.getByLabel("Day shown").focus();
  const spoken = await page.getByLabel("Day shown").getAttribute("aria-valuetext");
  expect(spoken).toContain(`${tokens.toLocaleString("en")} tokens`);
  expect(await page.getByTestId("readout").innerText()).toContain("gpt-4o-mini");
  await page.keyboard.press("ArrowLeft");
  expect(await page.getByLabel("Day shown").getAttribute("aria-valuetext")).toContain("0 tokens");
  await page.keyboard.press("ArrowRight");
  await lookAt(page, "usage-day");

  await page.getByText("The same as a table").click();
  const [day] = days;
  for (const used of day?.models ?? []) {
    const row = page.getByRole("row").filter({ has: page.getByText(used.model, { exact: true }) });
    const cells = await row.getByRole("cell").allInnerTexts();
    expect(cells.slice(1, 3)).toEqual([`${used.messages}`, used.input_tokens.toLocaleString("en")]);
  }
  await lookAt(page, "usage-table");

  const download = await downloadBy(() => button("Download as CSV").click());
  expect(download.suggestedFilename()).toBe(`usage_${report.from}_${report.to}.csv`);
  const [head, ...lines] = (await textOf(download)).trim().split("\r\n");
  expect(head).toBe(
    "date,model,messages,input_tokens,cached_tokens,output_tokens,cost_usd,unpriced_messages",
  );
  expect(lines).toHaveLength(day?.models.length ?? 0);
  const summed = lines.map((line) => line.split(",")).reduce((sum, cells) => sum + Number(cells[6]), 0);
  expect(summed).toBeCloseTo(totals.cost_usd, 9);
}, 120_000);

test("other days: an address of their own, a wrong span is told", async () => {
  await page.getByRole("link", { name: "7 days" }).click();
  await page.waitForURL(/days=7$/);
  await page.getByTestId("figures").waitFor();
  await button("Other days").click();
  await page.getByLabel("From", { exact: true }).fill("2026-03-02");
  await page.getByLabel("To", { exact: true }).fill("2026-03-01");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("The first day comes after the last.").waitFor();
  await lookAt(page, "usage-wrong-days");
  await page.getByLabel("To", { exact: true }).fill("2026-03-31");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.waitForURL(/from=2026-03-02&to=2026-03-31$/);
  await page.getByText("Nothing used in these days").waitFor();
});

test("all conversations: page by page, by assistant, kept as a file, deleted after a question", async () => {
  await open("/usage");
  await conversations().first().waitFor();
  expect(await conversations().count()).toBe(20);
  await button("Show earlier ones").click();
  await conversations()
    .nth(TALKED_TO - 1)
    .waitFor();
  await button("Show earlier ones").waitFor({ state: "detached" });
  const { name } = await api<Bot>(FIRST_KEY, "GET", `/bots/${code}`);
  await page.getByLabel("With").selectOption({ label: name });
  await page.waitForFunction(
    ([wanted]) =>
      [...document.querySelectorAll("main .row strong")].every((who) => who.textContent === wanted),
    [name],
  );
  const concluded = conversations().last();
  expect(await concluded.innerText()).toContain("Concluded");

  const session = (await sessionsOf(FIRST_KEY, `?bot=${code}`)).at(-1)?.id;
  for (const [label, format] of [
    ["CSV, for a spreadsheet", "csv"],
    ["Markdown, to read", "md"],
    ["JSON, for a program", "json"],
  ] as const) {
    await concluded.getByText("Download", { exact: true }).click();
    if (format === "csv") await lookAt(page, "conversations-download");
    const download = await downloadBy(() => concluded.getByText(label).click());
    expect(download.suggestedFilename()).toMatch(new RegExp(`^conversation_\\d{8}T\\d{6}Z\\.${format}$`));
    const asked = await fetch(`${stack.page}/v1/sessions/${session}/transcript?format=${format}`, {
      headers: { Authorization: `Bearer ${FIRST_KEY}` },
    });
    expect(await textOf(download)).toBe(Buffer.from(await asked.arrayBuffer()).toString());
  }

  const before = await conversations().count();
  await conversations()
    .first()
    .getByRole("button", { name: /^Delete/ })
    .click();
  await page.getByRole("dialog").waitFor();
  await lookAt(page, "conversation-delete");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await conversations().count()).toBe(before);
  await conversations()
    .first()
    .getByRole("button", { name: /^Delete/ })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("The conversation is deleted.").waitFor();
  expect(await conversations().count()).toBe(before - 1);
  expect(await sessionsOf(FIRST_KEY, `?bot=${code}`)).toHaveLength(before - 1);
}, 120_000);

test("another key: its own errors, then everything moves and the old one opens nothing of it", async () => {
  await api(SECOND_KEY, "POST", "/sign-in", {});
  await converse(THIRD_KEY, code);
  await page.getByRole("link", { name: "Account", exact: true }).first().click();
  await page.getByText("conversations started").waitFor();
  await lookAt(page, "account");
  const said = await everythingSaid(FIRST_KEY);
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
  expect(await everythingSaid(SECOND_KEY)).toEqual(said);
  expect(await sessionsOf(FIRST_KEY)).toEqual([]);
  await open("/usage");
  await conversations().first().waitFor();
}, 120_000);

test("a key that the provider refuses still opens its account, and says what it cannot do", async () => {
  await page.route("**/v1/sign-in", (route) =>
    route.fulfill({ status: 401, json: { error: { code: "invalid_key", message: "" } } }),
  );
  await button("Sign out").click();
  await open("/account");
  await comeIn(SECOND_KEY);
  await page.getByText("It still opens your account").waitFor();
  await lookAt(page, "account-refused-key");
  await page.unroute("**/v1/sign-in");
  visit.problems.length = 0; // the refusal
});

test("a recovery code is shown once, opens the account once, and the old key opens it no more", async () => {
  const said = await everythingSaid(SECOND_KEY);
  await button("Make a recovery code").click();
  const first = await page.getByTestId("recovery-code").innerText();
  await lookAt(page, "account-recovery-code");
  const download = await downloadBy(() => button("Save as a file").click());
  expect(await textOf(download)).toContain(first);
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
  expect(await everythingSaid(LAST_KEY)).toEqual(said);
  expect(await sessionsOf(SECOND_KEY)).toEqual([]);
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
  const bot = await api<Bot>(LAST_KEY, "POST", "/bots", BOT);
  await converse(LAST_KEY, bot.id);
  await open("/account#export");
  const download = await downloadBy(() => button("Download everything").click());
  await page.getByText("Saved, with").waitFor();
  await lookAt(page, "account-exported");
  const said = await everythingSaid(LAST_KEY);
  const file = JSON.parse(await textOf(download));
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
  expect(await sessionsOf(LAST_KEY)).toEqual([]);

  await open("/account");
  await comeIn(IMPORT_KEY);
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
  const brought = await everythingSaid(IMPORT_KEY);
  expect(brought).toEqual(said.slice(0, -1));
  await button("Bring them in").click();
  await page.getByText("1 assistant made again.").waitFor({ state: "detached" });
  await page.getByText(`${file.sessions.length - 1} conversations brought in.`).waitFor();
  expect((await api<SignedIn>(IMPORT_KEY, "GET", "/me")).user.bots_created).toBe(1);
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
  const { data } = await api<List<AppKey>>(IMPORT_KEY, "GET", "/app-keys");
  expect(data).toMatchObject([
    { name: "My site", origins: ["https://example.com"], budget_usd: 5, requests_per_day: 100 },
  ]);
  await lookAt(page, "app-key-shown");

  const row = page.getByTestId("app-key-row");
  await row.getByRole("button", { name: /^New characters/ }).click();
  await lookAt(page, "app-key-rotate");
  await button("Give new ones").click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const second = await page.getByTestId("app-key").innerText();
  expect(second).not.toBe(first);
  expect((await api<Failed>(first, "GET", "/bots")).error?.code).toBe("invalid_key");
  await page.reload();
  await row.waitFor();
  expect(await page.getByTestId("app-key").count()).toBe(0);
  expect(await row.innerText()).toContain("$0.00 of $5.00 spent");
  await row.getByRole("button", { name: /^Revoke/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("The key is revoked.").waitFor();
  await page.getByText("You have none yet.").waitFor();
  expect((await api<Failed>(second, "GET", "/bots")).error?.code).toBe("invalid_key");
}, 120_000);

test("the developers' examples run as they stand, and the key shows on request only", async () => {
  await open("/developers");
  await page.getByTestId("sample-start").getByText(`${stack.page}/v1`).waitFor();
  await page.waitForFunction(
    ([base]) => !document.querySelector("[data-testid=sample-stream]")?.textContent?.includes(base as string),
    [`${stack.page}/v1`],
  );
  await lookAt(page, "developers");
  expect(await page.getByRole("main").innerText()).not.toContain("sk-demo");
  await button("Show the line that sets it").click();
  expect(await page.getByRole("main").innerText()).toContain("export GPTLAB_KEY='sk-demo-pages-import");
  const sample = (step: string) => page.getByTestId(`sample-${step}`).innerText();
  const env = { ...process.env, GPTLAB_KEY: FIRST_KEY };

  const curl = async (step: string, session = "") => {
    const line = (await sample(step)).replace(/^SESSION=.*$/m, "");
    return execFileSync("bash", ["-c", line.replace("$(uuidgen)", "one-send-1")], {
      encoding: "utf8",
      env: { ...env, SESSION: session },
      stdio: ["ignore", "pipe", "ignore"],
    });
  };
  const started = JSON.parse(await curl("start"));
  expect(started.reply).toBeTruthy();
  expect(JSON.parse(await curl("respond", started.session.id)).usage.cost_usd).toBeGreaterThan(0);
  expect(await curl("stream", started.session.id)).toContain("event: done");
  expect(JSON.parse(await curl("appKey")).key).toMatch(/^glk_/);

  await page.getByText("Node", { exact: true }).first().click();
  const script = join(folder, "sample.mjs");
  writeFileSync(script, (await Promise.all(["start", "respond", "stream", "appKey"].map(sample))).join("\n"));
  const printed = execFileSync(process.execPath, [script], { encoding: "utf8", env });
  expect(printed.trim().split("\n").length).toBeGreaterThanOrEqual(3);
}, 120_000);

test("nothing failed on the way, and nothing left this machine", () => {
  expect(visit.problems).toEqual([]);
});
