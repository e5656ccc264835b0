import { pace, wholeCut } from "./flow";

test.each([
  ["nothing waits, nothing comes", 0, 16, 0],
  ["a trickle still moves", 1, 16, 1],
  ["a burst is spread out", 700, 16, 32],
  ["never more than there is", 5, 10_000, 5],
])("%s", (_, waiting, elapsedMs, expected) => {
  expect(pace(waiting, elapsedMs)).toBe(expected);
});

test("a character of two code units is not cut", () => {
  const text = "a\u{1F642}b";
  expect([1, 2, 3, 4].map((at) => text.slice(0, wholeCut(text, at)))).toEqual([
    "a",
    "a\u{1F642}",
    "a\u{1F642}",
    "a\u{1F642}b",
  ]);
});
