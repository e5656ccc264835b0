// Writes functions/src/openai/catalogue.gen.json, the chat models with their limits and prices, from two
// packages that are kept up to date by others but load slowly:
//   node local/catalogue.ts           write it
//   node local/catalogue.ts --check   exit 1 if it is not what would be written
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { calcPrice, findProvider, type ModelPrice as PackagePrice } from "@pydantic/genai-prices";
import * as limits from "gpt-tokenizer/models";

const ROOT = join(import.meta.dirname, "..");
const FILE = join(ROOT, "functions/src/openai/catalogue.gen.json");
const SOURCES = ["@pydantic/genai-prices", "gpt-tokenizer"];

/**
 * Reviewed by hand, the default first: a cheap model that takes the sampling parameters which the personalities
 * set, then its stronger and its older relatives, then the reasoning models (they set their own sampling).
 */
const RECOMMENDED_ON = "2026-11-21";
const RECOMMENDED = [
  "gpt-4.1-mini",
  "gpt-4.1",
  "gpt-4o-mini",
  "gpt-4o",
  "gpt-4.1-nano",
  "gpt-6-luna",
  "gpt-6-sol",
  "gpt-5.6-luna",
  "gpt-5.6-terra",
  "gpt-5.4-mini",
  "o4-mini",
];

/** Reply limit of a model whose prices are known before its limits: what every recent model takes. */
const CAUTIOUS_MAX_OUTPUT = 16_384;

type PackageModel = {
  context_window?: number;
  max_output_tokens?: number;
  reasoning_tokens?: boolean;
  supported_endpoints?: readonly string[];
  modalities?: { output: readonly string[] };
};

type Entry = {
  contextWindow: number;
  maxOutputTokens: number;
  reasoning: boolean;
  sampling: boolean;
  tokenLimitParameter: string;
  price: object | null;
};

type Catalogue = {
  asOf: string;
  sources: Record<string, string>;
  recommendedOn: string;
  recommended: string[];
  models: Record<string, Entry>;
};

const SNAPSHOT = /-\d{4}(-\d{2}-\d{2})?$/;
const SPECIAL_PURPOSE = /search|instruct/;

/** Models of text chat, as far as the limits' package knows. */
function chatModels(): Map<string, PackageModel> {
  const models = new Map<string, PackageModel>();
  for (const [id, model] of Object.entries(limits) as [string, PackageModel][]) {
    const chat = model.supported_endpoints?.includes("chat_completions");
    const textOnly = model.modalities?.output.join() === "text";
    if (chat && textOnly && !SPECIAL_PURPOSE.test(id)) models.set(id, model);
  }
  for (const [id, window] of newerModels()) {
    if (!models.has(id)) {
      models.set(id, {
        context_window: window,
        max_output_tokens: CAUTIOUS_MAX_OUTPUT,
        reasoning_tokens: true,
      });
    }
  }
  return models;
}

/** Reasoning models from generation 6 on whose prices are known before their limits: `gpt-6-luna`. */
function newerModels(): [id: string, window: number][] {
  const models = findProvider({ providerId: "openai" })?.models ?? [];
  return models.flatMap(({ id, context_window }): [string, number][] =>
    /^gpt-([6-9]|\d\d)(\.\d+)?(-(luna|terra|sol|astra|mini|nano))?$/.test(id) && context_window
      ? [[id, context_window]]
      : [],
  );
}

/**
 * Generation 5 and the o-series answer 400 to sampling parameters and to `max_tokens`; only `gpt-5-chat-latest`
 * takes the former. No package knows this: it is what OpenAI's API answers.
 */
function describe(id: string, model: PackageModel, date: Date): Entry {
  const newer = /^(o\d|gpt-([5-9]|\d\d)|chat-latest|daybreak)/.test(id);
  return {
    contextWindow: model.context_window ?? 0,
    maxOutputTokens: model.max_output_tokens ?? CAUTIOUS_MAX_OUTPUT,
    reasoning: model.reasoning_tokens === true,
    sampling: !newer || id === "gpt-5-chat-latest",
    tokenLimitParameter: newer ? "max_completion_tokens" : "max_tokens",
    price: priceOf(id, date),
  };
}

