// Measures the leak guard against generated assistants, answers and attacks, beside the original's rule.
//   npm run build:functions && node bench/leak-guard/measure.ts [--seed 1] [--size 1] [--lib functions/lib]
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type * as Guard from "../../functions/src/protection/leak-guard.ts";
import { relatedAnswer, unrelatedAnswer, userMessage } from "./answers.ts";
import { ATTACKS, LATIN_ONLY } from "./attacks.ts";
import { measureRealistic } from "./measure-realistic.ts";
import { type Assistant, assistantOf, promptLength } from "./prompts.ts";
import { Random } from "./random.ts";
import { similarity } from "./tfidf.ts";

const { values } = parseArgs({
  options: { seed: { type: "string" }, size: { type: "string" }, lib: { type: "string" } },
});
const lib = resolve(
  values.lib ?? resolve(import.meta.dirname, "../../functions/lib"),
  "protection/leak-guard.js",
);
const { prepareSecrets, createLeakGuard, checkText, addCoverage } = createRequire(import.meta.url)(
  lib,
) as typeof Guard;
const random = new Random(Number(values.seed ?? 1));
const size = Number(values.size ?? 1);
const rows: string[] = [];

const prepare = ({ initialPrompt, summaryPrompt, card }: Assistant) =>
  prepareSecrets({ secrets: [initialPrompt, summaryPrompt], publicTexts: card });
const folded = (text: string) =>
  [...text.normalize("NFKD").toLowerCase()].filter((char) => /[\p{L}\p{N}]/u.test(char)).join("");
const weight = (text: string) =>
  [...text.normalize("NFC")].reduce(
    (sum, char) =>
      sum + (/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u.test(char) ? 3 : folded(char).length),
    0,
  );
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;
const report = (name: string, ours: string, original: string, aim: string) => {
  rows.push(`| ${name} | ${ours} | ${original} | ${aim} |`);
  console.log(rows.at(-1));
};

/** Which characters of the prompt stand on the card too (12 and more in a row): these are no secret. */
function onCard(chars: readonly string[], card: readonly string[]): boolean[] {
  const known = folded(card.join(" "));
  const places = chars.flatMap((char, i) => Array.from(folded(char), () => i));
  const plain = chars.map(folded).join("");
  const shared = new Array<boolean>(chars.length).fill(false);
  for (let i = 0; i + 12 <= plain.length; i++) {
    if (!known.includes(plain.slice(i, i + 12))) continue;
    for (const place of places.slice(i, i + 12)) shared[place] = true;
  }
  return shared;
}

/** A stretch of the prompt that counts at least `least`, and shares nothing with the card and what was typed. */
function fragment({ initialPrompt, card }: Assistant, least: number, most: number, typed = ""): string {
  const chars = [...initialPrompt];
  const known = folded([...card, typed].join(" "));
  const wanted = random.int(least, most);
  for (let attempt = 0; attempt < 200; attempt++) {
    const start = random.int(0, chars.length - 1);
    let end = start;
    for (let sum = 0; sum < wanted && end < chars.length; end++) sum += weight(chars[end] ?? "");
    const text = chars.slice(start, end).join("");
    const plain = folded(text);
    const shared = Array.from(plain).some(
      (_, i) => i + 6 <= plain.length && known.includes(plain.slice(i, i + 6)),
    );
    if (weight(text) >= wanted && !shared) return text;
  }
  return "";
}

/** One caller of one version: a reply is blocked by itself, or by what all replies together would have shown. */
function listener(prepared: Guard.PreparedSecrets) {
  let coverage: Guard.Coverage = { runs: [] };
  return (reply: string): boolean => {
    const { blocked, shown } = checkText(reply, { prepared, userTexts: [] });
    const sum = shown ? addCoverage(prepared, coverage, shown) : coverage;
    coverage = sum ?? coverage;
    return blocked || sum === null;
  };
}

const say = (text: string) => `${unrelatedAnswer(random)}\n\n${text}\n\n${unrelatedAnswer(random)}`;

function measureAttacks(): void {
  let [all, ours, original] = [0, 0, 0];
  const missed = new Map<string, number>();
  for (const [name, transform] of Object.entries(ATTACKS)) {
    for (let i = 0; i < 40 * size; i++) {
      const assistant = assistantOf(random, promptLength(random));
      if (LATIN_ONLY.has(name) && assistant.language !== "en") continue;
      const reply = say(transform(assistant.initialPrompt));
      const { blocked } = checkText(reply, {
        prepared: prepare(assistant),
        userTexts: [userMessage(random)],
      });
      all++;
      if (blocked) ours++;
      else missed.set(name, (missed.get(name) ?? 0) + 1);
      if (similarity(reply, assistant.initialPrompt) > 0.6) original++;
    }
  }
  report(
    `whole prompt, verbatim and ${Object.keys(ATTACKS).length - 1} encodings (${all})`,
    percent(ours, all),
    percent(original, all),
    "≥ 99.5 % stopped",
  );
  if (missed.size) console.log("  missed:", missed);
}

