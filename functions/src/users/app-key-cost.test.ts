import { Failure } from "../errors";
import { findModel } from "../openai/catalogue";
import { costNano } from "../openai/pricing";
import { costOfFailure, costOfReply, worstCostNano } from "./app-key-cost";

const ask = (
  content: string,
  sampling: Record<string, number> = { max_tokens: 100 },
  model = "gpt-4.1-mini",
) => ({
  model,
  messages: [{ role: "user", content }],
  sampling,
});
const price = (model: string, inputTokens: number, outputTokens: number) =>
  costNano(
    { inputTokens, cachedTokens: 0, cacheWriteTokens: inputTokens, outputTokens },
    findModel(model),
  ) as number;

test.each<[string, ReturnType<typeof ask>, number]>([
  ["its token limit", ask("", { max_tokens: 100 }), 100],
  ["its newer name", ask("", { max_completion_tokens: 70 }, "o4-mini"), 70],
  ["no limit: the longest the model writes", ask("", {}), 32_768],
  ["several replies", ask("", { max_tokens: 100, n: 3 }), 300],
])("the reply counts with %s", (_, asked, tokens) => {
  const input = Buffer.byteLength(
    JSON.stringify({ model: asked.model, messages: asked.messages, ...asked.sampling }),
  );
  expect(worstCostNano(asked)).toBe(price(asked.model, input, tokens));
});

test.each([
  ["English", "the quick brown fox jumps over the lazy dog. ".repeat(50)],
  ["single digits and signs", "1 + 2 - 3 * 4 / 5; ".repeat(100)],
  ["base64", Buffer.from("x".repeat(999)).toString("base64")],
  ["emoji", "👩‍🚀🎉".repeat(100)],
  ["Tamil", "வணக்கம் ".repeat(100)],
])("no tokenizer makes more of %s than was held back", async (_, text) => {
  const { encode } = await import("gpt-tokenizer/encoding/cl100k_base");
  const { encode: newer } = await import("gpt-tokenizer/encoding/o200k_base");
  const tokens = Math.max(encode(text).length, newer(text).length) + 16; // what stands around a message
  expect(worstCostNano(ask(text))).toBeGreaterThanOrEqual(price("gpt-4.1-mini", tokens, 100));
});

test.each<[string, object]>([
  ["a model without a price", ask("x", {}, "gpt-99")],
  ["a parameter with a price of its own", { ...ask("x"), sampling: { service_tier: "priority" } }],
  [
    "an image",
    { ...ask("x"), messages: [{ role: "user", content: [{ type: "image_url", image_url: {} }] }] },
  ],
])("%s has no worst case", (_, asked) => {
  expect(worstCostNano(asked as ReturnType<typeof ask>)).toBeNull();
});

test("a reply costs what the provider counted, else what we count", () => {
  const usage = { inputTokens: 10, cachedTokens: 4, outputTokens: 20 };
  const reply = { text: "hello there", finishReason: "stop" };
  const asked = ask("hi");
  expect(costOfReply(asked, { ...reply, usage })).toEqual({
    ...usage,
    costNano: costNano(usage, findModel(asked.model)),
  });
  const counted = costOfReply(asked, { ...reply, usage: null });
  expect(counted.costNano).toBeGreaterThan(0);
  expect(counted.costNano).toBeLessThanOrEqual(worstCostNano(asked) as number);
});

test.each<[string, unknown, number]>([
  ["refused by the provider", new Failure("upstream_busy", "", { unbilled: true }), 0],
  ["cut off", new Failure("upstream_failed", ""), 77],
  ["timed out", new Failure("upstream_timeout", ""), 77],
  ["left by its caller", new Failure("cancelled", ""), 77],
  ["a stranger", new Error("?"), 77],
])("a call that was %s", (_, error, costNano) => {
  expect(costOfFailure(error, 77).costNano).toBe(costNano);
});
