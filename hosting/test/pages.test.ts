import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts, type LocalStack, startLocal } from "../../local/test/local-stack";
import type { Bot, List } from "../src/client/shapes";
import type { UsageReport } from "../src/client/usage";
import { farthestRight, lookAt, startVisit, type Visit } from "./browser";
import { createVisitor, type Visitor } from "./visitor";

/** What one used, one's conversations, and the pages to read, in a real browser, on the real local stack. */
const folder = mkdtempSync(join(tmpdir(), "gptlab-pages-"));
const KEY = "sk-demo-pages-0123456789abcdef";
const TALKED_TO = 22;

let stack: LocalStack;
let visit: Visit;
let visitor: Visitor;
let page: Visit["page"];
let code = "";

beforeAll(async () => {
  stack = await startLocal("demo-pages-test", join(folder, "data"), await freePorts());
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
const conversations = () => page.getByTestId("conversation");
const open = (path: string) => page.goto(stack.page + path);

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
  await visitor.comeIn(KEY);
  await page.getByText("Nothing used in these days").waitFor();
  await page.getByText("No conversations yet").waitFor();
  await lookAt(page, "usage-empty");
});

test("the figures are the account's own: in total, in the chart, in the table, in the file", async () => {
  const { data: bots } = await visitor.api<List<Bot>>(KEY, "GET", "/bots?filter=showcased");
  code = bots[0]?.id ?? "";
  await visitor.api(KEY, "POST", `/sessions/${await visitor.converse(KEY, code)}/end`, {});
  for (let i = 1; i < TALKED_TO; i++) {
    await visitor.api(KEY, "POST", "/sessions", { bot: bots[i % bots.length]?.id, model: "gpt-4o-mini" });
  }
  const report = await visitor.api<UsageReport>(KEY, "GET", "/me/usage");
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

  const download = await visitor.download(() => button("Download as CSV").click());
  expect(download.name).toBe(`usage_${report.from}_${report.to}.csv`);
  const [head, ...lines] = download.text.trim().split("\r\n");
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
  const { name } = await visitor.api<Bot>(KEY, "GET", `/bots/${code}`);
  await page.getByLabel("With").selectOption({ label: name });
  await page.waitForFunction(
    ([wanted]) =>
      [...document.querySelectorAll("main .row strong")].every((who) => who.textContent === wanted),
    [name],
  );
  const concluded = conversations().last();
  expect(await concluded.innerText()).toContain("Concluded");

  const session = (await visitor.sessionsOf(KEY, `?bot=${code}`)).at(-1)?.id;
  for (const [label, format] of [
    ["CSV, for a spreadsheet", "csv"],
    ["Markdown, to read", "md"],
    ["JSON, for a program", "json"],
  ] as const) {
    await concluded.getByText("Download", { exact: true }).click();
    if (format === "csv") await lookAt(page, "conversations-download");
    const download = await visitor.download(() => concluded.getByText(label).click());
    expect(download.name).toMatch(new RegExp(`^conversation_\\d{8}T\\d{6}Z\\.${format}$`));
    const asked = await fetch(`${stack.page}/v1/sessions/${session}/transcript?format=${format}`, {
      headers: { Authorization: `Bearer ${KEY}` },
    });
    expect(download.text).toBe(Buffer.from(await asked.arrayBuffer()).toString());
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
  expect(await visitor.sessionsOf(KEY, `?bot=${code}`)).toHaveLength(before - 1);
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
  expect(await page.getByRole("main").innerText()).toContain(`export GPTLAB_KEY='${KEY}'`);
  const sample = (step: string) => page.getByTestId(`sample-${step}`).innerText();
  const env = { ...process.env, GPTLAB_KEY: KEY };

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
  expect(JSON.parse(await curl("openai")).choices[0].message.content).toBeTruthy();
  expect(JSON.parse(await curl("appKey")).key).toMatch(/^glk_/);

  await page.getByText("Node", { exact: true }).first().click();
  const node = async (...steps: string[]) => {
    const script = (await Promise.all(steps.map(sample))).join("\n");
    return execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", env });
  };
  const printed = await node("start", "respond", "stream", "appKey");
  expect(printed.trim().split("\n").length).toBeGreaterThanOrEqual(3);
  expect((await node("openai")).trim()).toBeTruthy();
}, 120_000);

test.each(["/usage", "/account", "/account/recover", "/faq", "/terms", "/developers"])(
  "%s: nothing reaches beyond the screen, also with everything opened",
  async (path) => {
    await open(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    for (const width of [360, 820]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await farthestRight(page)).toBeLessThanOrEqual(width);
    }
  },
);

test("nothing failed on the way, and nothing left this machine", () => {
  expect(visit.problems).toEqual([]);
});
