import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = join(".artifacts", "screenshots");
const WIDTHS = [390, 820, 1440];
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** A browser with one page, and everything that went wrong in it or left this machine, to be empty at the end. */
export type Visit = { browser: Browser; page: Page; problems: string[] };

/** Starts the Chromium that is there with an empty page. Close `browser` afterwards. */
export async function startVisit(): Promise<Visit> {
  const find = 'import("./local/chromium.ts").then((m) => m.findChromium()).then(console.log)';
  const executablePath =
    execFileSync(process.execPath, ["-e", find], { encoding: "utf8" }).trim().split("\n").pop() ?? "";
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", ...QUIET],
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return { browser, page, problems: watch(page) };
}

function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("request", (request) => {
    const url = request.url();
    if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(url)) problems.push(`foreign request ${url}`);
  });
  return problems;
}

/** Looks at a state in every width and both themes: a picture of each, nothing wider than the screen, axe content. */
export async function lookAt(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: join(SHOTS, `${name}-${width}-${colorScheme}.png`) });
      expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
      expect(await farthestRight(page)).toBeLessThanOrEqual(width);
    }
    await page.setViewportSize({ width: 390, height: 900 });
    expect(await smallTargets(page)).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(await axeViolations(page)).toEqual([]);
  }
}

/** How wide the page is: more than the screen means that it scrolls sideways. */
export const scrollWidth = (page: Page) => page.evaluate<number>("document.documentElement.scrollWidth");

/**
 * How far to the right anything reaches that cannot be scrolled to: what the page clips does not make it wider, and is
 * lost all the same.
 */
export const farthestRight = (page: Page) =>
  page.evaluate<number>(`(() => {
    const scrolls = ({ parentElement: around }) =>
      around.id !== "app" && (/auto|scroll/.test(getComputedStyle(around).overflowX) || scrolls(around));
    const reach = [...document.querySelectorAll("#app *")].filter((element) => !scrolls(element));
    return Math.max(...reach.map((element) => element.getBoundingClientRect().right));
  })()`);

const FINGER_PX = 44;

/** Buttons that a finger would miss on a phone: lower than 44 px. Those within a sentence keep to their line. */
const smallTargets = (page: Page) =>
  page.evaluate<
    string[]
  >(`[...document.querySelectorAll("button, .button, select, summary, .tabs a, .site-footer a")]
    .filter((each) => {
      const { width, height } = each.getBoundingClientRect();
      return width > 1 && height > 1 && height < ${FINGER_PX} - 0.5 && !each.closest("p:not(.sample-head, [class$=-ways])");
    })
    .map((each) => each.outerHTML.slice(0, 120))`);

/** What axe finds wrong with the page as it stands: the rule and the elements. */
export async function axeViolations(page: Page): Promise<[rule: string, elements: string[]][]> {
  const found = (await page.evaluate(`(() => { ${AXE}; return axe.run(); })()`)) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
