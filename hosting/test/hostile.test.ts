import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DemoModel, startDemoModel } from "../../local/demo-model/server.ts";
import { freePorts, type LocalStack, startLocal } from "../../local/test/local-stack";
import { startVisit, type Visit } from "./browser";
import { HOSTILE } from "./hostile-replies";

/** Whatever a model says, it stays words: in the real page, in a real browser, under the real policy. */
const folder = mkdtempSync(join(tmpdir(), "gptlab-hostile-"));
const KEY = "sk-demo-hostile-words-0123456789";
const ECHO = "demo-echo";
const EVA = {
  name: "Eva",
  tag_line: "repeats after you",
  description: "Says what she is told to say.",
  session_type: "brainstorming",
  initial_prompt: "You are Eva.",
  summary_prompt: "Sum up.",
  model_config: {
    model: "gpt-4.1-mini",
    max_tokens: 2500,
    temperature: 0,
    top_p: 1,
    frequency_penalty: 0,
    presence_penalty: 0,
  },
};

let demo: DemoModel;
let stack: LocalStack;
let visit: Visit;
let session: string;
let address: string;
const asked = new Set<string>();
const kinds = new Set<string>();

const call = async (method: string, path: string, body?: object) => {
  const response = await fetch(`${stack.page}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return response.json();
};

beforeAll(async () => {
  demo = await startDemoModel({ port: 0, delayMs: 1 });
  stack = await startLocal("demo-hostile", join(folder, "data"), await freePorts(), {
    OPENAI_BASE_URL: demo.url,
  });
  const bot = (await call("POST", "/bots", EVA)).id;
  session = (await call("POST", "/sessions", { bot })).session.id;
  address = `${stack.page}/a/${bot}/${session}`;
  for (const message of HOSTILE) {
    const said = await call("POST", `/sessions/${session}/messages`, { message, model: ECHO });
    if (said.reply !== message)
      throw new Error(`not said: ${message.slice(0, 80)} but ${JSON.stringify(said).slice(0, 300)}`);
  }
  visit = await startVisit();
  await prepare(visit.page);
}, 600_000);
afterAll(async () => {
  await visit?.browser.close();
  await stack?.stop();
  await demo?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** A page that is signed in, and tells of everything that a hostile reply could bring about. */
async function prepare(page: Visit["page"]): Promise<void> {
  page.on("dialog", (dialog) => {
    visit.problems.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("popup", (popup) => visit.problems.push(`popup ${popup.url()}`));
  page.on("request", (request) => {
    asked.add(new URL(request.url()).origin);
    kinds.add(request.resourceType());
  });
  await page.addInitScript(
    ([key, place, model]) => {
      sessionStorage.setItem("gptlab.key", key);
      sessionStorage.setItem(place, model);
      addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy: ${event.effectiveDirective} ${event.blockedURI}`);
      });
    },
    [KEY, `gptlab.model.${session}`, ECHO] as const,
  );
}

type Found = { tags: string[]; attributes: string[]; links: string[][]; hit: unknown; title: string };

/** What stands in the messages: elements, attributes, links with all that makes them safe. */
const look = () =>
  visit.page.evaluate((): Found => {
    const inside = [...document.querySelectorAll(".prose, .prose *, .bubble, .bubble *")];
    const links = inside.filter((each) => each.localName === "a") as HTMLAnchorElement[];
    return {
      tags: [...new Set(inside.map(({ localName }) => localName))].sort(),
      attributes: [...new Set(inside.flatMap((each) => each.getAttributeNames()))].sort(),
      links: links.map(({ href, rel, target, title, textContent }) => [
        href,
        rel,
        target,
        title,
        textContent ?? "",
      ]),
      hit: (window as { hit?: unknown }).hit,
      title: document.title,
    };
  });

const ELEMENTS =
  /^(a|blockquote|br|button|code|del|div|em|h[234]|hr|li|ol|p|path|pre|span|strong|svg|t(able|body|d|h|head|r)|ul)$/;
const ATTRIBUTES =
  /^(aria-(hidden|label|live)|class|d|dir|href|rel|start|tabindex|target|title|type|viewBox)$/;

