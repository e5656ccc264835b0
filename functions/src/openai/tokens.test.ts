import fc from "fast-check";
import { estimateMessages, estimateTokens } from "./tokens";

// The true counts are o200k_base's, from gpt-tokenizer 4.0.0.
const TRUTH = {
  English: [
    "I've been feeling stuck at work lately and I don't know whether I should quit. My manager keeps changing priorities, and honestly I'm tired. What would you do?",
    32,
  ],
  code: [
    "export async function load(id: string): Promise<User | null> {\n  const snapshot = await users.doc(id).get();\n  return snapshot.exists ? parseUser(snapshot.data()) : null;\n}\n",
    39,
  ],
  JSON: [
    '{"id":"ses_8f3kQz","object":"session","usage":{"input_tokens":1284,"cached_tokens":0,"cost_usd":0.000512}}',
    38,
  ],
  Chinese: ["今天下午我们在公园里散步，天气非常好。你最近工作怎么样？记得按时吃饭，注意休息。", 30],
  Japanese: ["最近、仕事で少し疲れていて、どうすればいいのか分かりません。アドバイスをいただけますか？", 31],
  Korean: ["요즘 회사 일이 너무 많아서 조금 지쳤어요. 어떻게 하면 좋을까요?", 18],
  emoji: ["Great job!! 🎉🎉 I'm so proud of you ❤️ dinner tonight? 👨‍👩‍👧 🍝 or pizza 🍕😋 🇩🇪 👍🏽 ✅", 40],
  German: [
    "Ich weiß nicht, ob ich kündigen soll; die Prioritäten ändern sich ständig, und ehrlich gesagt bin ich müde.",
    25,
  ],
  numbers: ["2026-11-21T05:22:41Z, 1048576, 3.14159, +49 30 901820, 12,500.00", 39],
} as const;

test.each(Object.entries(TRUTH))("%s: at most 10 % too low, at most 70 % too high", (_, [text, tokens]) => {
  const ratio = estimateTokens(text) / tokens;
  expect(ratio).toBeGreaterThanOrEqual(0.9);
  expect(ratio).toBeLessThanOrEqual(1.7);
});

test.each([
  ["", 0],
  [" ", 0],
  ["a", 1],
  ["\n", 1],
  ["the cat sat", 3],
  ["userName", 2],
])("%j is about %d tokens", (text, tokens) => expect(estimateTokens(text)).toBe(tokens));

const anyText = fc.string({ unit: "binary", maxLength: 200 });

test("a longer text never has fewer tokens than its beginning", () => {
  fc.assert(fc.property(anyText, anyText, (a, b) => estimateTokens(a + b) >= estimateTokens(a)));
});

test("no text has more than four tokens a code unit", () => {
  const anyUnits = fc.array(fc.nat({ max: 0xffff })).map((units) => String.fromCharCode(...units));
  fc.assert(fc.property(anyUnits, (text) => estimateTokens(text) <= 4 * text.length));
});

test("messages cost their texts, 4 tokens each and 3 in all", () => {
  expect(estimateMessages([])).toBe(3);
  expect(
    estimateMessages([
      { role: "system", content: "the cat sat" },
      { role: "assistant", content: null },
    ]),
  ).toBe(3 + 4 + 3 + 4);
});
