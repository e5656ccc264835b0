import type { Allowance, PreparedSecrets } from "./leak-secrets";

/**
 * What of an assistant version's prompts was shown: folded places as [start, end, start, end, …], ascending, ends
 * exclusive. Plain data: positions only, no text; kept per caller and version.
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

/** Adds up what runs of 20 and more show, over all channels of a reply. */
export class Ledger {
  private readonly shown: Uint8Array;
  private readonly totals: number[];
  /** Newly shown places, kept until the text has been sent. */
  private pending: Showing[] = [];
  /** Places whose text was sent since `take`. */
  private sent: number[] = [];

  constructor(private readonly prepared: PreparedSecrets) {
    this.shown = new Uint8Array(prepared.weights.length);
    this.totals = prepared.allowances.map(() => 0);
  }

  /** Counts a place; false when that uses up what may be shown of its secret. */
  show(position: number, at: number, channel: object): boolean {
    if (this.shown[position]) return true;
    this.shown[position] = 1;
    this.pending.push({ position, at, channel });
    const secret = this.secretAt(position);
    const total = (this.totals[secret] ?? 0) + weightAt(this.prepared, position);
    this.totals[secret] = total;
    return total < (this.prepared.allowances[secret] as Allowance).total;
  }

  secretAt(position: number): number {
    return this.prepared.allowances.findIndex(({ behind }) => position < behind);
  }

  /** A channel's text up to `sent` is going out: what it shows is to be kept. */
  settle(sent: number, by: object): void {
    if (this.pending.length === 0) return;
    const kept: Showing[] = [];
    for (const showing of this.pending) {
      if (showing.channel === by && showing.at < sent) this.sent.push(showing.position);
      else kept.push(showing);
    }
    this.pending = kept;
  }

  /** The rest never goes out: it is not counted. */
  forget(): void {
    for (const { position } of this.pending) {
      const secret = this.secretAt(position);
      this.totals[secret] = (this.totals[secret] ?? 0) - weightAt(this.prepared, position);
      this.shown[position] = 0;
    }
    this.pending = [];
  }

  /** What has gone out since the last call and was not shown before in this reply; null where there is nothing. */
  take(): Coverage | null {
    if (this.sent.length === 0) return null;
    const runs = runsOf(this.sent.sort((a, b) => a - b));
    this.sent = [];
    return { runs };
  }
}

/** What a place counts; nothing where the card says it too. */
const weightAt = ({ weights, openness }: PreparedSecrets, position: number): number =>
  openness.exempt[position] ? 0 : (weights[position] ?? 0);

function runsOf(positions: readonly number[]): number[] {
  const runs: number[] = [];
  for (const position of positions) {
    if (runs.at(-1) === position) runs[runs.length - 1] = position + 1;
    else runs.push(position, position + 1);
  }
  return runs;
}

/**
 * What a caller has been shown together with what is about to be shown; null where that would be too much of one of
 * the secrets.
 */
export function addCoverage(prepared: PreparedSecrets, before: Coverage, more: Coverage): Coverage | null {
  const shown = new Uint8Array(prepared.weights.length);
  for (const { runs } of [before, more]) {
    for (let i = 0; i + 1 < runs.length; i += 2) shown.fill(1, runs[i], runs[i + 1]);
  }
  for (const { first, behind, total } of prepared.allowances) {
    let sum = 0;
    for (let position = first; position < behind; position++)
      if (shown[position]) sum += weightAt(prepared, position);
    if (sum >= total) return null;
  }
  return { runs: runsOf(Array.from(shown.keys()).filter((position) => shown[position])) };
}