/** What the model costs on a date, in nano-dollars per million tokens; null where OpenAI names no price. */
function priceOf(id: string, timestamp: Date): object | null {
  const usage = { input_tokens: 1, output_tokens: 1 };
  const found = calcPrice(usage, id, { providerId: "openai", timestamp });
  if (!found || /OpenRouter/.test(found.model.price_comments ?? "")) return null;
  const start = longContextStart(found.model_price);
  return {
    ...ratesOf(found.model_price, "base"),
    longContext:
      start === null ? null : { fromInputTokens: start + 1, ...ratesOf(found.model_price, "longContext") },
  };
}

/** The input tokens above which every token of a call costs more. */
function longContextStart(price: PackagePrice): number | null {
  const starts = new Set<number>();
  for (const key of ["input_mtok", "cache_read_mtok", "cache_write_mtok", "output_mtok"]) {
    const rate = price[key];
    if (typeof rate === "object") for (const tier of rate.tiers) starts.add(tier.start);
  }
  if (starts.size > 1) throw new Error(`More than one price tier: ${JSON.stringify(price)}`);
  return [...starts][0] ?? null;
}

function ratesOf(price: PackagePrice, tier: "base" | "longContext") {
  const dollars = (key: string): number | undefined => {
    const rate = price[key];
    if (typeof rate !== "object") return rate;
    return tier === "base" ? rate.base : rate.tiers[0]?.price;
  };
  const input = nano(dollars("input_mtok"));
  return {
    inputNanoPerMillion: input,
    cachedInputNanoPerMillion: nano(dollars("cache_read_mtok"), input),
    cacheWriteNanoPerMillion: nano(dollars("cache_write_mtok"), input),
    outputNanoPerMillion: nano(dollars("output_mtok")),
  };
}

function nano(dollars: number | undefined, otherwise?: number): number {
  if (dollars === undefined && otherwise !== undefined) return otherwise;
  const amount = Math.round((dollars ?? Number.NaN) * 1e9);
  if (amount / 1e9 !== dollars) throw new Error(`Not a whole number of nano-dollars: ${dollars}`);
  return amount;
}

/** Snapshots that say the same as their family are left out: `findModel` looks there. */
function entries(date: Date): Record<string, Entry> {
  const known = [...chatModels()].map(([id, model]): [string, Entry] => [id, describe(id, model, date)]);
  const all = new Map(known);
  const own = known.filter(([id, entry]) => {
    const family = all.get(id.replace(SNAPSHOT, ""));
    return !SNAPSHOT.test(id) || !isDeepStrictEqual(entry, family);
  });
  return Object.fromEntries(own.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function generate(asOf: string): Catalogue {
  const models = entries(new Date(`${asOf}T12:00:00Z`));
  const missing = RECOMMENDED.filter((id) => !models[id]?.price);
  if (missing.length > 0)
    throw new Error(`Recommended, but unknown or without a price: ${missing.join(", ")}`);
  const sources = Object.fromEntries(SOURCES.map((name) => [name, versionOf(name)]));
  return { asOf, sources, recommendedOn: RECOMMENDED_ON, recommended: RECOMMENDED, models };
}

function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8")).version;
}

/** One model a line, so that a diff reads as a list of what changed. */
function print({ models, ...head }: Catalogue): string {
  const lines = Object.entries(models).map(
    ([id, entry]) => `    ${JSON.stringify(id)}: ${JSON.stringify(entry)}`,
  );
  const start = JSON.stringify(head, null, 2).replace(/\n}$/, "");
  return `${start},\n  "models": {\n${lines.join(",\n")}\n  }\n}\n`;
}

function readStored(): { text: string; asOf: string } | null {
  try {
    const text = readFileSync(FILE, "utf8");
    return { text, asOf: JSON.parse(text).asOf };
  } catch {
    return null;
  }
}

/** The date moves only when something else does, so that a second run changes nothing. */
function main(check: boolean): void {
  const stored = readStored();
  const today = new Date().toISOString().slice(0, 10);
  const same = (asOf: string) =>
    stored !== null && print({ ...generate(asOf), asOf: stored.asOf }) === stored.text;
  if (check) {
    if (stored !== null && same(stored.asOf)) return;
    console.error("The catalogue of models is out of date: run `node local/catalogue.ts`.");
    process.exitCode = 1;
  } else if (same(today)) {
    console.log("Nothing has changed.");
  } else {
    const catalogue = generate(today);
    writeFileSync(FILE, print(catalogue));
    console.log(`${Object.keys(catalogue.models).length} models, as of ${today}.`);
  }
}

main(process.argv.includes("--check"));
