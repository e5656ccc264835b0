/** Days in UTC as YYYY-MM-DD, both included. `days` is set where it is one of the usual spans up to today. */
export type Span = { from: string; to: string; days: number | null };

export const USUAL = [7, 30, 90] as const;
const DEFAULT_DAYS = 30;
/** The server answers a year at once. */
export const MAX_DAYS = 366;
const DAY_MS = 24 * 60 * 60 * 1000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);
export const addDays = (date: string, days: number) => dateOf(Date.parse(date) + days * DAY_MS);
/** How many days a span has; below 1 where it ends before it begins. */
export const lengthOf = ({ from, to }: { from: string; to: string }) =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;

const lastDays = (days: number, today: string): Span => ({ from: addDays(today, 1 - days), to: today, days });

/** The span that an address asks for; the usual one where it asks for none, or for nonsense. */
export function spanOf(url: URL, today: string): Span {
  const from = url.searchParams.get("from") ?? "";
  const to = url.searchParams.get("to") ?? "";
  if (isDate(from) && isDate(to)) {
    const length = lengthOf({ from, to });
    if (length >= 1 && length <= MAX_DAYS) return { from, to, days: null };
  }
  const days = Number(url.searchParams.get("days"));
  return lastDays(USUAL.find((usual) => usual === days) ?? DEFAULT_DAYS, today);
}

const isDate = (text: string) => DATE.test(text) && !Number.isNaN(Date.parse(text));
