/** How far behind the network the shown text may run, in milliseconds: hides stutters, too short to notice. */
const BEHIND_MS = 350;
const AT_LEAST_PER_S = 30;

/** How many more characters to show after `elapsedMs`, with `waiting` of them not shown yet. */
export function pace(waiting: number, elapsedMs: number): number {
  const share = (waiting * elapsedMs) / BEHIND_MS;
  const least = (AT_LEAST_PER_S * elapsedMs) / 1000;
  return Math.min(waiting, Math.ceil(Math.max(share, least)));
}

/** The nearest cut at or after `at` that does not split a character written as two code units. */
export function wholeCut(text: string, at: number): number {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? at + 1 : at;
}

/**
 * Text arrives in bursts and is shown in a steady flow. At once where nobody looks (a hidden page draws no
 * frames) and where motion is not wanted.
 */
export class Flow {
  private text = "";
  private shown = 0;
  private frame = 0;
  private last = 0;
  private drained: (() => void) | undefined;

  constructor(private readonly show: (text: string) => void) {}

  push(more: string) {
    this.text += more;
    if (isUnwatched()) this.flush();
    else if (!this.frame) this.start();
  }

  /** Begins again: the reply is told a second time after a dropped connection. */
  reset() {
    this.stop();
    this.text = "";
    this.shown = 0;
  }

  /** Everything that has come, at once. */
  flush() {
    this.stop();
    this.shown = this.text.length;
    this.show(this.text);
    this.drained?.();
  }

  /** Resolves when the whole reply is shown; where it is not what was shown so far, it replaces that at once. */
  async finish(whole: string): Promise<void> {
    const goesOn = whole.startsWith(this.text.slice(0, this.shown));
    this.text = whole;
    if (!goesOn || isUnwatched()) return this.flush();
    if (this.shown === whole.length) return;
    await new Promise<void>((resolve) => {
      this.drained = resolve;
      if (!this.frame) this.start();
    });
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
    this.shown = wholeCut(this.text, this.shown + pace(waiting, elapsed));
    this.show(this.text.slice(0, this.shown));
    if (this.shown < this.text.length) {
      this.frame = requestAnimationFrame(this.step);
      return;
    }
    this.stop();
    this.drained?.();
  };
}

const isUnwatched = () => document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches;
