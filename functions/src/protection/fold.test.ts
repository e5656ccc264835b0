import fc from "fast-check";
import { fold, foldText, skeleton } from "./fold";

const folded = (text: string) => String.fromCodePoint(...foldText(text).codes);

test.each([
  ["case, spaces and punctuation", "Ask: ONE question!", "askonequestion"],
  ["accents and combining marks", "Él dïjo q\u0336u\u0336é", "eldijoque"],
  ["zero-width and soft hyphen", "a\u200bs\u200dk\ufeff \u00adone", "askone"],
  ["full width and mathematical", "Ａｓｋ 𝐨𝐧𝐞 𝓺𝓾𝓮𝓼𝓽", "askonequest"],
  [
    "circled, squared, negative and flags' letters",
    "ⓐⓢⓚ 🄾🄽🄴 🅠🅤 🇪🇸",
    "askonequés".normalize("NFD").replace(/\p{M}/gu, ""),
  ],
  ["Cyrillic and Greek look-alikes", "аѕк οnе", "askone"],
  ["invisible tag letters", "\u{e0061}\u{e0073}\u{e006b}", "ask"],
  ["ligatures", "ﬁnd straße", "findstrasse"],
  ["small capitals, turned letters, Braille", "ᴀsᴋ ǝuo ⠁⠎⠅", "askeuoask"],
])("folds %s", (_, given, wanted) => expect(folded(given)).toBe(wanted));

test.each([
  ["Latin", "Ask 1", 4],
  ["Chinese", "一次只提", 12],
  ["Japanese", "あなたは", 12],
  ["half width kana", "ｱﾅ", 6],
  ["Korean", "한국어", 9],
])("%s counts", (_, given, wanted) => {
  expect(foldText(given).weights.reduce((sum, each) => sum + each, 0)).toBe(wanted);
});

test("leetspeak digits and the letters they stand for are one", () => {
  const skeletonOf = (text: string) => foldText(text).codes.map(skeleton);
  expect(skeletonOf("4sk 0n3 qu357i0n l1st")).toEqual(skeletonOf("ask one question list"));
});

test("folding a text is folding its code points, and a folded text folds to itself", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const codes = Array.from(text).flatMap((char) => [...fold(char.codePointAt(0) ?? 0)]);
      expect(foldText(text).codes).toEqual(codes);
      expect(codes.flatMap((code) => [...fold(code)])).toEqual(codes);
    }),
  );
});
