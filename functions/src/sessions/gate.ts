import type { Coverage, LeakGuard } from "../protection/leak-guard";

type Way = {
  /** Counts what is about to be shown; whether it may be. */
  count: (shown: Coverage) => Promise<boolean>;
  say: (text: string) => void;
  stop: () => void;
};

/**
 * Lets a reply out as its guard lets it. Ordinary text passes at once, in the same call; text that shows some of the
 * prompts waits, and all behind it, until that has been counted: two sessions at once cannot both show it.
 */
export class Gate {
  private ready = "";
  private counting: Promise<void> | null = null;
  private over = false;
  private problem: unknown;

  constructor(
    private readonly guard: LeakGuard,
    private readonly way: Way,
  ) {}

  /** The reply gave too much away: nothing more is said of it. */
  get blocked(): boolean {
    return this.guard.blocked || this.over;
  }

  /** Takes the model's next piece. */
  take(delta: string): void {
    if (!this.blocked && !this.problem) this.pass(this.guard.push(delta));
  }

  /** The reply is complete: says the rest. @throws what counting threw */
  async end(): Promise<void> {
    if (!this.blocked && !this.problem) this.pass(this.guard.end());
    await this.settled();
  }

  /** Waits for what is being counted. @throws what counting threw */
  async settled(): Promise<void> {
    while (this.counting) await this.counting;
    if (this.problem) throw this.problem;
  }

  private pass(text: string): void {
    if (this.guard.blocked) this.way.stop();
    else {
      this.ready += text;
      if (!this.counting) this.flush();
    }
  }

  private flush(): void {
    const text = this.ready;
    this.ready = "";
    if (text === "") return;
    const shown = this.guard.takeShown();
    if (shown) this.counting = this.counted(shown, text);
    else this.way.say(text);
  }

  private async counted(shown: Coverage, text: string): Promise<void> {
    try {
      this.over = !(await this.way.count(shown));
    } catch (error) {
      this.problem = error;
    }
    this.counting = null;
    if (this.guard.blocked) return;
    if (this.over || this.problem) this.way.stop();
    else {
      this.way.say(text);
      this.flush();
    }
  }
}
