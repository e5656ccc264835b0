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

type Order = readonly number[];

/** Backwards by characters of the text: the parts of a Hangul syllable or a ligature stay in order. */
function backwards(order: Order, units: readonly number[]): Order {
  const result: number[] = [];
  let end = order.length;
  for (let start = end - 1; start >= 0; start--) {
    if (start > 0 && units[order[start - 1] ?? 0] === units[order[start] ?? 0]) continue;
    result.push(...order.slice(start, end));
    end = start;
  }
  return result;
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
  const { codes, units, words } = folded;
  const forwards = codes.map((_, i) => i);
  const wordsBackwards = forwards.toSorted((a, b) => (words[b] ?? 0) - (words[a] ?? 0) || a - b);
  const read = (order: Order): Reading => ({
    codes: order.map((i) => codes[i] ?? 0),
    positions: order.map((i) => offset + i),
  });
  const [plain, mirrored] = [read(forwards), read(backwards(forwards, units))];
  const others = [read(wordsBackwards), read(backwards(wordsBackwards, units))];
  return { text: [plain, mirrored, ...others].map(inSkeleton), steps: [plain, mirrored].map(inSteps) };
}
