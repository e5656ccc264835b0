import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts, type LocalStack, startLocal } from "../../local/test/local-stack";
import { axeViolations, farthestRight, lookAt, scrollWidth, startVisit, type Visit } from "./browser";

/** An author's way through the lab, in a real browser, on the real local stack. */
const folder = mkdtempSync(join(tmpdir(), "gptlab-lab-"));
const KEY = "sk-demo-an-author-0123456789";

let stack: LocalStack;
let visit: Visit;
let page: Visit["page"];
let juno = "";

beforeAll(async () => {
  stack = await startLocal("demo-author", join(folder, "data"), await freePorts());
  visit = await startVisit();
  page = visit.page;
}, 600_000);
afterAll(async () => {
  await visit?.browser.close();
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const PROMPT =
  "You are Juno, a patient editor. You speak first: introduce yourself in two sentences, then ask what the " +
  "person is writing.\n\n# Style\nPlain words, one question at a time.";

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const link = (name: string | RegExp) => page.getByRole("link", { name, exact: true });
const field = (name: string) => page.getByLabel(name, { exact: true });
const heading = (name: string | RegExp) => page.getByRole("heading", { name });
const stop = (name: string) => page.getByRole("navigation", { name: "Steps" }).getByRole("link", { name });
const replies = () => page.locator("[data-testid=message-assistant][data-state=complete]");
const focusOn = (name: string) => page.locator(`[name=${name}]:focus`).waitFor();
/** What has the focus: its accessible name, or its id. */
const focused = () =>
  page.evaluate<string>(
    "document.activeElement.labels?.[0]?.textContent || document.activeElement.textContent.trim() || document.activeElement.id",
  );

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${stack.page}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}

test("without a key the lab says what it is and asks for one in place", async () => {
  await page.goto(`${stack.page}/lab`);
  await heading("Make an assistant of your own").waitFor();
  await lookAt(page, "lab-guest");
  await page.getByRole("checkbox").check();
  await field("Your OpenAI key").fill(KEY);
  await button("To the desk").click();
  await field("Prompt").waitFor();
});

test("the ways in: the second door, and the empty shelf of one's own", async () => {
  await page.goto(stack.page);
  await page.getByRole("link", { name: /^The lab/ }).click();
  await field("Prompt").waitFor();
  await page.goto(`${stack.page}/lounge?show=mine`);
  await link(/^Make /).click();
  await field("Prompt").waitFor();
});

test("step one: the next step needs a prompt; a personality, or dials of one's own; price and window", async () => {
  await lookAt(page, "lab-1-empty");
  expect(await field("Model").inputValue()).toBe("gpt-4.1-mini");
  await page.getByText("$0.40 in, $1.60 out per million tokens; 1M tokens of context.").waitFor();
  expect(await field("Longest reply, in tokens").inputValue()).toBe("250");
  await button("Try it").click();
  await page.getByText("Write the prompt first.").waitFor();
  await focusOn("initial_prompt");
  await button("Begin with an outline").click();
  expect(await field("Prompt").inputValue()).toContain("# Opening");
  await field("Prompt").fill(PROMPT);
  expect(await page.getByRole("slider").count()).toBe(0);
  await page.getByRole("radio", { name: /Custom/ }).check();
  expect(await page.getByRole("slider").count()).toBe(4);
  await page.getByRole("slider", { name: "Temperature" }).focus();
  await page.keyboard.press("ArrowRight");
  expect(await page.getByRole("slider", { name: "Temperature" }).inputValue()).toBe("0.8");
  await lookAt(page, "lab-1-custom");
  await field("Model").selectOption("o4-mini");
  await page.getByText("This model has no dials.").waitFor();
  expect(await page.getByRole("slider").count()).toBe(0);
  await field("Model").selectOption("gpt-4.1-mini");
});

test("the draft is there again after a reload, and not in storage that outlives the tab", async () => {
  await page.reload();
  await field("Prompt").waitFor();
  expect(await field("Prompt").inputValue()).toBe(PROMPT);
  expect(await page.getByRole("slider", { name: "Temperature" }).inputValue()).toBe("0.8");
  expect(await page.evaluate("localStorage.length")).toBe(0);
});

test("step two: it speaks first, answers, and keeps up with a changed prompt", async () => {
  await link("Try it").click();
  await arrived("How does it feel to talk to it?");
  await lookAt(page, "lab-2-before");
  await button("Start the conversation").click();
  await replies().first().waitFor();
  expect(await replies().first().innerText()).toContain("I am Juno");
  await field("Your message").fill("My first paragraph does not work.");
  await page.keyboard.press("Enter");
  await replies().nth(1).waitFor();
  await page.waitForFunction(() => {
    const box = document.querySelector(".trial-words");
    return box && box.scrollHeight - box.scrollTop - box.clientHeight < 2;
  });
  await field("Prompt").fill(PROMPT.replaceAll("Juno", "Vera"));
  await page.getByText("You have changed it since this conversation began.").waitFor();
  await lookAt(page, "lab-2-changed");
  await button("Try the new version").click();
  await replies().filter({ hasText: "I am Vera" }).waitFor();
  await button("Say again: My first paragraph does not work.").click();
  await replies().nth(1).waitFor();
  expect(await button(/^Say again/).count()).toBe(0);
  await button("Hear the recap").click();
  await page.getByRole("region", { name: "What you take with you" }).waitFor();
  await button("Stop").waitFor();
  await button("Stop").waitFor({ state: "detached" });
  await lookAt(page, "lab-2-recap");
  await field("Prompt").fill(PROMPT);
  await page.keyboard.press("Control+Enter");
  await replies().filter({ hasText: "I am Juno" }).waitFor();
});

test("draft and chat are independent: to the prompt and back, to the lounge and back, over a reload", async () => {
  const said = await replies().first().innerText();
  await link("Back to the prompt").click();
  await field("Longest reply, in tokens").fill("300");
  await link("Lounge").click();
  await heading("The lounge").waitFor();
  await link("Lab").click();
  await stop("Try it").click();
  await replies().first().waitFor();
  expect(await replies().first().innerText()).toBe(said);
  await page.getByText("You have changed it since this conversation began.").waitFor();
  await page.reload();
  await replies().first().waitFor();
  expect(await replies().first().innerText()).toBe(said);
});

test("step three: what is missing is said at its field; the previews are the real components", async () => {
  await link("Give it a name").click();
  await field("Name").waitFor();
  await button("Make the assistant").click();
  await page.getByText("It needs a name.").waitFor();
  await focusOn("name");
  await lookAt(page, "lab-3-missing");
  await field("Name").fill("N".repeat(31));
  await page.getByText("1 character too many.").waitFor();
  await field("Name").fill("Juno");
  await field("Tag line").fill("patient editor");
  await field("Description").fill(
    "Bring a paragraph that does not work yet. Juno makes its weakest sentence shorter.",
  );
  const preview = page.getByRole("complementary", { name: "Preview" });
  expect(await preview.getByTestId("bot-card").innerText()).toContain("patient editor");
  expect(await preview.locator(".chat-head").innerText()).toContain("Juno");
  await lookAt(page, "lab-3-card");
});

test("starting over asks first, and can be thought better of", async () => {
  await button("Start over").click();
  await heading("Start over?").waitFor();
  await page.keyboard.press("Escape");
  await heading("Start over?").waitFor({ state: "hidden" });
  expect(await focused()).toBe("Start over");
  expect(await field("Name").inputValue()).toBe("Juno");
});

test("step four: a link, a code, and a call that works as it is printed", async () => {
  await button("Make the assistant").click();
  await heading("Juno is ready to meet people").waitFor();
  juno = /\/lab\/(\w{20})/.exec(page.url())?.[1] ?? "";
  await page.getByText(`${stack.page}/a/${juno}`, { exact: true }).waitFor();
  await lookAt(page, "lab-4-share");
  const [printed = "", openai = "", tag = ""] = await page.locator("pre").allInnerTexts();
  const [, url = ""] = /curl (\S+)/.exec(printed) ?? [];
  const [, body = ""] = /-d '([^']+)'/s.exec(printed) ?? [];
  const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
  const [, base = "", model] = /base URL\s+(\S+)\s+model\s+(\S+)/.exec(openai) ?? [];
  const asked = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] });
  expect((await fetch(`${base}/chat/completions`, { method: "POST", headers, body: asked })).status).toBe(
    200,
  );
  const [, script = ""] = /src="([^"]+)"/.exec(tag) ?? [];
  expect((await fetch(script)).headers.get("content-type")).toContain("javascript");
  expect(tag).toContain(`data-assistant="${model}"`);
  const answer = await fetch(url, { method: "POST", headers, body });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ reply: expect.stringContaining("Juno") });
  const saved = await call("GET", `/bots/${juno}`);
  expect(saved).toMatchObject({
    name: "Juno",
    version: 1,
    initial_prompt: PROMPT,
    session_type: "brainstorming",
    model_config: { model: "gpt-4.1-mini", max_tokens: 300, temperature: 0.8, top_p: 1 },
  });
  expect(await page.evaluate("JSON.stringify(sessionStorage)")).not.toContain("patient editor");
});

