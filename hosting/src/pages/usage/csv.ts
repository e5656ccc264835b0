import type { DayUsage } from "../../client/usage";

const COLUMNS = [
  "messages",
  "input_tokens",
  "cached_tokens",
  "output_tokens",
  "cost_usd",
  "unpriced_messages",
] as const;

/** Use as CSV (RFC 4180), a line for each day and model. Names of models hold nothing that needs quotes. */
export function csvOf(days: DayUsage[]): string {
  const lines = days.flatMap(({ date, models }) =>
    models.map((used) => [date, used.model, ...COLUMNS.map((column) => plain(used[column]))].join(",")),
  );
  return [["date", "model", ...COLUMNS].join(","), ...lines, ""].join("\r\n");
}

/** A number without an exponent, which spreadsheets read differently; money has nine decimals at most. */
const plain = (n: number) => (Number.isInteger(n) ? String(n) : n.toFixed(9).replace(/(?<!0)0+$/, ""));
