import type { Allowance, PreparedSecrets } from "./leak-secrets";

/**
 * What of an assistant version's prompts a caller has been shown by earlier replies: folded places as
 * [start, end, start, end, …], ascending, ends exclusive. Plain data; to be kept per caller and version.
 */
export interface Coverage {
  readonly runs: readonly number[];
}

/** A place of the secrets that a channel of the reply shows at a place of its text. */
interface Showing {
  readonly position: number;
  readonly at: number;
  readonly channel: object;
}

/** Adds up what runs of 20 and more have shown, over all channels of a reply and on top of earlier replies. */
export class Ledger {
  private readonly shown: Uint8Array;
  private readonly totals: number[];
  /** Newly shown places, kept until the text has been sent. */
  private pending: Showing[] = [];
  private changed = false;

  constructor(
    private readonly prepared: PreparedSecrets,
    coverage: Coverage | undefined,
  ) {
    this.shown = new Uint8Array(prepared.weights.length);
    const runs = coverage?.runs ?? [];
    for (let i = 0; i + 1 < runs.length; i += 2) this.shown.fill(1, runs[i], runs[i + 1]);
    this.totals = prepared.allowances.map(({ first, behind }) => {
      let total = 0;
      for (let position = runs.length > 0 ? first : behind; position < behind; position++)
        total += this.weight(position);
      return total;
    });
  }

  private weight(position: number): number {
    return this.shown[position] && !this.prepared.openness.exempt[position]
      ? (this.prepared.weights[position] ?? 0)
      : 0;
  }

  /** Counts a place; false when that uses up what may be shown of its secret. */
  show(position: number, at: number, channel: object): boolean {
    if (this.shown[position]) return true;
    this.shown[position] = 1;
    this.pending.push({ position, at, channel });
    const secret = this.secretAt(position);
    const total = (this.totals[secret] ?? 0) + this.weight(position);
    this.totals[secret] = total;
    return total < (this.prepared.allowances[secret] as Allowance).total;
  }

  /** The secret a folded position belongs to. */
  secretAt(position: number): number {
    return this.prepared.allowances.findIndex(({ behind }) => position < behind);
  }

  /** A channel's text up to `sent` has gone out: what it showed stays counted. */
  settle(sent: number, by: object): void {
    if (this.pending.length === 0) return;
    const kept = this.pending.filter(({ at, channel }) => channel !== by || at >= sent);
    if (kept.length < this.pending.length) this.changed = true;
    this.pending = kept;
  }

  /** The rest never goes out: it is not counted. */
  forget(): void {
    for (const { position } of this.pending) {
      const secret = this.secretAt(position);
      this.totals[secret] = (this.totals[secret] ?? 0) - this.weight(position);
      this.shown[position] = 0;
    }
    this.pending = [];
  }

  /** To be stored, or null when this reply has shown nothing new. */
  coverage(): Coverage | null {
    if (!this.changed) return null;
    const unsent = new Set(this.pending.map(({ position }) => position));
    const runs: number[] = [];
    this.shown.forEach((shown, position) => {
      if (!shown || unsent.has(position)) return;
      if (runs.at(-1) === position) runs[runs.length - 1] = position + 1;
      else runs.push(position, position + 1);
    });
    return { runs };
  }
}
