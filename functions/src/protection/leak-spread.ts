import type { CodePoints } from "./leak-bytes";

/** A text's words may stand at every second, third or fourth place, with other words (keys, numbers) between. */
const PERIODS = [2, 3, 4];
const LINE_ENDS = new Set([10, 13, 0x2028, 0x2029]);
const JOINTS = new Set([39, 0x2019, 45]);

/** Whether a character that folds to nothing does not end the word: ' ’ - and marks, vowels in Indian scripts. */
export const joins = (code: number) =>
  JOINTS.has(code) || (code >= 0x300 && /\p{M}/u.test(String.fromCodePoint(code)));

/** Reads what is spread over other text: every n-th word, the first word of each line, the first letter of each line. */
export class Spread {
  private readonly everyNth: readonly (readonly CodePoints[])[];
  private readonly firstWords: CodePoints;
  private readonly firstLetters: CodePoints;
  private words = 0;
  private wordsInLine = 0;
  private inWord = false;

  constructor(cursor: () => CodePoints) {
    this.everyNth = PERIODS.map((period) => Array.from({ length: period }, cursor));
    this.firstWords = cursor();
    this.firstLetters = cursor();
  }

  /** Takes a character and what it folds to. */
  feed(code: number, folded: readonly number[], at: number): void {
    if (LINE_ENDS.has(code)) this.wordsInLine = 0;
    if (folded.length === 0) {
      this.inWord &&= joins(code);
      return;
    }
    const begins = !this.inWord;
    this.inWord = true;
    if (begins) {
      this.words++;
      this.wordsInLine++;
    }
    for (const letter of folded) {
      if (begins && this.wordsInLine === 1) this.firstLetters.feed(letter, at);
      this.letter(letter, at);
    }
  }

  private letter(letter: number, at: number): void {
    for (const words of this.everyNth) words[this.words % words.length]?.feed(letter, at);
    if (this.wordsInLine === 1) this.firstWords.feed(letter, at);
  }
}
