import { type Coverage, Ledger } from "./leak-coverage";
import { type Cursor, HOLD_FROM, type Observer } from "./leak-cursor";
import { type Openness, opennessAfter, type PreparedSecrets } from "./leak-secrets";
import { Views, Watch } from "./leak-views";

export { addCoverage, type Coverage } from "./leak-coverage";
export { type PreparedSecrets, prepareSecrets } from "./leak-secrets";

/** Runs that count this much add to the coverage. */
const DRIP_FROM = 20;
/** No shorter run is ever blocked or counted. */
const SHORTEST = 16;
/** Most characters ever held back; older ones go out, and the run they belong to still counts. */
const MAX_HELD = 8192;

export interface LeakGuardOptions {
  readonly prepared: PreparedSecrets;
  /** What the user typed in this conversation, the newest message too: echoing it is no leak. */
  readonly userTexts: readonly string[];
}

/** Watches one reply (or one channel of it) while it streams. Synchronous, pure. */
export interface LeakGuard {
  /** Takes the next piece of the reply; returns what may be sent now, possibly "". */
  push(chunk: string): string;
  /** The reply is complete: returns the rest. */
  end(): string;
  /** The reply gives a secret away: send nothing more of any channel. Says nothing about the cause. */
  readonly blocked: boolean;
  /**
   * What the text returned since the last call shows of the secrets in runs of 20 and more, and this reply has not
   * shown before; null where there is nothing. It adds to what earlier replies have shown (`addCoverage`).
   */
  takeShown(): Coverage | null;
  /** A guard for another channel of the same reply (tool arguments, reasoning), with a common verdict. */
  channel(): LeakGuard;
}

/** What the channels of a reply share, and the verdict on every run. */
class Reply {
  blocked = false;
  readonly ledger: Ledger;
  private openness: Openness;
  private userTexts: readonly string[] | undefined;

  constructor(readonly options: LeakGuardOptions) {
    this.ledger = new Ledger(options.prepared);
    this.openness = options.prepared.openness;
    this.userTexts = options.userTexts;
  }

  /** Judges a run; returns whether it is to be held back. */
  judge(cursor: Cursor, channel: object): boolean {
    const { index, length, state } = cursor;
    const end = (index.automaton.end[state] as number) + 1;
    const whole = (index.weightBefore[end] as number) - (index.weightBefore[end - length] as number);
    if (whole + index.bonus >= SHORTEST) this.exemptUserTexts();
    const sums = index === this.options.prepared.indexes.text ? this.openness.text : this.openness.steps;
    const open = (sums[end] as number) - (sums[end - length] as number);
    if (open === 0) return false;
    this.blocked ||= open + index.bonus >= this.allowed(index.origin[end - 1] as number);
    if (whole + index.bonus >= DRIP_FROM) this.blocked ||= !this.count(cursor, end, channel);
    return open + index.bonus >= HOLD_FROM;
  }

  /** Only few replies need it: looked up when a run occurs that could be blocked. */
  private exemptUserTexts(): void {
    if (!this.userTexts) return;
    this.openness = opennessAfter(this.options.prepared, this.userTexts);
    this.userTexts = undefined;
  }

  private allowed(position: number): number {
    return this.options.prepared.allowances[this.ledger.secretAt(position)]?.run ?? 0;
  }

  private count(cursor: Cursor, end: number, channel: object): boolean {
    const { index, countedTo } = cursor;
    const isNew = countedTo !== end - 1;
    const newest = isNew ? Math.min(cursor.length, cursor.remembered) : 1;
    cursor.countedTo = end;
    let within = true;
    for (let back = 0; back < newest; back++)
      within = this.show(index.origin[end - 1 - back] as number, cursor.place(back), channel) && within;
    if (!isNew || index.bonus === 0) return within;
    const first = letterBefore(index.origin, end - newest);
    return this.show(first, cursor.place(newest - 1), channel) && within;
  }

  private show(position: number, at: number, channel: object): boolean {
    if (position < 0 || this.openness.exempt[position] === 1) return true;
    return this.ledger.show(position, at, channel);
  }
}

/** Position of the letter that a run's first step leads away from; -1 where none stands beside it. */
function letterBefore(origin: Int32Array, start: number): number {
  const before = origin[start - 1] ?? -1;
  return before >= 0 && Math.abs(before - (origin[start] as number)) === 1 ? before : -1;
}

class Channel implements LeakGuard, Observer {
  private readonly watch: Watch;
  private readonly views: Views;
  /** Text not sent yet. */
  private held = "";
  /** Characters sent, looked at. */
  private sent = 0;
  private seen = 0;

  constructor(private readonly reply: Reply) {
    this.watch = new Watch(reply.options.prepared.indexes, this);
    this.views = new Views(this.watch);
  }

  matched(cursor: Cursor): boolean {
    return this.reply.judge(cursor, this);
  }

  get blocked(): boolean {
    return this.reply.blocked;
  }

  takeShown(): Coverage | null {
    return this.reply.ledger.take();
  }

  channel(): LeakGuard {
    return new Channel(this.reply);
  }

  push(chunk: string): string {
    if (this.reply.blocked) return "";
    const start = this.sent;
    this.held += chunk;
    const total = start + this.held.length;
    while (this.seen < total && !this.reply.blocked) {
      const code = this.held.codePointAt(this.seen - start) as number;
      const isHalf = code >= 0xd800 && code < 0xdc00;
      if (isHalf && this.seen + 1 === total) break;
      this.views.feed(code, this.seen);
      this.seen += code > 0xffff ? 2 : 1;
      this.advance();
    }
    return this.release(start);
  }

  end(): string {
    if (this.reply.blocked) return "";
    const start = this.sent;
    this.views.end();
    if (!this.reply.blocked) this.sent = start + this.held.length;
    return this.release(start);
  }

  /** Moves what may be sent up to the newest character, or to where a held back run begins. */
  private advance(): void {
    if (this.reply.blocked) return;
    const limit = Math.max(this.watch.limit(this.seen), this.seen - MAX_HELD);
    if (limit > this.sent) this.sent = limit;
  }

  private release(start: number): string {
    const text = this.held.slice(0, this.sent - start);
    this.reply.ledger.settle(this.sent, this);
    if (this.reply.blocked) this.reply.ledger.forget();
    this.held = this.reply.blocked ? "" : this.held.slice(this.sent - start);
    return text;
  }
}

/** A guard for one reply. Its `blocked` never becomes false again. */
export function createLeakGuard(options: LeakGuardOptions): LeakGuard {
  return new Channel(new Reply(options));
}

/** The guard's verdict on a whole text: what would have been sent of it, and what that shows. */
export function checkText(
  text: string,
  options: LeakGuardOptions,
): { blocked: boolean; sent: string; shown: Coverage | null } {
  const guard = createLeakGuard(options);
  const sent = guard.push(text) + guard.end();
  return { blocked: guard.blocked, sent, shown: guard.takeShown() };
}