test("an assistant of one's own is edited from its card: a changed prompt is a new version", async () => {
  await link("See it among yours").click();
  await link("Edit Juno").click();
  await field("Prompt").waitFor();
  expect(await field("Prompt").inputValue()).toBe(PROMPT);
  await field("Prompt").fill(PROMPT.replace("patient", "brisk"));
  await page.getByText("Unsaved changes").waitFor();
  await lookAt(page, "lab-5-edit");
  await page.reload();
  await page.getByText("Unsaved changes").waitFor();
  await button("Save as a new version").click();
  await page.getByText(/Version 2 answers from now on/).waitFor();
  expect(await call("GET", `/bots/${juno}`)).toMatchObject({ version: 2 });
  await stop("Card").click();
  await field("Tag line").fill("brisk editor");
  await button("Save the card").click();
  await page.getByText("Saved.", { exact: true }).waitFor();
  expect(await call("GET", `/bots/${juno}`)).toMatchObject({ version: 2, tag_line: "brisk editor" });
});

test("versions: what changed is marked, and an earlier one answers again", async () => {
  await stop("Versions").click();
  const row = (name: string) => page.getByRole("listitem").filter({ hasText: name });
  await row("Version 1").getByText("1 started, 0 ended").waitFor();
  await row("Version 2").getByText("0 started, 0 ended").waitFor();
  await button("Compare version 2 with the one before").click();
  await heading("Compare").waitFor();
  expect(await page.getByRole("deletion").innerText()).toContain("patient");
  expect(await page.getByRole("insertion").innerText()).toContain("brisk");
  await lookAt(page, "lab-6-versions");
  await button("Restore version 1").click();
  await page.getByText("Version 1 answers again.").waitFor();
  await button("Restore version 2").waitFor();
  expect(await call("GET", `/bots/${juno}`)).toMatchObject({ version: 1, initial_prompt: PROMPT });
  await stop("Prompt").click();
  expect(await field("Prompt").inputValue()).toBe(PROMPT);
});

