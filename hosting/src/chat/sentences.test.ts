import { aloud, sentencesAfter } from "./sentences";

test.each([
  ["nothing before the first end", "Half a sent", 0, "", 0],
  ["whole sentences only", "One. Two? Thr", 0, "One. Two?", 10],
  ["what was said is not said again", "One. Two? Three. ", 10, "Three.", 17],
  ["a number is not an end", "It is 3.5 or", 0, "", 0],
  ["a line ends a thought", "- first\n- sec", 0, "- first", 8],
  ["other scripts end theirs differently", "你好。我", 0, "你好。", 3],
])("%s", (_, text, from, said, upTo) => expect(sentencesAfter(text, from)).toEqual({ said, upTo }));

test("marks are not read aloud", () => {
  expect(aloud("**Bold** and `code`, see [the page](https://a.b/c).")).toBe("Bold and code, see the page.");
});