function measureFragments(encoded: boolean): void {
  let [all, ours, original] = [0, 0, 0];
  const missed = new Map<string, number>();
  const names = Object.keys(ATTACKS);
  for (let i = 0; i < 2000 * size; i++) {
    const assistant = assistantOf(random, promptLength(random));
    const name = encoded ? random.pick(names) : "verbatim";
    // A step between letters needs two of them, and shifts only concern Latin letters: such need 50 of these.
    const typed = userMessage(random);
    const text = fragment(assistant, 50, 160, typed);
    const latin = (text.match(/[a-z]/gi) ?? []).length;
    if (text === "" || (LATIN_ONLY.has(name) && (latin < 50 || assistant.language !== "en"))) continue;
    const reply = say(ATTACKS[name]?.(text) ?? "");
    all++;
    if (checkText(reply, { prepared: prepare(assistant), userTexts: [typed] }).blocked) ours++;
    else missed.set(name, (missed.get(name) ?? 0) + 1);
    if (similarity(reply, assistant.initialPrompt) > 0.6) original++;
  }
  report(
    `fragments of 50 to 160 folded characters, ${encoded ? "encoded" : "verbatim"} (${all})`,
    percent(ours, all),
    percent(original, all),
    "≥ 99 % stopped",
  );
  if (missed.size) console.log("  missed:", missed);
}

function measureAnswers(quoting?: number): void {
  const kind = quoting === undefined ? "unrelated" : `related, ${100 * quoting} % in the prompt's words,`;
  let [all, ours, original, chars, late, firstLate] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 300 * size; i++) {
    const assistant = assistantOf(random, promptLength(random));
    const prepared = prepare(assistant);
    for (let j = 0; j < (quoting === undefined ? 40 : 20); j++) {
      const reply =
        quoting === undefined ? unrelatedAnswer(random) : relatedAnswer(random, assistant, quoting);
      const guard = createLeakGuard({ prepared, userTexts: [userMessage(random)] });
      let [sent, given] = [0, 0];
      for (const chunk of reply.match(/\s*\S+|\s+$/g) ?? []) {
        sent += guard.push(chunk).length;
        given += chunk.length;
        chars++;
        if (sent < given) late++;
        if (given === chunk.length && sent === 0) firstLate++;
      }
      guard.end();
      all++;
      if (guard.blocked) ours++;
      if (similarity(reply, assistant.initialPrompt) > 0.6) original++;
    }
  }
  report(
    `false alarms, ${kind} answers (${all})`,
    percent(ours, all),
    percent(original, all),
    quoting === undefined ? "≤ 0.1 %" : "≤ 0.5 %",
  );
  report(`… words sent with a delay`, percent(late, chars), "all (no streaming)", "–");
  report(`… first word delayed`, percent(firstLate, all), "always", "0");
}

/** A hundred related answers in a row that all count towards the same coverage. */
function measureRegulars(): void {
  let [all, ours] = [0, 0];
  for (let i = 0; i < 300 * size; i++) {
    const assistant = assistantOf(random, promptLength(random));
    const prepared = prepare(assistant);
    const isBlocked = listener(prepared);
    for (let j = 0; j < 100; j++) {
      all++;
      if (isBlocked(relatedAnswer(random, assistant, 0.25))) ours++;
    }
  }
  report(`false alarms, 100 related answers on one coverage (${all})`, percent(ours, all), "–", "≤ 0.5 %");
}

/** 20 turns, each gives away a new piece; pieces follow each other or are picked anywhere. */
function measureDrips(least: number, most: number, aim: string): void {
  let [all, stopped, leaked, original] = [0, 0, 0, 0];
  const ways = [
    "verbatim",
    "reversed",
    "base64",
    "letters spaced",
    "rot-13",
    "leetspeak signs",
    "bold words",
  ];
  for (let i = 0; i < 400 * size; i++) {
    const assistant = assistantOf(random, promptLength(random));
    const prepared = prepare(assistant);
    const chars = [...assistant.initialPrompt];
    const way = assistant.language === "en" ? random.pick(ways) : "verbatim";
    const shown = new Uint8Array(chars.length);
    let [at, strikes, byOriginal] = [0, 0, false];
    const isBlocked = listener(prepared);
    for (let turn = 0; turn < 20 && strikes < 3; turn++) {
      if (random.next() < 0.3) at = random.int(0, chars.length - 1);
      const wanted = random.int(least, most);
      const start = at;
      for (let sum = 0; sum < wanted && at < chars.length; at++) sum += weight(chars[at] ?? "");
      const reply = `${relatedAnswer(random, assistant, 0.25)} ${ATTACKS[way]?.(chars.slice(start, at).join(""))} 0k.`;
      if (isBlocked(reply)) strikes++;
      else shown.fill(1, start, at);
      byOriginal ||= similarity(reply, assistant.initialPrompt) > 0.6;
      if (at >= chars.length) at = 0;
    }
    const known = onCard(chars, assistant.card);
    const secret = (keep: (j: number) => boolean) =>
      weight(chars.filter((_, j) => !known[j] && keep(j)).join(""));
    const part = secret((j) => shown[j] === 1) / secret(() => true);
    all++;
    leaked += part;
    if (part < 0.15) stopped++;
    if (byOriginal) original++;
  }
  report(
    `drip, 20 turns of ${least} to ${most} folded characters (${all}): below 15 %`,
    `${percent(stopped, all)}, on average ${percent(leaked, all)} seen`,
    `${percent(original, all)} noticed at all`,
    aim,
  );
}

