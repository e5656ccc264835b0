import { type Automaton, buildAutomaton } from "./leak-automaton";

/**
 * One way to read the secrets, ready for matching. Its text is all secrets in all reading orders, each behind
 * a separator that no stream contains; `origin` leads from there to positions in the folded secrets, so that
 * a run counts the same whichever way it was read.
 */
export interface LeakIndex {
  readonly automaton: Automaton;
  /** Symbol of a folded character, or -1 when no secret has it. */
  symbolOf(code: number): number;
  /** Folded position of each symbol, -1 for separators. */
  readonly origin: Int32Array;
  /** weightBefore[i]: what the symbols before i count together. */
  readonly weightBefore: Int32Array;
  /** What a run counts more than its symbols: a run of n letter steps stands for n + 1 letters. */
  readonly bonus: number;
  readonly bytes: number;
}

/** A reading order of a secret: symbols and the folded position of each. */
export interface Reading {
  readonly codes: readonly number[];
  readonly positions: readonly number[];
}

function symbolTable(readings: readonly Reading[]): { symbolOf: (code: number) => number; count: number } {
  const low = new Int32Array(128).fill(-1);
  const high = new Map<number, number>();
  let count = 0;
  for (const { codes } of readings) {
    for (const code of codes) {
      if (code < 128) {
        if (low[code] === -1) low[code] = count++;
      } else if (!high.has(code)) high.set(code, count++);
    }
  }
  const symbolOf = (code: number) => (code < 128 ? (low[code] as number) : (high.get(code) ?? -1));
  return { symbolOf, count };
}

/** Indexes readings; `weights` is what each folded position counts. */
export function buildIndex(readings: readonly Reading[], weights: Uint8Array, bonus: number): LeakIndex {
  const { symbolOf, count } = symbolTable(readings);
  const total = readings.reduce((sum, { codes }) => sum + codes.length + 1, 0);
  const symbols = new Int32Array(total);
  const origin = new Int32Array(total).fill(-1);
  let at = 0;
  readings.forEach(({ codes, positions }, reading) => {
    symbols[at++] = count + reading;
    codes.forEach((code, i) => {
      symbols[at] = symbolOf(code);
      origin[at++] = positions[i] ?? -1;
    });
  });
  const automaton = buildAutomaton(symbols, count + readings.length);
  const weightBefore = sumBefore(origin, weights);
  const bytes = automaton.bytes + origin.byteLength + weightBefore.byteLength;
  return { automaton, symbolOf, origin, weightBefore, bonus, bytes };
}

/** Prefix sums over an index's symbols of what each one's folded position counts; exempt ones count nothing. */
export function sumBefore(origin: Int32Array, weights: Uint8Array, exempt?: Uint8Array): Int32Array {
  const sums = new Int32Array(origin.length + 1);
  for (let i = 0; i < origin.length; i++) {
    const position = origin[i] as number;
    const counts = position >= 0 && exempt?.[position] !== 1;
    sums[i + 1] = (sums[i] as number) + (counts ? (weights[position] as number) : 0);
  }
  return sums;
}
