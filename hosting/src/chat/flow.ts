/** How far behind the network the shown text may run, in milliseconds: hides stutters, too short to notice. */
const BEHIND_MS = 200;
/** The same once all has come, and nothing can stutter any more. */
const BEHIND_AT_END_MS = 80;
const AT_LEAST_PER_S = 30;

/** How many more characters to show after `elapsedMs`, with `waiting` of them not shown yet. */
export function pace(waiting: number, elapsedMs: number, atEnd: boolean): number {
  const share = (waiting * elapsedMs) / (atEnd ? BEHIND_AT_END_MS : BEHIND_MS);
  const least = (AT_LEAST_PER_S * elapsedMs) / 1000;
  return Math.min(waiting, Math.ceil(Math.max(share, least)));
}

/** The nearest cut at or after `at` that does not split a character written as two code units. */
export function wholeCut(text: string, at: number): number {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? at + 1 : at;
}

/** Whether this is (so far) only what the reader has read already. */
export const isToldAgain = (told: string, text: string) => text.length < told.length && told.startsWith(text);

/** How much of the text may count as shown: all that was told where it goes on from there, else nothing. */
export const whereToGoOn = (told: string, text: string) => (text.startsWith(told) ? told.length : 0);

/**
 * Text arrives in bursts and is shown in a steady flow. At once where nobody looks (a hidden page draws no
 * frames) and where motion is not wanted.
 */
export class Flow {
  private text = "";
  private shown = 0;
  /** What the reader sees: after a `reset` it stays until the reply that is told again has passed it. */
  private told = "";
  private frame = 0;
  private last = 0;
  private drained: (() => void) | undefined;

  constructor(private readonly draw: (text: string) => void) {}

  push(more: string) {
    this.text += more;
    if (isToldAgain(this.told, this.text)) return;
    this.shown = whereToGoOn(this.told, this.text);
    if (isUnwatched()) this.flush();
    else if (!this.frame) this.start();
  }

  /** Begins again: the reply is told a second time after a dropped connection. */
  reset() {
    this.stop();
    this.text = "";
  }

  /** Everything that has come, at once; never less than what is shown already. */
  flush() {
    this.stop();
    if (!isToldAgain(this.told, this.text)) this.show(this.text.length);
    this.drained?.();
  }

  /** What has come so far. */
  get all(): string {
    return this.told.length > this.text.length ? this.told : this.text;
  }

  /** Resolves when the whole reply is shown; where it is not what was shown so far, it replaces that at once. */
  async finish(whole: string): Promise<void> {
    const goesOn = whole.startsWith(this.told);
    this.text = whole;
    if (this.told === whole) return;
    this.shown = whereToGoOn(this.told, whole);
    if (!goesOn || isUnwatched()) return this.flush();
    await new Promise<void>((resolve) => {
      this.drained = resolve;
      if (!this.frame) this.start();
    });
  }

  private show(upTo: number) {
    this.shown = upTo;
    this.told = this.text.slice(0, upTo);
    this.draw(this.told);
  }

  private start() {
    this.last = performance.now();
    this.frame = requestAnimationFrame(this.step);
    document.addEventListener("visibilitychange", this.onHidden);
  }

  private stop() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    document.removeEventListener("visibilitychange", this.onHidden);
  }

  private readonly onHidden = () => this.flush();

  private readonly step = (now: number) => {
    const waiting = this.text.length - this.shown;
    const elapsed = Math.max(now - this.last, 1);
    this.last = now;
    this.show(wholeCut(this.text, this.shown + pace(waiting, elapsed, this.drained !== undefined)));
    if (this.shown < this.text.length) {
      this.frame = requestAnimationFrame(this.step);
      return;
    }
    this.stop();
    this.drained?.();
  };
}

const isUnwatched = () => document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches;