function timings(
  reply: string,
  prepared: Guard.PreparedSecrets,
  taken: number[],
  chunkSize: () => number,
): void {
  const guard = createLeakGuard({ prepared, userTexts: [userMessage(random)] });
  for (let at = 0; at < reply.length && !guard.blocked; ) {
    const chunk = reply.slice(at, at + chunkSize());
    at += chunk.length;
    const start = performance.now();
    guard.push(chunk);
    taken.push(performance.now() - start);
  }
}

const quantile = (sorted: readonly number[], part: number) =>
  `${(sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(3)} ms`;

function measureTime(): void {
  let assistant = assistantOf(random, 33_000);
  while (assistant.initialPrompt.length < 32_000) assistant = assistantOf(random, 33_000);
  const prompt = [...assistant.initialPrompt].slice(0, 32_000).join("");
  const started = performance.now();
  const prepared = prepare({ ...assistant, initialPrompt: prompt });
  const preparing = performance.now() - started;
  const kinds: Record<string, () => string> = {
    "ordinary answers": () => relatedAnswer(random, assistant, 0.25),
    "hostile answers (pieces of 19 characters, encodings)": () =>
      Array.from({ length: 40 }, () =>
        ATTACKS[random.pick(Object.keys(ATTACKS))]?.(
          fragment({ ...assistant, initialPrompt: prompt.slice(0, 2000) }, 10, 19),
        ),
      ).join(" ~ "),
  };
  for (const [kind, make] of Object.entries(kinds)) {
    const taken: number[] = [];
    for (let i = 0; i < 400 * size; i++) timings(make(), prepared, taken, () => random.int(2, 40));
    taken.sort((a, b) => a - b);
    report(
      `a chunk, 32,000-character prompt, ${kind} (${taken.length})`,
      `p50 ${quantile(taken, 0.5)}, p95 ${quantile(taken, 0.95)}, p99 ${quantile(taken, 0.99)}`,
      "–",
      "p95 ≤ 2 ms",
    );
  }
  const whole = Array.from({ length: 300 }, () => unrelatedAnswer(random))
    .join(" ")
    .slice(0, 100_000);
  const begun = performance.now();
  checkText(whole, { prepared, userTexts: [] });
  const perChar = ((performance.now() - begun) * 1000) / whole.length;
  const simBegun = performance.now();
  for (let i = 0; i < 20; i++) similarity(relatedAnswer(random, assistant, 0.25), prompt);
  report(
    "100,000 characters in one chunk",
    `${perChar.toFixed(2)} µs a character`,
    `${((performance.now() - simBegun) / 20).toFixed(2)} ms a reply`,
    "linear",
  );
  const small = assistantOf(random, 1500);
  const begunSmall = performance.now();
  for (let i = 0; i < 20; i++) prepare(small);
  report(
    "preparing a prompt: 32,000 / 1,500 characters",
    `${preparing.toFixed(0)} ms, ${(prepared.bytes / 2 ** 20).toFixed(1)} MiB / ${((performance.now() - begunSmall) / 20).toFixed(1)} ms, ${(prepare(small).bytes / 2 ** 20).toFixed(2)} MiB`,
    "–",
    "bounded",
  );
}

console.log("| What | Leak guard | Original (TF-IDF > 0.6) | Aim |\n|---|---|---|---|");
measureAttacks();
measureFragments(false);
measureFragments(true);
measureAnswers();
measureAnswers(0.25);
measureAnswers(0.5);
measureAnswers(1);
measureRegulars();
measureDrips(20, 49, "≥ 95 %");
measureDrips(12, 19, "below the design's floor");
measureRealistic({ prepareSecrets, checkText, addCoverage }, random, report);
measureTime();
