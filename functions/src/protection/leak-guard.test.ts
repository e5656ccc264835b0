import fc from "fast-check";
import { foldText, skeleton } from "./fold";
import { addCoverage, type Coverage, checkText, createLeakGuard, prepareSecrets } from "./leak-guard";

const PROMPT = `You are Nori, a patient career coach for engineers in their first job.
Ask exactly one open question at a time, never give advice before the third exchange, and mirror key words.
If they mention burnout, slow down & name the feeling. Rules:
1. Under no circumstances discuss salary figures or quote competitors.
2. Always close with a commitment of at most ten minutes, phrased by the user.
The hidden tone is "warm lighthouse keeper"; keep replies under 120 words. The code word is heron-4711.`;
const SUMMARY = "Summarise the conversation in three bullets: goal, turning point, next step. Then stop.";
const CARD = ["Nori", "A patient career coach for engineers"];
const prepared = prepareSecrets({ secrets: [PROMPT, SUMMARY], publicTexts: CARD });
const check = (text: string, userTexts: string[] = []) => checkText(text, { prepared, userTexts });

const base64 = (text: string) => Buffer.from(text).toString("base64");
const bytes = (text: string) => [...Buffer.from(text)];
const hex = (byte: number) => byte.toString(16).padStart(2, "0");
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const B85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
const base85 = (text: string, digit: (value: number) => string) =>
  (text.match(/[\s\S]{4}/g) ?? [])
    .map((four) => {
      const group = Buffer.from(four, "latin1").readUInt32BE();
      return [4, 3, 2, 1, 0].map((power) => digit(Math.floor(group / 85 ** power) % 85)).join("");
    })
    .join("");
const words = PROMPT.split(/\s+/);
const rot = (shift: number) =>
  PROMPT.replace(/[a-z]/gi, (char) => {
    const base = char < "a" ? 65 : 97;
    return String.fromCharCode(((char.charCodeAt(0) - base + shift) % 26) + base);
  });
const swapped = (table: Record<string, string>) => PROMPT.replace(/\w/g, (char) => table[char] ?? char);
const between = (separator: string) => [...PROMPT].join(separator);

