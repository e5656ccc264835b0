const small = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  maximumSignificantDigits: 2,
});
const large = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const price = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 3 });

/** The price of a million tokens, in dollars. */
export const perMillion = (amount: number) => price.format(amount);

/** Dollars as people read them: cents where there are any, two digits that matter where there are not. */
export const dollars = (amount: number) => (amount === 0 || amount >= 1 ? large : small).format(amount);

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** A wait as people say it: in 20 seconds, in 3 minutes, in 5 hours. */
export function inTime(seconds: number): string {
  if (seconds < 60) return relative.format(Math.ceil(seconds), "second");
  if (seconds < 3600) return relative.format(Math.ceil(seconds / 60), "minute");
  return relative.format(Math.ceil(seconds / 3600), "hour");
}

/** A moment in the reader's own manner. */
export const when = (iso: string) => moment.format(new Date(iso));

const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** A day in the reader's own manner. */
export const day = (iso: string) => date.format(new Date(iso));
