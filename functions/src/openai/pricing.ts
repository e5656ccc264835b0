/** What one million tokens of each kind cost, in whole nano-dollars (a billionth of a US dollar). */
export interface Rates {
  inputNanoPerMillion: number;
  /** Input that the provider had in its cache; the same as input where there is no discount. */
  cachedInputNanoPerMillion: number;
  /** Input that the provider put into its cache; the same as input where that costs nothing more. */
  cacheWriteNanoPerMillion: number;
  outputNanoPerMillion: number;
}

/** A model's price; a call whose input is long may cost more, for every one of its tokens. */
export interface ModelPrice extends Rates {
  longContext: (Rates & { fromInputTokens: number }) | null;
}

/** Tokens of one call. Cached and cache-write tokens are parts of the input, as in the provider's usage block. */
export interface PricedTokens {
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  cacheWriteTokens?: number | undefined;
}

const TOKENS_PER_PRICE = 1_000_000n;

/**
 * What a call costs, exact: integers throughout, rounded once at the end, half a nano-dollar up.
 * For the most that a call can cost, count all its input as `cacheWriteTokens`.
 * @returns whole nano-dollars; null where the model has no known price, a count is not a whole number of 0 or
 *   more, or the sum is beyond what a number holds exactly (9 million dollars)
 */
export function costNano(tokens: PricedTokens, { price }: { price: ModelPrice | null }): number | null {
  const { inputTokens, cachedTokens, outputTokens, cacheWriteTokens = 0 } = tokens;
  if (!price || ![inputTokens, cachedTokens, outputTokens, cacheWriteTokens].every(isCount)) return null;
  const cached = Math.min(cachedTokens, inputTokens);
  const written = Math.min(cacheWriteTokens, inputTokens - cached);
  const { longContext } = price;
  const rates = longContext && inputTokens >= longContext.fromInputTokens ? longContext : price;
  const sum =
    times(inputTokens - cached - written, rates.inputNanoPerMillion) +
    times(cached, rates.cachedInputNanoPerMillion) +
    times(written, rates.cacheWriteNanoPerMillion) +
    times(outputTokens, rates.outputNanoPerMillion);
  const nano = Number((sum + TOKENS_PER_PRICE / 2n) / TOKENS_PER_PRICE);
  return Number.isSafeInteger(nano) ? nano : null;
}

// A million tokens of a dear model are past 2^53 before the division.
const times = (tokens: number, rate: number): bigint => BigInt(tokens) * BigInt(rate);

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** Nano-dollars as US dollars, for output: the number nearest to it, which prints with at most 9 decimals. */
export function nanoToUsd(nano: number): number {
  return nano / 1e9;
}
