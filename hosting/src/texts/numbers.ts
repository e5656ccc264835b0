const plain = new Intl.NumberFormat("en");

/** A whole number as people read it. */
export const number = (n: number) => plain.format(n);

/** The word that goes with a number: token, tokens. */
export const wordFor = (n: number, one: string, many = `${one}s`) => (n === 1 ? one : many);

/** "1 token", "2,000 tokens". */
export const countOf = (n: number, one: string, many?: string) => `${number(n)} ${wordFor(n, one, many)}`;
