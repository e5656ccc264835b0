import fc from "fast-check";
import { condensed, KEPT_MESSAGES, toCondense } from "./condense";
import type { Entry } from "./context";

const talk = (turns: number, words = 100): Entry[] =>
  Array.from({ length: turns }, (_, seq) => [
    { seq, role: "user" as const, content: `question ${seq} ${"word ".repeat(words)}` },
    { seq, role: "assistant" as const, content: `answer ${seq} ${"word ".repeat(words)}` },
  ]).flat();

test("a small context is left alone", () => {
  expect(toCondense(talk(5), { contextWindow: 128_000 })).toEqual([]);
});

test("past 60 % of the window the oldest are to be summed up, the last four stay", () => {
  const entries = talk(30);
  const old = toCondense(entries, { contextWindow: 8_192 });
  expect(old).toEqual(entries.slice(0, -KEPT_MESSAGES));
  const after = condensed(entries, old.at(-1)?.seq ?? 0, "what was said");
  expect(after.map(({ content }) => content)).toEqual([
    "what was said",
    ...entries.slice(-KEPT_MESSAGES).map(({ content }) => content),
  ]);
});

test("a large window is condensed at 32,000 tokens", () => {
  expect(toCondense(talk(200, 50), { contextWindow: 1_000_000 })).toEqual([]);
  expect(toCondense(talk(200, 100), { contextWindow: 1_000_000 }).length).toBeGreaterThan(0);
});

test("turns are never torn apart, and condensing always makes progress", () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 60 }), fc.integer({ min: 100, max: 400 }), (turns, words) => {
      const entries = talk(turns, words);
      const old = toCondense(entries, { contextWindow: 1_000 });
      const upTo = old.at(-1)?.seq ?? -1;
      const after = condensed(entries, upTo, "summary");
      expect(after).toHaveLength(1 + entries.length - old.length);
      expect(old.length).toBeGreaterThan(0);
      for (const { seq } of after.slice(1))
        expect(after.filter((entry) => entry.seq === seq)).toHaveLength(2);
    }),
  );
});