async function expectOnlyWords(): Promise<void> {
  const { tags, attributes, links, hit, title } = await look();
  expect(tags.filter((tag) => !ELEMENTS.test(tag))).toEqual([]);
  expect(attributes.filter((name) => !ATTRIBUTES.test(name))).toEqual([]);
  expect(links.length).toBeGreaterThan(10);
  for (const [href = "", rel, target, told, text] of links) {
    expect(href).toMatch(/^(https?|mailto):/);
    expect([rel, target, told]).toEqual(["noopener noreferrer nofollow", "_blank", href]);
    expect(text).toMatch(/\(opens in a new tab\)$/);
  }
  expect({ hit, title }).toEqual({ hit: undefined, title: expect.not.stringContaining("HIT") });
  const own = [stack.page, `http://127.0.0.1:${stack.ports.functions}`];
  expect([...asked].filter((origin) => !own.includes(origin))).toEqual([]);
  expect([...kinds]).not.toContain("image");
  expect(visit.problems).toEqual([]);
}

const replies = () => visit.page.getByTestId("message-assistant");

test(`${HOSTILE.length} hostile replies read back from the store are words, and nothing else`, async () => {
  await visit.page.goto(address);
  await visit.page.waitForFunction(
    (count) => document.querySelectorAll("[data-testid=message-assistant]").length === count,
    HOSTILE.length + 1,
  );
  await expectOnlyWords();
  const shown = await visit.page.locator(".messages").innerText();
  for (const words of ["window.hit=1", "<iframe srcdoc=", "onerror=", "press", "deep", "over everything"]) {
    expect(shown).toContain(words);
  }
});

test("a text that turns the reading direction does not turn what stands around it", async () => {
  const blocks = await visit.page.evaluate(() =>
    [...document.querySelectorAll(".prose p, .prose li, .bubble")].map(
      (each) => getComputedStyle(each).unicodeBidi,
    ),
  );
  expect(new Set(blocks)).toEqual(new Set(["isolate"]));
});

test("nor are they anything else while they stream in", async () => {
  const { page } = visit;
  for (const words of HOSTILE.filter((_, at) => at % 6 === 0)) {
    const before = await replies().count();
    await page.getByRole("textbox", { name: "Your message" }).fill(words);
    await page.keyboard.press("Enter");
    await replies().nth(before).waitFor();
    await page.getByRole("button", { name: "Send", exact: true }).waitFor();
    expect(await replies().nth(before).getAttribute("data-state")).toBe("complete");
  }
  await expectOnlyWords();
});

test("the policy begins at nothing, and needs nothing inline", async () => {
  const response = await fetch(address);
  const policy = response.headers.get("content-security-policy") ?? "";
  expect(policy).toMatch(/^default-src 'none';/);
  const directives = policy.split("; ");
  expect(directives).toEqual(expect.arrayContaining(["script-src 'self'", "style-src 'self'"]));
  expect(directives).toEqual(
    expect.arrayContaining(["require-trusted-types-for 'script'", "form-action 'none'"]),
  );
  expect(policy).not.toMatch(/unsafe|'nonce|'sha| \*/);
  const html = await response.text();
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
  expect(html).toBe(readFileSync(join("hosting", "dist", "index.html"), "utf8"));
});

test("what would get past the page is stopped by the policy", async () => {
  const { page } = visit;
  await expect(
    page.evaluate((html) => document.body.insertAdjacentHTML("beforeend", html), HOSTILE.join("\n")),
  ).rejects.toThrow(/TrustedHTML/);
  await expect(
    page.evaluate(() => document.createElement("img").setAttribute("onerror", "window.hit=1")),
  ).rejects.toThrow(/TrustedScript/);
  await page.evaluate(() => {
    const style = document.createElement("style");
    style.textContent = "body { background: url(http://evil.test/css) }";
    const picture = document.createElement("img");
    picture.src = "http://evil.test/pixel";
    document.body.append(style, picture);
  });
  await page.waitForFunction(() => document.images[0]?.complete);
  const told = visit.problems.join("\n");
  for (const directive of ["style-src", "img-src"]) expect(told).toContain(`policy: ${directive}`);
});
