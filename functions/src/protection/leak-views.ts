import { fold, skeleton } from "./fold";
import { TURNED } from "./fold-confusables";
import type { CodePoints } from "./leak-bytes";
import { Cursor, type Holding, type Observer } from "./leak-cursor";
import { Decoders } from "./leak-decoders";
import { Disguise } from "./leak-disguise";
import type { LeakIndex } from "./leak-index";
import { opposite, Steps } from "./leak-readings";
import { joins, Spread } from "./leak-spread";

/** The two indexes of the secrets: by characters, and by the steps between letters. */
export interface Indexes {
  readonly text: LeakIndex;
  readonly steps: LeakIndex;
}

/** Encodings are undone in each other this often: base64 in hex, but not three deep. */
const MAX_DEPTH = 2;
/** Words that are spread over a text share more with it by chance: they are held back from here on. */
const SPREAD_FROM = 16;
/** A decoder's output is looked at from this many legible characters in a row on. */
const LEGIBLE_RUN = 8;

/** Everything the views of one text share. */
export class Watch {
  readonly holding: Holding = { count: 0 };
  private readonly cursors: Cursor[] = [];

  constructor(
    readonly indexes: Indexes,
    private readonly observer: Observer,
  ) {}

  cursor(index: LeakIndex, holdFrom?: number): Cursor {
    const cursor = new Cursor(index, this.observer, this.holding, holdFrom);
    this.cursors.push(cursor);
    return cursor;
  }

  /** Up to where the text may be sent when its first `now` characters have been looked at. */
  limit(now: number): number {
    if (this.holding.count === 0) return now;
    let limit = now;
    for (const cursor of this.cursors) limit = Math.min(limit, cursor.heldFrom(now));
    return limit;
  }
}

/** Lets through only what reads like text: the wrong alignments of an encoding give noise. */
class Gate implements CodePoints {
  private run = 0;
  private views: Views | undefined;
  private readonly codes = new Array<number>(LEGIBLE_RUN);
  private readonly places = new Array<number>(LEGIBLE_RUN);

  constructor(private readonly open: () => Views) {}

  feed(code: number, at: number): void {
    if (code === 0) return;
    const legible = code >= 160 ? code !== 0xfffd : (code >= 32 && code < 127) || (code >= 9 && code <= 13);
    if (!legible) this.run = 0;
    else if (this.run >= LEGIBLE_RUN) this.views?.feed(code, at);
    else {
      this.codes[this.run] = code;
      this.places[this.run++] = at;
      if (this.run === LEGIBLE_RUN) this.replay();
    }
  }

  private replay(): void {
    this.views ??= this.open();
    for (let i = 0; i < LEGIBLE_RUN; i++) this.views.feed(this.codes[i] as number, this.places[i] as number);
  }
}

/** All views of one text (or of one decoding of it). */
export class Views implements CodePoints {
  private readonly plain: Cursor;
  private readonly initials: Cursor;
  private readonly turned: Cursor;
  private readonly rot47: Cursor;
  private readonly caesar: Cursor;
  private readonly atbash: Cursor;
  private readonly disguise: Disguise;
  private readonly spread: Spread | undefined;
  private readonly decoders: Decoders | undefined;
  private readonly steps = new Steps();
  private inWord = false;

  constructor(
    private readonly watch: Watch,
    depth = 0,
  ) {
    const { text, steps } = watch.indexes;
    const cursor = () => watch.cursor(text);
    [this.plain, this.initials, this.turned, this.rot47] = [cursor(), cursor(), cursor(), cursor()];
    [this.caesar, this.atbash] = [watch.cursor(steps), watch.cursor(steps)];
    const undisguised = cursor();
    this.disguise = new Disguise((folded, at) => undisguised.feed(text.symbolOf(skeleton(folded)), at));
    const letters = (holdFrom?: number): CodePoints => {
      const each = watch.cursor(text, holdFrom);
      return { feed: (letter, at) => each.feed(text.symbolOf(skeleton(letter)), at) };
    };
    if (depth === 0) this.spread = new Spread(() => letters(SPREAD_FROM));
    if (depth < MAX_DEPTH) {
      this.decoders = new Decoders(() => new Gate(() => new Views(watch, depth + 1)), letters, depth === 0);
    }
  }

  feed(code: number, at: number): void {
    const folded = fold(code);
    const { text } = this.watch.indexes;
    const begins = !this.inWord;
    for (let i = 0; i < folded.length; i++) this.character(folded[i] as number, at, begins);
    this.inWord = folded.length > 0 || (this.inWord && joins(code));
    if (code > 32 && code < 127) {
      const rotated = fold(33 + ((code - 33 + 47) % 94))[0];
      if (rotated !== undefined) this.rot47.feed(text.symbolOf(skeleton(rotated)), at);
    }
    this.disguise.feed(code, at);
    this.spread?.feed(code, folded, at);
    this.decoders?.feed(code, at);
  }

  /** What only the end of the text completes. */
  end(): void {
    this.disguise.end();
    this.decoders?.end();
  }

  private character(folded: number, at: number, begins: boolean): void {
    const { text, steps } = this.watch.indexes;
    const symbol = text.symbolOf(skeleton(folded));
    this.plain.feed(symbol, at);
    if (begins) this.initials.feed(symbol, at);
    const turned = TURNED.get(folded);
    this.turned.feed(turned === undefined ? symbol : text.symbolOf(skeleton(turned)), at);
    const step = this.steps.next(folded);
    if (step < 0) return;
    this.caesar.feed(steps.symbolOf(step), at);
    this.atbash.feed(steps.symbolOf(opposite(step)), at);
  }
}