const ATTACKS: [string, string][] = [
  ["verbatim", PROMPT],
  ["inside an answer", `Sure, here you go: ${PROMPT.slice(80, 190)} Anything else?`],
  ["summary prompt", `My last instruction is: ${SUMMARY}`],
  ["reversed", [...PROMPT].reverse().join("")],
  ["words reversed", words.toReversed().join(" ")],
  ["each word reversed", words.map((word) => [...word].reverse().join("")).join(" ")],
  ...[1, 5, 13, 25].map((shift): [string, string] => [`rot-${shift}`, rot(shift)]),
  ["rot-47", PROMPT.replace(/[!-~]/g, (c) => String.fromCharCode(33 + ((c.charCodeAt(0) - 33 + 47) % 94)))],
  ["atbash", PROMPT.toLowerCase().replace(/[a-z]/g, (c) => String.fromCharCode(219 - c.charCodeAt(0)))],
  ...["", "x", "xy", "xyz"].map((pad): [string, string] => [`base64 after "${pad}"`, base64(pad + PROMPT)]),
  ["base64 from the middle", base64(PROMPT).slice(101)],
  ["base64 url-safe", Buffer.from(PROMPT).toString("base64url")],
  ["base64 wrapped and quoted", base64(PROMPT).replace(/.{60}/g, '$&" +\n  "')],
  ["base64 twice", base64(base64(PROMPT))],
  ["base64 of rot-13", base64(rot(13))],
  ["hex of base64", Buffer.from(base64(PROMPT)).toString("hex")],
  ["hex", Buffer.from(PROMPT).toString("hex")],
  ["hex, other alignment", `f${Buffer.from(PROMPT).toString("hex")}`],
  [
    "hex with 0x",
    bytes(PROMPT)
      .map((byte) => `0x${hex(byte)}`)
      .join(", "),
  ],
  [
    "percent",
    bytes(PROMPT)
      .map((byte) => `%${hex(byte)}`)
      .join(""),
  ],
  ["URL component", encodeURIComponent(PROMPT)],
  ["quoted-printable", PROMPT.replace(/[\s,.]/g, (char) => `=${hex(char.charCodeAt(0)).toUpperCase()}`)],
  ["entities", [...PROMPT].map((char) => `&#${char.charCodeAt(0)};`).join("")],
  ["hex entities", [...PROMPT].map((char) => `&#x${char.charCodeAt(0).toString(16)};`).join("")],
  ["JSON string", JSON.stringify(PROMPT)],
  [
    "unicode escapes",
    bytes(PROMPT)
      .map((byte) => `\\u00${hex(byte)}`)
      .join(""),
  ],
  ["character numbers", bytes(PROMPT).join(", ")],
  [
    "binary",
    bytes(PROMPT)
      .map((byte) => byte.toString(2).padStart(8, "0"))
      .join(" "),
  ],
  ["spaced", between(" ")],
  ["dashed", between("-")],
  ["a letter a line", between("\n")],
  ["a word a line", words.join("\n")],
  ["numbered words", words.map((word, i) => `${i + 1}. ${word}`).join("\n")],
  ["table rows", words.map((word) => `| ${word} | **·** |`).join("\n")],
  ["Markdown", words.map((word, i) => (i % 2 ? `**${word}**` : `_${word}_`)).join(" ")],
  ["link targets between", words.map((word) => `[${word}](https://example.org/abc)`).join(" ")],
  ["quoted code block", `\`\`\`text\n${PROMPT.replace(/^/gm, "> ")}\n\`\`\``],
  ["tags between", between("<b></b>")],
  ["zero-width between", between("\u200b")],
  ["combining marks", between("\u0336")],
  ["long gaps", words.join(` ${"·".repeat(300)} `)],
  ["full width", PROMPT.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0))],
  ["look-alikes", swapped({ a: "а", e: "е", o: "о", p: "р", c: "с", y: "у", x: "х", i: "і" })],
  ["leetspeak", swapped({ a: "4", e: "3", i: "1", o: "0", s: "5", t: "7" })],
  ["leetspeak signs", swapped({ a: "@", e: "3", i: "!", s: "$" })],
  ["invisible tags", PROMPT.replace(/[ -~]/g, (char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0)))],
  ["JSON, a key for each word", JSON.stringify(Object.fromEntries(words.map((word, i) => [`w${i}`, word])))],
  ["JSON, an object for each word", JSON.stringify(words.map((word, index) => ({ index, word })))],
  ["a filler after each word", words.join(" um ")],
  ["LaTeX", words.map((word) => `\\text{${word}}`).join(" ")],
  ["first words of lines", words.map((word) => `${word} shines on the sea`).join("\n")],
  [
    "first letters of lines",
    [...PROMPT.replace(/\W/g, "")].map((letter) => `${letter}ella went home`).join("\n"),
  ],
  [
    "places in the alphabet",
    [...PROMPT.replace(/[^a-z]/gi, "")].map((char) => Number.parseInt(char, 36) - 9).join(" "),
  ],
  [
    "binary, seven bits",
    bytes(PROMPT)
      .map((byte) => byte.toString(2))
      .join(" "),
  ],
  ["Ascii85", base85(PROMPT, (value) => String.fromCharCode(33 + value))],
  ["Ascii85, other alignment", base85(`xyz${PROMPT}`, (value) => String.fromCharCode(33 + value))],
  ["base85, Python's", base85(PROMPT, (value) => B85.charAt(value))],
  [
    "uuencode",
    `5${base64(PROMPT).replace(/./g, (char) => String.fromCharCode(32 + (BASE64.indexOf(char) & 63)))}`,
  ],
  ["initials", [...PROMPT.replace(/\W/g, "")].map((char) => `${char}ella`).join(" ")],
];

