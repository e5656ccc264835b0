import { type FoldedText, skeleton } from "./fold";
import type { Reading } from "./leak-index";

const LETTERS = 26;
const A = 97;

/**
 * Turns letters into the steps between them (modulo 26), which no Caesar shift changes: rot-1 to rot-25 of a
 * text have the same steps. Digits are left out, so that a numbering between the words does not matter.
 */
export class Steps {
  private previous = -1;

  /** The step to this folded character, or -1 when there is none. */
  next(code: number): number {
    if (code >= 48 && code <= 57) return -1;
    const letter = code >= A && code < A + LETTERS ? code - A : -1;
    const step = letter >= 0 && this.previous >= 0 ? (letter - this.previous + LETTERS) % LETTERS : -1;
    this.previous = letter;
    return step;
  }
}

/** The same steps for the alphabet read backwards (Atbash, and its shifts). */
export function opposite(step: number): number {
  return (LETTERS - step) % LETTERS;
}

function reversed({ codes, positions }: Reading): Reading {
  return { codes: codes.toReversed(), positions: positions.toReversed() };
}

function wordsReversed({ codes, words }: FoldedText, { positions }: Reading): Reading {
  const order = codes.map((_, i) => i).sort((a, b) => (words[b] ?? 0) - (words[a] ?? 0) || a - b);
  return { codes: order.map((i) => codes[i] ?? 0), positions: order.map((i) => positions[i] ?? 0) };
}

function inSkeleton({ codes, positions }: Reading): Reading {
  return { codes: codes.map(skeleton), positions };
}

function inSteps({ codes, positions }: Reading): Reading {
  const steps = new Steps();
  const kept: Reading = { codes: [], positions: [] };
  codes.forEach((code, i) => {
    const step = steps.next(code);
    if (step < 0) return;
    (kept.codes as number[]).push(step);
    (kept.positions as number[]).push(positions[i] ?? 0);
  });
  return kept;
}

/**
 * The orders in which a secret is looked for: as it stands, letters backwards, words backwards, each word
 * backwards; and the first two as steps. `offset` is the folded position of its first character.
 */
export function readingsOf(folded: FoldedText, offset: number): { text: Reading[]; steps: Reading[] } {
  const plain = { codes: folded.codes, positions: folded.codes.map((_, i) => offset + i) };
  const words = wordsReversed(folded, plain);
  return {
    text: [plain, reversed(plain), words, reversed(words)].map(inSkeleton),
    steps: [plain, reversed(plain)].map(inSteps),
  };
}
