import fc from "fast-check";
import { compareTexts, type Piece } from "./diff";

const marks = { same: ["", ""], added: ["{+", "+}"], removed: ["[-", "-]"] } as const;
const show = (pieces: Piece[]) =>
  pieces.map(({ kind, text }) => `${marks[kind][0]}${text}${marks[kind][1]}`).join("");

test.each([
  ["nothing changed", "a b", "a b", "a b"],
  [
    "a word in the middle",
    "You are a calm coach.",
    "You are a brisk coach.",
    "You are a [-calm-]{+brisk+} coach.",
  ],
  ["a new line at the end", "One.\n", "One.\nTwo.", "One.\n{+Two.+}"],
  ["a line that went", "One.\nTwo.\nThree.", "One.\nThree.", "One.\n[-Two.\n-]Three."],
  ["from nothing", "", "Hello.", "{+Hello.+}"],
  ["to nothing", "Hello.", "", "[-Hello.-]"],
])("%s", (_, from, to, expected) => expect(show(compareTexts(from, to))).toBe(expected));

const text = fc
  .array(fc.constantFrom("you ", "are ", "a ", "coach", "\n", "\n\n", " ", "x"), { maxLength: 40 })
  .map((parts) => parts.join(""));

test("both texts can be read off any comparison", () => {
  fc.assert(
    fc.property(text, text, (from, to) => {
      const pieces = compareTexts(from, to);
      const without = (kind: Piece["kind"]) =>
        pieces
          .filter((piece) => piece.kind !== kind)
          .map((piece) => piece.text)
          .join("");
      expect(without("added")).toBe(from);
      expect(without("removed")).toBe(to);
    }),
  );
});

test("two long texts with nothing in common are compared at once", () => {
  const long = (word: string) => Array.from({ length: 6_000 }, (_, n) => `${word}${n}`).join(" ");
  const pieces = compareTexts(long("a"), long("b"));
  expect(pieces.map(({ kind }) => kind)).toEqual(["removed", "added"]);
});
