import generated from "./catalogue.gen.json";
import type { ModelPrice } from "./pricing";

const SAMPLING = ["temperature", "top_p", "frequency_penalty", "presence_penalty"] as const;

type SamplingParameter = (typeof SAMPLING)[number];
type TokenLimitParameter = "max_tokens" | "max_completion_tokens";

/** What is known of a model. Windows and limits in tokens. */
export interface ModelInfo {
  /** As it was asked for, to be sent upstream. */
  id: string;
  /** False where the limits are a cautious guess. */
  known: boolean;
  contextWindow: number;
  maxOutputTokens: number;
  reasoning: boolean;
  accepts: { temperature: boolean; topP: boolean; frequencyPenalty: boolean; presencePenalty: boolean };
  tokenLimitParameter: TokenLimitParameter;
  price: ModelPrice | null;
}

/** The part of an assistant's configuration that goes upstream; fields of other names are ignored. */
export type SamplingConfig = { [name in SamplingParameter | "max_tokens"]?: number | null | undefined };

interface Entry {
  contextWindow: number;
  maxOutputTokens: number;
  reasoning: boolean;
  /** Whether the sampling parameters are accepted; no model takes only some of them. */
  sampling: boolean;
  tokenLimitParameter: TokenLimitParameter;
  price: ModelPrice | null;
}

/** Written by `node local/catalogue.ts`; a JSON import knows a string only as any string. */
const MODELS = new Map(Object.entries(generated.models as Record<string, Entry>));
const RANKS = new Map(generated.recommended.map((id, rank) => [id, rank]));

/** The day on which the prices were read, as YYYY-MM-DD. */
export const CATALOGUE_DATE = generated.asOf;

const SNAPSHOT = /-\d{4}(-\d{2}-\d{2})?$/;

/**
 * A model by the id that a provider lists: itself, else its family when it is a dated snapshot, else a cautious
 * guess with `known: false`. Fine-tuned models (`ft:…`) and OpenAI's models at a reseller (`openai/…`) have
 * their base model's limits and no known price.
 */
export function findModel(id: string): ModelInfo {
  const base = baseOf(id);
  const entry = MODELS.get(base) ?? MODELS.get(base.replace(SNAPSHOT, ""));
  if (!entry) return describe(id, guess(base), false);
  return describe(id, base === id ? entry : { ...entry, price: null }, true);
}

/** `ft:gpt-4o-mini-2024-07-18:mine::abc` → `gpt-4o-mini-2024-07-18`; `openai/gpt-4.1` → `gpt-4.1`. */
function baseOf(id: string): string {
  if (id.startsWith("ft:")) return id.split(":")[1] ?? id;
  return id.startsWith("openai/") ? id.slice("openai/".length) : id;
}

const UNKNOWN_WINDOW = 8192;
const UNKNOWN_MAX_OUTPUT = 4096;
const NEWER_OPENAI = /^(o\d|gpt-([5-9]|\d\d))/;

/** A model nobody has told us of. OpenAI's next ones will refuse what the present ones refuse. */
function guess(base: string): Entry {
  const reasoning = NEWER_OPENAI.test(base);
  return {
    contextWindow: UNKNOWN_WINDOW,
    maxOutputTokens: UNKNOWN_MAX_OUTPUT,
    reasoning,
    sampling: !reasoning,
    tokenLimitParameter: reasoning ? "max_completion_tokens" : "max_tokens",
    price: null,
  };
}

function describe(id: string, { sampling, ...entry }: Entry, known: boolean): ModelInfo {
  const accepts = {
    temperature: sampling,
    topP: sampling,
    frequencyPenalty: sampling,
    presencePenalty: sampling,
  };
  return { id, known, ...entry, accepts };
}

const OTHER_PURPOSE =
  /embed|whisper|moderation|transcri|realtime|rerank|dall-e|imagen|stable-diffusion|(^|[-/])(tts|audio|image|sora|live)([-/.]|$)/;
const OPENAI = /^(chat)?gpt-\d|^(o\d|text-|code-|codex|computer-use|davinci|babbage)/;
const OPENAI_OTHER_PURPOSE =
  /^(text-|code-|davinci|babbage)|search|codex|instruct|deep-research|computer-use|-pro(-|$)/;

/**
 * Whether an id of a provider's list is a model for chat completions. OpenAI's lists hold everything it sells
 * (embeddings, speech, images, search, models of the Responses API alone); any other unknown id counts as chat.
 */
export function isChatModel(id: string): boolean {
  const base = baseOf(id.toLowerCase());
  return !OTHER_PURPOSE.test(base) && !(OPENAI.test(base) && OPENAI_OTHER_PURPOSE.test(base));
}

/** The same ids, once each: the recommended ones in their order (the first is the default), then the others by name. */
export function recommendedOrder(ids: readonly string[]): string[] {
  const rank = (id: string) => RANKS.get(id) ?? RANKS.size;
  return [...new Set(ids)].sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
}

const ACCEPTS_KEY = {
  temperature: "temperature",
  top_p: "topP",
  frequency_penalty: "frequencyPenalty",
  presence_penalty: "presencePenalty",
} as const satisfies Record<SamplingParameter, keyof ModelInfo["accepts"]>;

/** The names, as requests spell them, of the sampling parameters and the token limit that a model takes. */
export function acceptedParameters(info: ModelInfo): string[] {
  return [...SAMPLING.filter((name) => info.accepts[ACCEPTS_KEY[name]]), info.tokenLimitParameter];
}

/**
 * The request parameters for a configuration: those that the model refuses are left out, and the token limit
 * goes by the name the model knows and within what a known model can write.
 */
export function samplingFor(info: ModelInfo, config: SamplingConfig): Record<string, number> {
  const parameters: Record<string, number> = {};
  for (const name of SAMPLING) {
    const value = config[name];
    if (info.accepts[ACCEPTS_KEY[name]] && typeof value === "number") parameters[name] = value;
  }
  if (typeof config.max_tokens === "number") {
    const most = info.known ? info.maxOutputTokens : Number.POSITIVE_INFINITY;
    parameters[info.tokenLimitParameter] = Math.min(config.max_tokens, most);
  }
  return parameters;
}

/** A reasoning model thinks on the same limit before it says a word; without this a short reply would be none. */
const REASONING_TOKENS = 8_192;

/** How many tokens a model may write for a reply of so many. */
export const outputLimit = ({ reasoning }: ModelInfo, replyTokens: number): number =>
  replyTokens + (reasoning ? REASONING_TOKENS : 0);
