const small = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  maximumSignificantDigits: 2,
});
const large = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Dollars as people read them: cents where there are any, two digits that matter where there are not. */
export const dollars = (amount: number) => (amount === 0 || amount >= 1 ? large : small).format(amount);

/** A moment in the reader's own manner. */
export const when = (iso: string) => moment.format(new Date(iso));
