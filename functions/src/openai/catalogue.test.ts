import { statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import {
  acceptedParameters,
  CATALOGUE_DATE,
  findModel,
  isChatModel,
  outputLimit,
  recommendedOrder,
  samplingFor,
} from "./catalogue";
import generated from "./catalogue.gen.json";
import { costNano } from "./pricing";

const IDS = Object.keys(generated.models);
const config = {
  max_tokens: 250,
  temperature: 0.5,
  top_p: 0.9,
  frequency_penalty: 0.3,
  presence_penalty: 0.2,
};

test("the generated file is small, dated, sorted and holds chat models only", () => {
  expect(statSync(join(__dirname, "catalogue.gen.json")).size).toBeLessThan(40_000);
  expect(CATALOGUE_DATE).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(IDS).toEqual([...IDS].sort());
  expect(IDS.filter((id) => !isChatModel(id))).toEqual([]);
});

test.each(IDS)("%s has limits and whole prices", (id) => {
  const { known, contextWindow, maxOutputTokens, price } = findModel(id);
  expect(known).toBe(true);
  expect(contextWindow).toBeGreaterThanOrEqual(8192);
  expect(maxOutputTokens).toBeGreaterThanOrEqual(4096);
  expect(maxOutputTokens).toBeLessThanOrEqual(contextWindow);
  const { longContext, ...rates } = price ?? { longContext: null };
  for (const rate of [...Object.values(rates), ...Object.values(longContext ?? {})]) {
    expect(Number.isSafeInteger(rate) && rate > 0).toBe(true);
  }
});

test("prices and limits are the published ones", () => {
  expect(findModel("gpt-4.1-mini")).toEqual({
    id: "gpt-4.1-mini",
    known: true,
    contextWindow: 1_047_576,
    maxOutputTokens: 32_768,
    reasoning: false,
    accepts: { temperature: true, topP: true, frequencyPenalty: true, presencePenalty: true },
    tokenLimitParameter: "max_tokens",
    price: {
      inputNanoPerMillion: 400_000_000,
      cachedInputNanoPerMillion: 100_000_000,
      cacheWriteNanoPerMillion: 400_000_000,
      outputNanoPerMillion: 1_600_000_000,
      longContext: null,
    },
  });
  const tokens = { inputTokens: 1_000_000, cachedTokens: 0, outputTokens: 1_000_000 };
  expect(costNano(tokens, findModel("o4-mini"))).toBe(5_500_000_000);
});

test("a dated snapshot is its family, unless it has its own entry", () => {
  expect(findModel("gpt-4.1-2025-04-14")).toEqual({ ...findModel("gpt-4.1"), id: "gpt-4.1-2025-04-14" });
  expect(findModel("gpt-4-0613").contextWindow).toBe(8192);
  expect(findModel("gpt-4o-2024-05-13").price).not.toEqual(findModel("gpt-4o").price);
});

test.each(["ft:gpt-4o-mini-2024-07-18:mine::abc", "openai/gpt-4o-mini"])(
  "%s has its base's limits, no price",
  (id) => {
    expect(findModel(id)).toEqual({ ...findModel("gpt-4o-mini"), id, price: null });
  },
);

test("an unknown model is cautious", () => {
  expect(findModel("demo-8k")).toMatchObject({
    known: false,
    contextWindow: 8192,
    price: null,
    reasoning: false,
  });
  expect(findModel("gpt-7-mini")).toMatchObject({
    known: false,
    tokenLimitParameter: "max_completion_tokens",
  });
});

test("no id breaks the lookup", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "ft:", "openai/")),
      (id) => {
        expect(findModel(id)).toMatchObject({ id, contextWindow: expect.any(Number) });
        expect(typeof isChatModel(id)).toBe("boolean");
      },
    ),
  );
});

test.each([
  "text-embedding-3-small",
  "whisper-1",
  "tts-1-hd",
  "dall-e-3",
  "gpt-4o-mini-tts-2025-03-20",
  "gpt-4o-realtime-preview",
  "gpt-realtime",
  "gpt-audio-mini",
  "gpt-4o-audio-preview-2024-10-01",
  "omni-moderation-latest",
  "gpt-image-1",
  "chatgpt-image-latest",
  "gpt-4o-transcribe-diarize",
  "gpt-live-transcribe",
  "gpt-4o-search-preview",
  "gpt-5-search-api-2025-10-14",
  "gpt-5-codex",
  "codex-mini-latest",
  "gpt-3.5-turbo-instruct-0914",
  "o1-pro",
  "gpt-5.2-pro-2025-12-11",
  "o4-mini-deep-research",
  "computer-use-preview",
  "davinci-002",
  "ft:babbage-002:mine::abc",
  "sora-2",
  "nomic-embed-text:latest",
  "BAAI/bge-reranker-v2-m3",
])("%s is not for chat", (id) => expect(isChatModel(id)).toBe(false));

test.each([
  "gpt-4.1-mini",
  "o4-mini-2025-04-16",
  "chatgpt-4o-latest",
  "ft:gpt-4.1-mini:mine::abc",
  "openai/gpt-oss-120b",
  "demo-8k",
  "meta-llama/Llama-3.3-70B-Instruct",
  "gemini-2.5-pro",
  "mistral-large-latest",
  "deepseek-chat",
  "claude-sonnet-4-5",
])("%s is for chat", (id) => expect(isChatModel(id)).toBe(true));

test("recommended models come first in our order, the others by name, each once", () => {
  const ids = ["demo-8k", "o4-mini", "gpt-4", "gpt-4.1", "gpt-4.1-mini", "gpt-4o-mini", "demo-8k"];
  expect(recommendedOrder(ids)).toEqual([
    "gpt-4.1-mini",
    "gpt-4.1",
    "gpt-4o-mini",
    "o4-mini",
    "demo-8k",
    "gpt-4",
  ]);
});

test("the default takes what a personality sets", () => {
  const [first = ""] = recommendedOrder(IDS);
  expect(samplingFor(findModel(first), config)).toEqual(config);
});

test("the order does not hang on the order of the list", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(IDS), (ids) => {
      expect(recommendedOrder(ids)).toEqual(recommendedOrder([...ids].sort()));
    }),
  );
});

test("a reasoning model gets the token limit under its newer name and nothing else", () => {
  expect(samplingFor(findModel("o4-mini"), config)).toEqual({ max_completion_tokens: 250 });
  expect(acceptedParameters(findModel("o4-mini"))).toEqual(["max_completion_tokens"]);
});

test("a reasoning model gets room to think besides its reply", () => {
  expect(outputLimit(findModel("gpt-4.1"), 250)).toBe(250);
  expect(outputLimit(findModel("o4-mini"), 250)).toBeGreaterThan(4_000);
});

test.each([
  ["a known model's own limit", "gpt-4o-mini", { max_tokens: 50_000 }, { max_tokens: 16_384 }],
  ["an unknown model's limit stays", "demo-8k", { max_tokens: 50_000 }, { max_tokens: 50_000 }],
  [
    "what is not set",
    "gpt-4.1",
    { temperature: null, top_p: undefined, presence_penalty: 0 },
    { presence_penalty: 0 },
  ],
])("%s", (_, id, given, sent) => expect(samplingFor(findModel(id), given)).toEqual(sent));