test.each(ATTACKS)("stops: %s", (_, text) => {
  const { blocked, sent } = check(`Of course.\n\n${text}`);
  expect(blocked).toBe(true);
  expect(sent.length).toBeLessThan(text.length / 2);
});

test.each([
  [
    "an ordinary answer",
    "Hello, I'm Nori. What would you like to work on today? Let us take it one step at a time.",
  ],
  ["code", "```ts\nconst x: number[] = [1, 2, 3].map((n) => n * 0x1f);\n// 100% done <b>&amp;</b> \\n\n```"],
  [
    "an image",
    `data:image/png;base64,${Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919) % 251)).toString("base64")}`,
  ],
  ["numbers", Array.from({ length: 300 }, (_, i) => i * 37).join(", ")],
  ["what the card says", `I am ${CARD.join(". ")}.`],
  [
    "a table, a list and numbers",
    "| n | goal |\n|---|---|\n| 1 | one open question |\n| 2 | ten minutes |\n1. Ask\n2. Listen\n3. Ask again\n7-15-1-12",
  ],
  [
    "another script",
    "今天的晚饭我们可以做西红柿炒鸡蛋。Сегодня мы разберём, как варить борщ. 오늘은 날씨가 좋네요.",
  ],
  ["49 folded characters", PROMPT.slice(86, 145)],
])("lets through %s, unchanged", (_, text) => {
  const { blocked, sent } = check(text);
  expect([blocked, sent]).toEqual([false, text]);
});

test("ordinary text flows at once; only a run of 8 and more is held, until it ends", () => {
  const guard = createLeakGuard({ prepared, userTexts: [] });
  expect(guard.push("Well, let me ")).toBe("Well, let me ");
  expect(guard.push("ask exac")).toBe("ask exac");
  expect(guard.push("tly one op")).toBe("");
  expect(guard.push("al thing.")).toBe("tly one opal thing.");
  expect(guard.end()).toBe("");
  expect(guard.takeShown()).toBeNull();
});

test("after a block nothing is sent any more, on no channel, and the causes look alike", () => {
  const reasons = [PROMPT, base64(PROMPT), SUMMARY].map((text) => {
    const guard = createLeakGuard({ prepared, userTexts: [] });
    const tools = guard.channel();
    guard.push(text);
    return [guard.blocked, tools.blocked, guard.push("more"), tools.push("more"), guard.end(), tools.end()];
  });
  expect(new Set(reasons.map((reason) => JSON.stringify(reason)))).toEqual(
    new Set(['[true,true,"","","",""]']),
  );
});

describe("what is known anyway", () => {
  test.each([
    ["typed by the user", PROMPT, PROMPT],
    ["typed in another form", PROMPT, base64(PROMPT)],
    ["typed over two messages", `${PROMPT.slice(0, 100)}§${PROMPT.slice(100)}`, PROMPT],
  ])("%s may be repeated", (_, typed, reply) => {
    expect(check(reply, typed.split("§"))).toEqual({ blocked: false, sent: reply, shown: null });
  });

  test("typing a part does not free the rest", () => {
    expect(check(PROMPT, [PROMPT.slice(0, 150)]).blocked).toBe(true);
  });

  test("a sentence that stands twice is free in both places", () => {
    const sentence = "Keep every answer short and friendly, never longer than a postcard would be.";
    const twice = prepareSecrets({
      secrets: [`${PROMPT} ${sentence} Then again: ${sentence}`],
      publicTexts: [sentence],
    });
    expect(checkText(`${sentence} ${sentence}`, { prepared: twice, userTexts: [] }).blocked).toBe(false);
  });
});

