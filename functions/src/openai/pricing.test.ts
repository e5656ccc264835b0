import fc from "fast-check";
import { costNano, type ModelPrice, nanoToUsd } from "./pricing";

const rates = (inputDollars: number): ModelPrice => ({
  inputNanoPerMillion: inputDollars * 1e9,
  cachedInputNanoPerMillion: inputDollars * 0.25e9,
  cacheWriteNanoPerMillion: inputDollars * 1.25e9,
  outputNanoPerMillion: inputDollars * 4e9,
  longContext: null,
});
const cheap = { price: rates(0.4) };
const long = { price: { ...rates(2), longContext: { ...rates(4), fromInputTokens: 272_000 } } };

test.each([
  ["plain input and output", { inputTokens: 1000, cachedTokens: 0, outputTokens: 100 }, cheap, 560_000],
  [
    "cached input at its own price",
    { inputTokens: 1000, cachedTokens: 1000, outputTokens: 0 },
    cheap,
    100_000,
  ],
  [
    "cached is a part of the input",
    { inputTokens: 1000, cachedTokens: 5000, outputTokens: 0 },
    cheap,
    100_000,
  ],
  [
    "what is put into the cache",
    { inputTokens: 1000, cachedTokens: 400, cacheWriteTokens: 600, outputTokens: 0 },
    cheap,
    340_000,
  ],
  [
    "just short of a long context",
    { inputTokens: 271_999, cachedTokens: 0, outputTokens: 1 },
    long,
    544_006_000,
  ],
  ["a long context", { inputTokens: 272_000, cachedTokens: 0, outputTokens: 1 }, long, 1_088_016_000],
  ["nothing", { inputTokens: 0, cachedTokens: 0, outputTokens: 0 }, cheap, 0],
])("%s", (_, tokens, model, nano) => expect(costNano(tokens, model)).toBe(nano));

test.each([
  [499_999, 0],
  [500_000, 1],
  [1_499_999, 1],
  [1_500_000, 2],
])("%d millionths of a nano-dollar are rounded half up to %d", (outputNanoPerMillion, nano) => {
  const price = { ...rates(0), outputNanoPerMillion };
  expect(costNano({ inputTokens: 0, cachedTokens: 0, outputTokens: 1 }, { price })).toBe(nano);
});

test.each([
  ["no known price", { inputTokens: 1, cachedTokens: 0, outputTokens: 1 }, { price: null }],
  ["a negative count", { inputTokens: -1, cachedTokens: 0, outputTokens: 1 }, cheap],
  ["a fraction", { inputTokens: 1.5, cachedTokens: 0, outputTokens: 1 }, cheap],
  ["no number", { inputTokens: Number.NaN, cachedTokens: 0, outputTokens: 1 }, cheap],
  [
    "too much for a number",
    { inputTokens: 0, cachedTokens: 0, outputTokens: Number.MAX_SAFE_INTEGER },
    cheap,
  ],
])("null for %s", (_, tokens, model) => expect(costNano(tokens, model)).toBeNull());

const count = fc.nat({ max: 2_000_000 });
const rate = fc.nat({ max: 600_000_000_000 });
const anyRates = fc.record({
  inputNanoPerMillion: rate,
  cachedInputNanoPerMillion: rate,
  cacheWriteNanoPerMillion: rate,
  outputNanoPerMillion: rate,
});
const anyPrice: fc.Arbitrary<ModelPrice> = anyRates.map((base) => ({ ...base, longContext: null }));

test("is off by half a nano-dollar at most from the exact sum", () => {
  fc.assert(
    fc.property(
      count,
      count,
      count,
      count,
      anyPrice,
      (fresh, cachedTokens, cacheWriteTokens, outputTokens, price) => {
        const inputTokens = fresh + cachedTokens + cacheWriteTokens;
        const nano = costNano({ inputTokens, cachedTokens, cacheWriteTokens, outputTokens }, { price });
        const exact =
          BigInt(fresh) * BigInt(price.inputNanoPerMillion) +
          BigInt(cachedTokens) * BigInt(price.cachedInputNanoPerMillion) +
          BigInt(cacheWriteTokens) * BigInt(price.cacheWriteNanoPerMillion) +
          BigInt(outputTokens) * BigInt(price.outputNanoPerMillion);
        const off = BigInt(nano ?? -1) * 1_000_000n - exact;
        return nano !== null && off > -500_000n && off <= 500_000n;
      },
    ),
  );
});

test("one token more never costs less", () => {
  fc.assert(
    fc.property(count, count, anyPrice, (inputTokens, outputTokens, price) => {
      const cost = (input: number, output: number) =>
        costNano({ inputTokens: input, cachedTokens: 0, outputTokens: output }, { price }) ?? -1;
      const now = cost(inputTokens, outputTokens);
      return cost(inputTokens + 1, outputTokens) >= now && cost(inputTokens, outputTokens + 1) >= now;
    }),
  );
});

test("dollars print with at most 9 decimals and lead back to the same nano-dollars", () => {
  fc.assert(
    fc.property(fc.nat({ max: 8e15 }), (nano) => {
      const printed = nanoToUsd(nano).toFixed(9);
      return Number(printed) === nanoToUsd(nano) && BigInt(printed.replace(".", "")) === BigInt(nano);
    }),
  );
});
