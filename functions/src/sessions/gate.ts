import type { Coverage, LeakGuard } from "../protection/leak-guard";

type Way<T> = {
  /** Counts what is about to be shown; whether it may be. */
  count: (shown: Coverage) => Promise<boolean>;
  say: (piece: T) => void;
  /** Called when nothing more will be said. */
  stop: () => void;
};

/**
 * The way out of what a guard lets out. Ordinary pieces pass at once, in the same call; one that shows some of the
 * prompts waits, and all behind it, until that has been counted: two sessions at once cannot both show it.
 */
export class Gate<T> {
  private waiting: T[] = [];
  private counting: Promise<void> | null = null;
  private over = false;
  private problem: unknown;

  constructor(
    readonly guard: LeakGuard,
    private readonly way: Way<T>,
  ) {}

  /** The reply gave too much away: nothing more is said of it. */
  get blocked(): boolean {
    return this.guard.blocked || this.over;
  }

  /** Takes what the guard has just let out; "" where that was nothing. */
  pass(piece: T | ""): void {
    if (this.guard.blocked) this.way.stop();
    if (this.blocked || this.problem || piece === "") return;
    this.waiting.push(piece);
    if (!this.counting) this.flush();
  }

  /** Waits for what is being counted. @throws what counting threw */
  async settled(): Promise<void> {
    while (this.counting) await this.counting;
    if (this.problem) throw this.problem;
  }

  private flush(): void {
    if (this.waiting.length === 0) return;
    const pieces = this.waiting;
    this.waiting = [];
    const shown = this.guard.takeShown();
    if (shown) this.counting = this.counted(shown, pieces);
    else pieces.forEach(this.way.say);
  }

  private async counted(shown: Coverage, pieces: T[]): Promise<void> {
    try {
      this.over = !(await this.way.count(shown));
    } catch (error) {
      this.problem = error;
    }
    this.counting = null;
    if (this.blocked || this.problem) this.way.stop();
    else {
      pieces.forEach(this.way.say);
      this.flush();
    }
  }
}