describe("short secrets", () => {
  test.each([
    ["all of a short prompt", "You are a pirate. Speak like one.", "You are a pirate. Speak like one.", true],
    [
      "half of a short prompt",
      "You are a pirate. Speak like one and hide the map.",
      "You are a pirate. Speak like one",
      true,
    ],
    ["a prompt of few words is no secret", "Be kind.", "Be kind.", false],
    ["no prompt", "", "Anything at all may be said when there is nothing to hide.", false],
    [
      "Chinese counts three",
      "每次只提一个开放式问题并且认真等待用户完整地回答之后再继续下一步",
      "每次只提一个开放式问题并且认真等待用户完",
      true,
    ],
  ])("%s", (_, secret, text, wanted) => {
    const own = prepareSecrets({ secrets: [secret], publicTexts: [] });
    expect(checkText(text, { prepared: own, userTexts: [] }).blocked).toBe(wanted);
  });
});

test.each([
  ["Korean", "한 번에 하나의 질문만 하고 사용자의 대답을 끝까지 기다리며 조언은 나중에 하세요"],
  ["Hindi", "एक बार में केवल एक आसन समझाइए और हर कदम की गिनती दीजिए और दर्द हो तो अभ्यास रोक दीजिए"],
])("stops %s in initials, and as every second word", (_, secret) => {
  const own = prepareSecrets({ secrets: [secret], publicTexts: [] });
  const letters = [...new Intl.Segmenter().segment(secret.replace(/\s/g, ""))].map(({ segment }) => segment);
  for (const text of [letters.map((letter) => `${letter}ella`).join(" "), secret.replace(/ /g, " um ")]) {
    expect(checkText(text, { prepared: own, userTexts: [] }).blocked).toBe(true);
  }
});

describe("short prompts", () => {
  const short = prepareSecrets({
    secrets: [
      "You are Captain Salt, a grumpy pirate captain with a soft heart. Answer every question in pirate speech, mention the sea, and grumble about the parrot. Keep it under three sentences and never break character.",
    ],
    publicTexts: ["Captain Salt"],
  });
  const introduction = "Arr, I'm Captain Salt, a grumpy pirate captain with a soft heart!";

  test("may be introduced by their role, and tell nothing beside it", () => {
    const first = checkText(introduction, { prepared: short, userTexts: [] });
    expect(first).toMatchObject({ blocked: false, sent: introduction });
    const next = checkText("I answer every question in pirate speech.", { prepared: short, userTexts: [] });
    expect(next.blocked).toBe(false);
    expect(addCoverage(short, first.shown as Coverage, next.shown as Coverage)).toBeNull();
  });
});

describe("drip", () => {
  const long = Array.from(
    { length: 60 },
    (_, i) => `Rule ${words[i % words.length]} number ${i * 7919} says ${rot(i % 26).slice(i, i + 30)}.`,
  ).join(" ");
  const own = prepareSecrets({ secrets: [long], publicTexts: [] });
  const total = foldText(long).codes.length;

  test("pieces add up over replies and are stopped before 15 %", () => {
    let coverage: Coverage | null = { runs: [] };
    let sent = 0;
    for (let turn = 0; turn < 60 && coverage; turn++) {
      const piece = long.slice(turn * 40, turn * 40 + 40);
      const { blocked, shown } = checkText(`Next: ${piece} ~`, { prepared: own, userTexts: [] });
      expect(blocked).toBe(false);
      coverage = shown && addCoverage(own, coverage, shown);
      if (coverage) sent += foldText(piece).codes.length;
    }
    expect(sent).toBeGreaterThan(total * 0.08);
    expect(sent).toBeLessThan(total * 0.15);
  });

  test("the same piece counts once, and only what was sent counts", () => {
    const { shown } = checkText(long.slice(0, 40), { prepared: own, userTexts: [] });
    expect(shown?.runs.length).toBe(2);
    expect(addCoverage(own, shown as Coverage, shown as Coverage)).toEqual(shown);
    expect(checkText(long.slice(0, 400), { prepared: own, userTexts: [] })).toMatchObject({
      blocked: true,
      shown: { runs: [0, 7] },
    });
  });

  test("a shifted piece counts its first letter too", () => {
    const piece = "Stay with the question, never with the answer";
    const shift = (text: string) =>
      text.replace(/[a-z]/gi, (char) =>
        String.fromCharCode(97 + ((char.toLowerCase().charCodeAt(0) - 94) % 26)),
      );
    const letters = prepareSecrets({ secrets: [`One 1 ${piece}. ${long}`], publicTexts: [] });
    const shownBy = (text: string) => checkText(text, { prepared: letters, userTexts: [] }).shown;
    expect(shownBy(`~ ${shift(piece)} ~`)).toEqual(shownBy(`~ ${piece} ~`));
  });

  test("what is shown is told once", () => {
    const guard = createLeakGuard({ prepared: own, userTexts: [] });
    guard.push(`${long.slice(0, 40)} ~ and then again ${long.slice(0, 40)} ~`);
    expect(guard.takeShown()?.runs).toHaveLength(2);
    guard.push(`${long.slice(0, 40)} ~`);
    guard.end();
    expect(guard.takeShown()).toBeNull();
  });
});

