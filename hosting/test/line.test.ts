import type { Page } from "playwright-core";
import { type Line, openLine } from "./cut-line";
import { signIn, startTalking, type Talking, talkOn } from "./talking";

/** What a conversation has to survive: cut lines, reloads, other tabs. */
let talking: Talking;
let page: Page;
let on: ReturnType<typeof talkOn>;

beforeAll(async () => {
  talking = await startTalking("demo-line");
  page = talking.visit.page;
  on = talkOn(page);
}, 600_000);
afterAll(() => talking?.stop(), 60_000);

describe("a bad line", () => {
  let line: Line;
  let away: Page;
  let there: typeof on;

  beforeAll(async () => {
    line = await openLine(talking.stack.ports.functions ?? 0);
    // The policy knows only the real address of the functions, not the line that leads there.
    const context = await talking.visit.browser.newContext({ bypassCSP: true });
    await signIn(context);
    away = await context.newPage();
    away.setDefaultTimeout(20_000);
    there = talkOn(away);
    await away.route("**/v1/presets", async (route) => {
      const response = await route.fetch();
      const json = await response.json();
      await route.fulfill({
        response,
        json: {
          ...json,
          stream_base: json.stream_base.replace(`:${talking.stack.ports.functions}`, `:${line.port}`),
        },
      });
    });
  });
  afterAll(() => line.close());

  test("cut in the middle of a reply, it is taken up under the same key, and the model is asked once", async () => {
    const keys: (string | undefined)[] = [];
    away.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/messages")) {
        keys.push(request.headers()["idempotency-key"]);
      }
    });
    await away.goto(await talking.opened());
    await there.settled(1);
    const asked = talking.demo.requests.length;
    await there.write("I feel stuck at work.");
    await away.locator("[data-state=streaming]").waitFor();
    line.cut();
    await away.getByText("Taking it up again").waitFor();
    await there.settled(2);
    expect(keys.length).toBeGreaterThan(1);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(talking.demo.requests.length).toBe(asked + 1);
    expect(await away.getByRole("alert").count()).toBe(0);
  });

  test("offline is said; what was written goes out when the line is back", async () => {
    const before = await there.replies().count();
    await away.context().setOffline(true);
    await away.getByText("You are offline").waitFor();
    await there.write("Are you there?");
    await away.getByTestId("waiting").waitFor();
    expect(await there.replies().count()).toBe(before);
    await away.context().setOffline(false);
    await there.settled(before + 1);
    expect(await away.getByText("You are offline").count()).toBe(0);
  });
});

describe("coming and going", () => {
  test("words that were never answered can be answered later", async () => {
    const address = await talking.opened();
    const session = address.split("/").at(-1);
    const failed = { message: "Is anybody there?", model: "demo-quota" };
    expect((await talking.call("POST", `/sessions/${session}/messages`, failed)).error.code).toBe(
      "quota_exhausted",
    );
    await page.goto(address);
    await page.getByText("No reply came.").waitFor();
    await on.button("Try again").click();
    await on.settled(2);
    expect(await on.words().last().innerText()).toContain("Is anybody there?");
    expect(await page.getByText("No reply came.").count()).toBe(0);
  });

  test("a reload in the middle of a reply loses nothing, and costs nothing", async () => {
    await page.goto(await talking.opened());
    await on.settled(1);
    const asked = talking.demo.requests.length;
    await on.write("I feel stuck at work.");
    await page.locator("[data-state=streaming]").waitFor();
    await page.reload();
    await on.settled(2);
    expect(await on.words().count()).toBe(1);
    expect(talking.demo.requests.length).toBe(asked + 1);
  });

  test("a message that never got through is there after a reload, to be sent once more", async () => {
    const failed = "**/v1/sessions/*/messages";
    await page.route(failed, (route) =>
      route.request().method() === "POST" ? route.abort() : route.fallback(),
    );
    await on.write("Did you get this?");
    await page.getByText("Taking it up again").waitFor();
    await page.unroute(failed);
    await page.route(failed, (route) =>
      route.request().method() === "POST" ? route.abort() : route.fallback(),
    );
    await page.reload();
    await page.getByText("This message did not get through.").waitFor();
    expect(await on.words().last().innerText()).toContain("Did you get this?");
    await page.unroute(failed);
    await on.button("Try again").click();
    await on.settled(3);
    talking.visit.problems.length = 0; // the browser reports the requests that were cut here
  });

  test("what was said in another tab is there when one comes back", async () => {
    const other = await page.context().newPage();
    const there = talkOn(other);
    await other.goto(page.url());
    await there.settled(3);
    await there.write("Said elsewhere.");
    await there.settled(4);
    await other.close();
    await page.evaluate(() => dispatchEvent(new Event("focus")));
    await on.settled(4);
    expect(await on.words().last().innerText()).toContain("Said elsewhere.");
  });

  test("a draft survives a reload; Esc stops a reply, and what had come stays", async () => {
    await on.field().fill("Half a thought");
    await page.reload();
    await on.settled(4);
    expect(await on.field().inputValue()).toBe("Half a thought");
    await page.keyboard.press("Enter");
    await page.locator("[data-state=streaming]").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Stopped. Nothing is lost.").waitFor();
    expect(await on.replies().last().getAttribute("data-state")).toBe("interrupted");
    await on.button("Try again").click();
    await page.locator("[data-state=interrupted]").waitFor({ state: "detached" });
    await on.settled(5);
  });
});

test("nothing failed on the way, and nothing left this machine", () => {
  // Asked again while the first try still runs, the server says so, and the browser reports the 409.
  expect(talking.visit.problems.filter((problem) => !problem.includes("409 (Conflict)"))).toEqual([]);
});