test("the second check says what it costs, and is a setting of a version like the others", async () => {
  const check = page.getByRole("checkbox", { name: /^Check every reply a second time/ });
  expect(await check.isChecked()).toBe(false);
  await page.getByText(/each costs about \$0\.000\d+ more/).waitFor();
  await check.scrollIntoViewIfNeeded();
  await lookAt(page, "lab-1-second-check");
  await check.check();
  await button("Save as a new version").click();
  await page.getByText(/Version 3 answers from now on/).waitFor();
  expect(await call("GET", `/bots/${juno}`)).toMatchObject({
    version: 3,
    model_config: { second_check: true },
  });
  await page.reload();
  await check.waitFor();
  expect(await check.isChecked()).toBe(true);
  expect(await page.getByText("Unsaved changes").count()).toBe(0);
});

test("an export opens again in the lab, as a draft of a new assistant", async () => {
  await stop("Versions").click();
  const [download] = await Promise.all([page.waitForEvent("download"), button("Export").click()]);
  expect(download.suggestedFilename()).toBe("Juno.json");
  const file = await download.path();
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    name: "Juno",
    initial_prompt: PROMPT,
    model_config: { second_check: true },
  });
  await link("Lab").click();
  await page.locator("input[type=file]").setInputFiles({
    name: "other.json",
    mimeType: "application/json",
    buffer: Buffer.from('{"name": "nobody"}'),
  });
  await page.getByText("This file does not hold an exported assistant.").waitFor();
  await page.locator("input[type=file]").setInputFiles(file);
  await button("Begin with an outline").waitFor({ state: "detached" });
  expect(await field("Prompt").inputValue()).toBe(PROMPT);
  await button("Start over").click();
  await button("Throw away and start over").click();
  await button("Begin with an outline").waitFor();
  expect(await field("Prompt").inputValue()).toBe("");
});

