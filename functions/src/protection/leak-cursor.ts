import type { LeakIndex } from "./leak-index";

/** Symbols a cursor remembers the place of; longer runs are held from there on. */
const REMEMBERED = 256;
/** A run must count this much before anything is held back. */
export const HOLD_FROM = 8;
/** A run that gets no new symbol for this many characters no longer holds text back (it still counts). */
const PATIENCE = 64;

/** Told of every run that counts at least as much as is held back (8, or 16), after each symbol; returns whether to hold it back. */
export interface Observer {
  matched(cursor: Cursor): boolean;
}

/** Shared by the cursors of one text: how many of them hold something back now. */
export interface Holding {
  count: number;
}

/** Follows one stream of symbols through an index: the longest tail that stands in the secrets. */
export class Cursor {
  state = 0;
  /** Symbols in the run. */
  length = 0;
  /** Place in the text of the newest symbol. */
  at = 0;
  /** Free for the observer: up to which place of the index it has counted the run. */
  countedTo = -1;
  readonly remembered = REMEMBERED;
  private held = false;
  private fed = 0;
  private readonly places = new Int32Array(REMEMBERED);

  constructor(
    readonly index: LeakIndex,
    private readonly observer: Observer,
    private readonly holding: Holding,
    private readonly holdFrom = HOLD_FROM,
  ) {}

  /** Takes the next symbol (-1: one that no secret has), written at `at` in the text. */
  feed(symbol: number, at: number): void {
    const { automaton, weightBefore, bonus } = this.index;
    let { state, length } = this;
    let next = symbol < 0 ? 0 : automaton.next(state, symbol);
    while (next === 0 && state !== 0) {
      state = symbol < 0 ? 0 : (automaton.link[state] as number);
      length = automaton.length[state] as number;
      if (symbol >= 0) next = automaton.next(state, symbol);
    }
    this.state = next;
    this.length = next === 0 ? 0 : length + 1;
    this.at = at;
    this.places[this.fed++ % REMEMBERED] = at;
    const end = automaton.end[next] as number;
    const counts =
      next === 0
        ? 0
        : (weightBefore[end + 1] as number) - (weightBefore[end + 1 - this.length] as number) + bonus;
    this.hold(counts >= this.holdFrom && this.observer.matched(this));
  }

  private hold(held: boolean): void {
    if (held !== this.held) this.holding.count += held ? 1 : -1;
    this.held = held;
  }

  /** Where the held back run starts, or `now` when nothing is held back. */
  heldFrom(now: number): number {
    if (!this.held) return now;
    if (now - this.at > PATIENCE) {
      this.hold(false);
      return now;
    }
    return this.place(Math.min(this.length, REMEMBERED) - 1);
  }

  /** Place in the text of the symbol `back` symbols before the newest; back < 256. */
  place(back: number): number {
    return this.places[(this.fed - 1 - back) % REMEMBERED] as number;
  }
}
