import { latinFor } from "./fold-confusables";

const LETTER_OR_DIGIT = /^[\p{L}\p{N}]$/u;
const CJK = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u;
const MAX_CACHED = 8192;

const NOTHING: readonly number[] = [];
const ascii: (readonly number[])[] = [];
const cache = new Map<number, readonly number[]>();

function compute(code: number): readonly number[] {
  if (code >= 0xd800 && code <= 0xdfff) return NOTHING;
  const folded: number[] = [];
  for (const char of String.fromCodePoint(code).normalize("NFKD").toLowerCase().normalize("NFKD")) {
    const latin = latinFor(char.codePointAt(0) ?? 0);
    if (latin) for (const letter of latin) folded.push(letter.charCodeAt(0));
    else if (LETTER_OR_DIGIT.test(char)) folded.push(char.codePointAt(0) ?? 0);
  }
  return folded;
}

for (let code = 0; code < 128; code++) ascii.push(compute(code));

/**
 * The folded characters of one code point: NFKD, lower case, look-alikes as Latin, letters and digits only.
 * Spaces, punctuation, marks and invisible characters fold to nothing. One code point at a time, so that the
 * result never depends on where a stream was cut.
 */
export function fold(code: number): readonly number[] {
  const plain = ascii[code];
  if (plain) return plain;
  let folded = cache.get(code);
  if (!folded) {
    if (cache.size >= MAX_CACHED) cache.clear();
    folded = compute(code);
    cache.set(code, folded);
  }
  return folded;
}

const SKELETON = new Int32Array(128).map((_, code) => code);
for (const [from, to] of ["0o", "1i", "li", "2z", "3e", "4a", "5s", "6g", "7t", "8b", "9g"].map((pair) => [
  pair.charCodeAt(0),
  pair.charCodeAt(1),
])) {
  SKELETON[from as number] = to as number;
}

/** Merges digits with the letters they stand for in leetspeak (and l with i), on both sides of a comparison. */
export function skeleton(folded: number): number {
  return folded < 128 ? (SKELETON[folded] as number) : folded;
}

/** Characters that are read as letters inside a word in leetspeak, as folded letters. */
export const LEET_SIGNS = new Map<number, number>(
  ["@a", "$s", "!i", "|i", "€e", "£l", "¢c", "¡i", "§s"].map((pair) => [
    pair.codePointAt(0) ?? 0,
    pair.charCodeAt(1),
  ]),
);

/**
 * A folded text: its characters, what each counts, and of which character and which white-space separated
 * word of the text each is a part.
 */
export interface FoldedText {
  readonly codes: readonly number[];
  readonly weights: readonly number[];
  readonly units: readonly number[];
  readonly words: readonly number[];
}

/** What a folded character counts: CJK three (a Hangul syllable is 1 + 2 + 0 over its parts), others one. */
function weigh(code: number): number {
  if (code >= 0x1161 && code <= 0x1175) return 2;
  if (code >= 0x11a8 && code <= 0x11c2) return 0;
  return code >= 0x2e80 && CJK.test(String.fromCodePoint(code)) ? 3 : 1;
}

/** Folds a whole text, keeping what the leak guard's index needs. */
export function foldText(text: string): FoldedText {
  const codes: number[] = [];
  const weights: number[] = [];
  const units: number[] = [];
  const words: number[] = [];
  let unit = 0;
  let word = 0;
  for (const char of text) {
    unit++;
    if (/\s/.test(char)) word++;
    for (const code of fold(char.codePointAt(0) ?? 0)) {
      codes.push(code);
      weights.push(weigh(code));
      units.push(unit);
      words.push(word);
    }
  }
  return { codes, weights, units, words };
}