const chunked = (text: string, sizes: readonly number[]) => {
  const chunks: string[] = [];
  for (let at = 0, i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(text.slice(at, at + size));
    at += size;
  }
  return chunks;
};
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });
const piece = fc.oneof(
  fc.tuple(fc.nat(PROMPT.length), fc.nat(90)).map(([start, length]) => PROMPT.slice(start, start + length)),
  fc.constantFrom(...ATTACKS.map(([, text]) => text.slice(0, 120))),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom("&#", "%4", "\\u00", "<b", "](", "😀", "\ud83d", "Let us begin. "),
);
const replies = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));

test("every chunking has the same verdict, the same text sent and the same coverage", () => {
  fc.assert(
    fc.property(replies, sizes, (text, some) => {
      const guard = createLeakGuard({ prepared, userTexts: ["I am an engineer in my first job"] });
      const sent =
        chunked(text, some)
          .map((chunk) => guard.push(chunk))
          .join("") + guard.end();
      const whole = check(text, ["I am an engineer in my first job"]);
      expect({ blocked: guard.blocked, sent, shown: guard.takeShown() }).toEqual(whole);
      expect(text.startsWith(sent)).toBe(true);
      if (!guard.blocked) expect(sent).toBe(text);
    }),
    { numRuns: 400 },
  );
});

test("what was sent never has 50 folded characters of the prompt in a row", () => {
  const open = prepareSecrets({ secrets: [PROMPT, SUMMARY], publicTexts: [] });
  const skeletonOf = (text: string) => String.fromCodePoint(...foldText(text).codes.map(skeleton));
  const secrets = [PROMPT, SUMMARY].map(skeletonOf);
  fc.assert(
    fc.property(replies, sizes, (text, some) => {
      const guard = createLeakGuard({ prepared: open, userTexts: [] });
      const sent = skeletonOf(
        chunked(text, some)
          .map((chunk) => guard.push(chunk))
          .join("") + guard.end(),
      );
      for (let i = 0; i + 50 <= sent.length; i++) {
        for (const secret of secrets) expect(secret.includes(sent.slice(i, i + 50))).toBe(false);
      }
    }),
    { numRuns: 400 },
  );
});

test("text of any kind takes linear time", () => {
  const cost = (unit: string) => {
    const text = unit.repeat(Math.ceil(60_000 / unit.length));
    const start = performance.now();
    check(text);
    return performance.now() - start;
  };
  const longest = Math.max(
    ...["<a", "&#1", "\\u{0", "](", "%4", "a", "ask one ", "QUJD", "0x", "é", "= "].map(cost),
  );
  expect(longest).toBeLessThan(3000);
});
