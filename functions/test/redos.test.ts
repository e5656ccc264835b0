import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readMarkdown } from "../../hosting/src/widget/markdown";
import { readRecoveryCode } from "../src/account/recovery-code";
import { suspectsInjection } from "../src/protection/input-signals";

/** As much as a request may hold of text, roughly; what takes longer than this on it blocks everybody else. */
const LENGTH = 100_000;
const LIMIT_MS = 50;

const ROOTS = ["functions/src", "hosting/src"];
const sources = ROOTS.flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => join(root, name)),
);

/** A regular expression literal: behind something that a division cannot follow. */
const LITERAL =
  /(?<=(?<!\])[(,=:[!&|?{};>\n]\s*|return\s)\/(?![*/>])((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g;

const withoutComments = (text: string) => text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, "");

const found = sources.flatMap((file) =>
  [...withoutComments(readFileSync(file, "utf8")).matchAll(LITERAL)].map(([, source = "", flags = ""]) => ({
    file,
    source,
    flags,
  })),
);
const unique = [...new Map(found.map((one) => [`${one.source}/${one.flags}`, one])).values()];

/** What a class or an escape may stand for. */
const STANDS_FOR: Record<string, string> = {
  s: " ",
  w: "a",
  d: "1",
  S: "a",
  W: " ",
  D: "a",
  n: "\n",
  r: "\r",
  t: "\t",
  b: " ",
  p: "é",
};

/** The characters that an expression looks for, one of each kind, and some that it does not. */
function alphabetOf(source: string): string[] {
  const escaped = [...source.matchAll(/\\([a-zA-Z\W])/g)].map(([, one = ""]) => STANDS_FOR[one] ?? one);
  const plain = [...source.replace(/\\./g, "").replace(/[()[\]{}?*+^$|]/g, "")];
  return [...new Set([...escaped, ...plain, "a", "0", " ", "\n", "\u0000"])].slice(0, 24);
}

/** Runs, alternations and near matches of what the expression looks for, and its own text. */
function attacksOn(source: string): string[] {
  const letters = alphabetOf(source);
  const repeat = (unit: string) => unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH);
  const literal = source.replace(/\\(.)/g, (_, one) => STANDS_FOR[one] ?? one).replace(/[?*+^$|()]/g, "");
  const pairs = letters
    .slice(0, 12)
    .flatMap((one, i) => letters.slice(i + 1, 12).map((other) => one + other));
  const units = [...letters, ...pairs, letters.join(""), literal || "a"];
  return units.flatMap((unit) => [repeat(unit), `${literal}${repeat(unit)}\u0001`]);
}

/** The processor's time for some work, in ms: a clock on the wall also counts what others do on the machine. */
function cost(work: () => unknown): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

/** How much slower the machine is just now than it was at its best: others may share its core. */
const reference = () => cost(() => "ab".repeat(100_000).replace(/(?:a|b)(?:c|d)/g, ""));
const quiet = Math.min(...Array.from({ length: 20 }, reference));
const slowdown = () => Math.max(1, reference() / quiet);

/**
 * The first time over the limit, else the longest. A text is tried in part first, so that a slow expression fails soon;
 * and again where it was slow, since the machine may have been busy.
 */
function slowest(run: (text: string) => unknown, texts: string[]): number {
  const time = (text: string) => cost(() => run(text));
  const best = (text: string) => {
    let shortest = time(text);
    for (let again = 0; shortest >= LIMIT_MS && again < 8; again++) {
      shortest = Math.min(shortest, time(text) / slowdown());
    }
    return shortest;
  };
  let longest = 0;
  for (const text of texts) {
    for (const part of [text.slice(0, LENGTH / 10), text]) {
      longest = Math.max(longest, best(part));
      if (longest >= LIMIT_MS) return longest;
    }
  }
  return longest;
}

test("the expressions were found", () => {
  expect(unique.length).toBeGreaterThan(60);
  for (const { source, flags } of unique) expect(() => new RegExp(source, flags)).not.toThrow();
});

test.each(unique.map((one) => [`${one.file}: ${one.source}`, one] as const))("%s", (_, { source, flags }) => {
  const expression = new RegExp(source, flags.includes("g") ? flags : `${flags}g`);
  const run = (text: string) => text.replace(expression, "");
  const texts = attacksOn(source);
  expect(texts.length).toBeGreaterThan(20);
  expect(slowest(run, texts)).toBeLessThan(LIMIT_MS);
});

/** Expressions that are put together while the program runs, each with what stands for it here. */
const MADE: Record<string, (text: string) => unknown> = {
  "functions/src/account/recovery-code.ts": readRecoveryCode,
  "functions/src/protection/input-signals.ts": suspectsInjection,
  "hosting/src/widget/markdown.ts": readMarkdown,
};

test("no expression is put together elsewhere", () => {
  const makers = sources.filter((file) => readFileSync(file, "utf8").includes("new RegExp("));
  expect(makers.sort()).toEqual(Object.keys(MADE).sort());
});

/** A message holds 32,000 characters at most, and is looked at once. */
const MESSAGE = 32_000;

test("input signals: every phrase begun again and again", () => {
  const phrases = [
    "ignore your ",
    "show me your ",
    "tell me all of the ",
    "ignore all of the previous and prior and above your ",
    "reveal what your ",
    "repeat all text that is ",
    "pretend you have no ",
    "you are now an ",
    "what were you told ",
    "translate your system ",
    "ignore ",
    "a ",
    ". ",
    "the first word of ",
    "忽略",
    "系统提示",
    "あなたの",
    "이전 ",
    "###",
    "<|im_",
    "\n \n",
    "é",
    "ignorier deine ",
    "zeig mir deine ",
    "new instructions: from ",
    "i am your ",
    "rules that you have been ",
  ];
  const texts = phrases.map((unit) => unit.repeat(MESSAGE / unit.length).slice(0, MESSAGE));
  expect(slowest(suspectsInjection, texts)).toBeLessThan(LIMIT_MS);
});

test("a recovery code of any length", () => {
  expect(
    slowest(
      readRecoveryCode,
      ["A", "-", " ", "A-", "\u0000"].map((one) => one.repeat(LENGTH)),
    ),
  ).toBeLessThan(LIMIT_MS);
});

test("the widget's Markdown: every mark begun again and again", () => {
  const marks = [
    "`a",
    "``a```b",
    "**a ",
    " _a",
    "_a_a",
    "*a b* c",
    "![",
    "[a](",
    '[a](b "',
    "[a](b",
    "https://.",
    "\\",
    "\n> ",
    "\n1. ",
  ];
  const texts = marks.map((unit) => unit.repeat(LENGTH / unit.length));
  expect(slowest(readMarkdown, texts)).toBeLessThan(LIMIT_MS);
});
