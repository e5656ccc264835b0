import { type FoldedText, foldText } from "./fold";
import type { Automaton } from "./leak-automaton";
import type { Cursor, Observer } from "./leak-cursor";
import { buildIndex, type LeakIndex, type Reading, sumBefore } from "./leak-index";
import { readingsOf } from "./leak-readings";
import { type Indexes, Views, Watch } from "./leak-views";

/** Shared runs that count less than this do not exempt a place: they are too short to mean anything. */
const EXEMPT_FROM = 12;

/** How much of one secret may go out. All in folded characters, CJK counted three each. */
export interface Allowance {
  /** Its folded positions: [first, behind the last). */
  readonly first: number;
  readonly behind: number;
  /** A run that counts this much is blocked. */
  readonly run: number;
  /** So is what makes the total of all runs of 20 and more this much. */
  readonly total: number;
}

/** Which places of the secrets are known anyway, and what the others count: prefix sums for each index. */
export interface Openness {
  readonly exempt: Uint8Array;
  readonly text: Int32Array;
  readonly steps: Int32Array;
}

/** Secrets ready for matching; immutable, made once for each assistant version. */
export interface PreparedSecrets {
  readonly indexes: Indexes;
  readonly weights: Uint8Array;
  readonly allowances: readonly Allowance[];
  readonly openness: Openness;
  /** Memory held, for cache limits: about 300 bytes for each prompt character. */
  readonly bytes: number;
}

/**
 * 50, less for short secrets: two fifths of what there is to protect, at least 24. Under 24 only the whole
 * secret is blocked, and under 16 nothing can be: such a sentence turns up in innocent answers.
 */
function runAllowance(weight: number): number {
  if (weight < 16) return Number.POSITIVE_INFINITY;
  return weight < 24 ? weight : Math.min(50, Math.max(24, Math.ceil(weight * 0.4)));
}

/**
 * 15 %, and always as much as one run may have, at least 30: else an assistant with a short prompt could not introduce
 * itself in the words of its role, and two common phrases would use up the allowance.
 */
function totalAllowance(weight: number): number {
  return weight < 16
    ? Number.POSITIVE_INFINITY
    : Math.max(30, runAllowance(weight), Math.floor(weight * 0.15));
}

/** Marks, for every state of an index, the longest string of it that a text contains. */
class Sightings implements Observer {
  private readonly longest = new Map<LeakIndex, Int32Array>();

  matched(cursor: Cursor): boolean {
    const { index, length, state } = cursor;
    const end = (index.automaton.end[state] as number) + 1;
    const before = index.weightBefore;
    const counts = (before[end] as number) - (before[end - length] as number) + index.bonus;
    if (counts < EXEMPT_FROM) return false;
    let longest = this.longest.get(index);
    if (!longest) {
      longest = new Int32Array(index.automaton.length.length);
      this.longest.set(index, longest);
    }
    longest[state] = Math.max(longest[state] as number, length);
    return false;
  }

  /** Marks every place where a seen string stands, not only its first; returns whether there was any. */
  mark(exempt: Uint8Array): boolean {
    for (const [{ automaton, origin }, longest] of this.longest) {
      const lengths = inheritedLengths(automaton, longest, origin.length);
      let left = 0;
      for (let end = origin.length - 1; end >= 0; end--) {
        left = Math.max(left - 1, lengths[end] as number);
        const position = origin[end] as number;
        if (left > 0 && position >= 0) exempt[position] = 1;
      }
    }
    return this.longest.size > 0;
  }
}

/** For each place of the indexed text: how long a seen string ends there. A suffix is seen with its string. */
function inheritedLengths(automaton: Automaton, seen: Int32Array, size: number): Int32Array {
  const lengths = new Int32Array(size);
  for (const state of automaton.byLength) {
    const link = automaton.link[state] as number;
    if (link > 0) seen[state] = Math.max(seen[state] as number, seen[link] as number);
    const end = automaton.end[state] as number;
    if (end >= 0 && automaton.length[state] === end + 1) lengths[end] = seen[state] as number;
  }
  return lengths;
}

/** The places of the secrets that the texts contain, in any view, added to those exempt already. */
function exemptBy(texts: readonly string[], indexes: Indexes, already: Uint8Array): Uint8Array {
  const sightings = new Sightings();
  const views = new Views(new Watch(indexes, sightings));
  let at = 0;
  for (const text of texts) {
    for (const char of text) views.feed(char.codePointAt(0) ?? 0, at++);
    views.feed(10, at++);
  }
  views.end();
  const exempt = Uint8Array.from(already);
  return sightings.mark(exempt) ? exempt : already;
}

function opennessOf(exempt: Uint8Array, indexes: Indexes, weights: Uint8Array): Openness {
  const { text, steps } = indexes;
  return {
    exempt,
    text: sumBefore(text.origin, weights, exempt),
    steps: sumBefore(steps.origin, weights, exempt),
  };
}

/** What is still secret when these texts are known too. */
export function opennessAfter(prepared: PreparedSecrets, texts: readonly string[]): Openness {
  const { indexes, weights, openness } = prepared;
  const exempt = exemptBy(texts, indexes, openness.exempt);
  return exempt === openness.exempt ? openness : opennessOf(exempt, indexes, weights);
}

function indexesOf(folded: readonly FoldedText[], weights: Uint8Array): Indexes {
  const readings: { text: Reading[]; steps: Reading[] } = { text: [], steps: [] };
  let offset = 0;
  for (const secret of folded) {
    const { text, steps } = readingsOf(secret, offset);
    readings.text.push(...text);
    readings.steps.push(...steps);
    offset += secret.codes.length;
  }
  return { text: buildIndex(readings.text, weights, 0), steps: buildIndex(readings.steps, weights, 1) };
}

function allowancesOf(folded: readonly FoldedText[], exempt: Uint8Array): Allowance[] {
  let first = 0;
  return folded.map(({ weights }) => {
    const behind = first + weights.length;
    const weight = weights.reduce((sum, each, i) => sum + (exempt[first + i] ? 0 : each), 0);
    const allowance = { first, behind, run: runAllowance(weight), total: totalAllowance(weight) };
    first = behind;
    return allowance;
  });
}

/**
 * Prepares the secrets of an assistant version (its initial and its summary prompt) for any number of guards.
 * What also stands in `publicTexts` (the card) is not secret. Takes about 3 ms for 2,000 characters.
 */
export function prepareSecrets({
  secrets,
  publicTexts,
}: {
  secrets: readonly string[];
  publicTexts: readonly string[];
}): PreparedSecrets {
  const folded = [...new Set(secrets)].map(foldText).filter(({ codes }) => codes.length > 0);
  const weights = Uint8Array.from(folded.flatMap((secret) => secret.weights));
  const indexes = indexesOf(folded, weights);
  const exempt = exemptBy(publicTexts, indexes, new Uint8Array(weights.length));
  const openness = opennessOf(exempt, indexes, weights);
  const sums = openness.text.byteLength + openness.steps.byteLength + 2 * weights.length;
  const bytes = indexes.text.bytes + indexes.steps.bytes + sums;
  return { indexes, weights, allowances: allowancesOf(folded, exempt), openness, bytes };
}
