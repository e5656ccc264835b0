import { isToldAgain, pace, whereToGoOn, wholeCut } from "./flow";

test.each([
  ["nothing waits, nothing comes", 0, 16, false, 0],
  ["a trickle still moves", 1, 16, false, 1],
  ["a burst is spread out", 700, 16, false, 56],
  ["less so when all has come", 700, 16, true, 140],
  ["never more than there is", 5, 10_000, false, 5],
])("%s", (_, waiting, elapsedMs, atEnd, expected) => {
  expect(pace(waiting, elapsedMs, atEnd)).toBe(expected);
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

test.each([
  ["a reply that is told again waits until it is new", "Hello you", "Hello", true, 0],
  ["then it goes on where it was", "Hello", "Hello you", false, 5],
  ["another reply begins anew", "Hello", "Good day", false, 0],
])("%s", (_, told, text, again, from) => {
  expect([isToldAgain(told, text), whereToGoOn(told, text)]).toEqual([again, from]);
});