test("a duplicate has a code of its own; deleting asks for the name and takes the link away", async () => {
  await page.goto(`${stack.page}/lab/${juno}?step=versions`);
  await button("Duplicate").click();
  await heading("Juno copy is ready to meet people").waitFor();
  const copy = /\/lab\/(\w{20})/.exec(page.url())?.[1] ?? "";
  expect(copy).not.toBe(juno);
  await stop("Versions").click();
  await button("Delete").click();
  await heading("Delete Juno copy?").waitFor();
  await button("Delete for good").click({ force: true });
  expect(await call("GET", `/bots/${copy}`)).toMatchObject({ id: copy });
  await lookAt(page, "lab-7-delete");
  await page.getByLabel(/To be sure/).fill("Juno copy");
  await button("Delete for good").click();
  await heading("The lounge").waitFor();
  await link("Talk to Juno").first().waitFor();
  expect(await page.getByRole("article").count()).toBe(1);
  expect(await call("GET", `/bots/${copy}`)).toMatchObject({ error: { code: "bot_not_found" } });
  await lookAt(page, "lab-8-mine");
});

/** A step is there, and the keyboard begins at its top. */
async function arrived(title: string) {
  await heading(title).waitFor();
  await page.locator("#content:focus").waitFor();
}

/** Presses Tab until what has the focus says this. */
async function tabTo(what: string) {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if ((await focused()) === what) return;
  }
  throw new Error(`The Tab key never came to ${what}.`);
}

test("an assistant is made by the keyboard alone", async () => {
  await page.goto(`${stack.page}/lab`);
  await field("Prompt").waitFor();
  await tabTo("Prompt");
  await page.keyboard.type("You are Kim. You help people name things.");
  await tabTo("Try it");
  await page.keyboard.press("Enter");
  await arrived("How does it feel to talk to it?");
  await tabTo("Start the conversation");
  await page.keyboard.press("Enter");
  await replies().first().waitFor();
  await tabTo("Give it a name");
  await page.keyboard.press("Enter");
  await arrived("What will people see?");
  for (const [label, words] of [
    ["Name", "Kim"],
    ["Tag line", "namer"],
    ["Description", "Names things."],
  ] as const) {
    await tabTo(label);
    await page.keyboard.type(words);
  }
  await tabTo("Make the assistant");
  await page.keyboard.press("Enter");
  await heading("Kim is ready to meet people").waitFor();
});

test("somebody else's assistant looks like none", async () => {
  const { data } = (await call("GET", "/bots")) as { data: { id: string }[] };
  await page.goto(`${stack.page}/lab/${data[0]?.id}`);
  await heading("No assistant answers to this code").waitFor();
  await page.goto(`${stack.page}/lab/nosuchassistant`);
  await heading("No assistant answers to this code").waitFor();
});

test.each([320, 2560])("at %d pixels every step fits and reads", async (width) => {
  await page.setViewportSize({ width, height: 900 });
  for (const step of ["prompt", "test", "card", "share", "versions"]) {
    await page.goto(`${stack.page}/lab/${juno}?step=${step}`);
    await page.getByRole("navigation", { name: "Steps" }).waitFor();
    await page.locator(".step-head h1").waitFor();
    expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
    expect(await farthestRight(page)).toBeLessThanOrEqual(width);
    expect(await axeViolations(page)).toEqual([]);
  }
});

test("signing out forgets the drafts", async () => {
  await page.goto(`${stack.page}/lab`);
  await field("Prompt").fill("You are nobody's business.");
  await button("Sign out").click();
  await heading("Make an assistant of your own").waitFor();
  expect(await page.evaluate("JSON.stringify(sessionStorage)")).not.toContain("business");
});

test("nothing failed on the way, and nothing left this machine", () => {
  // The browser reports the 404 of the code that nobody has.
  expect(visit.problems.filter((problem) => !problem.includes("404"))).toEqual([]);
});
