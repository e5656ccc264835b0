import { randomUUID } from "node:crypto";
import { ApiError, badField, serverError } from "./errors.ts";
import { isRecord } from "./request.ts";

// A handful of words is enough to see the path of a flagged message; this is no moderation.
const CATEGORIES: Readonly<Record<string, RegExp | null>> = {
  harassment: /\b(idiots?|morons?|stupid (man|woman|person)|loser)\b/i,
  "harassment/threatening": /\b(kill|hurt|find) (you|him|her|them)\b/i,
  hate: /\b(subhuman|vermin)\b/i,
  "hate/threatening": /\bexterminate (them|those)\b/i,
  illicit: /\b(shoplift(ing)?|counterfeit)\b/i,
  "illicit/violent": /\b(pipe bomb|build a bomb)\b/i,
  "self-harm": /\b(suicid(e|al)|self-harm|cut myself|kill myself)\b/i,
  "self-harm/intent": /\b(kill myself|end my life)\b/i,
  "self-harm/instructions": null,
  sexual: /\b(porn|erotica)\b/i,
  "sexual/minors": null,
  violence: /\b(kill|murder|stab|massacre)(s|ed|ing)?\b/i,
  "violence/graphic": /\b(gore|bloodbath|dismember(ed)?)\b/i,
};

const MODELS = [
  "omni-moderation-latest",
  "omni-moderation-2024-09-26",
  "text-moderation-latest",
  "text-moderation-stable",
];

function judge(text: string) {
  const names = Object.keys(CATEGORIES);
  const pick = <T>(value: (name: string) => T) =>
    Object.fromEntries(names.map((name) => [name, value(name)]));
  const hit = (name: string) => CATEGORIES[name]?.test(text) ?? false;
  return {
    flagged: names.some(hit),
    categories: pick(hit),
    category_scores: pick((name) => (hit(name) ? 0.93 : 0.0002)),
    category_applied_input_types: pick(() => ["text"]),
  };
}

function readInputs(input: unknown): string[] {
  if (typeof input === "string") return [input];
  if (input === undefined) {
    throw badField("input", "missing_required_parameter", "Missing required parameter: 'input'.");
  }
  if (Array.isArray(input) && input.every((one) => typeof one === "string")) return input;
  if (Array.isArray(input) && input.every(isRecord)) {
    return [input.map((part) => (typeof part.text === "string" ? part.text : "")).join("\n")];
  }
  throw badField("input", "invalid_type", "Invalid type for 'input': expected a string or an array.");
}

/** Keys for which the moderation is not there, or broken. */
export function checkModerationKey(key: string): void {
  if (key.startsWith("sk-demo-nomoderation")) throw new ApiError(404, "Invalid URL (POST /v1/moderations)");
  if (key.startsWith("sk-demo-badmoderation")) throw serverError();
}

/** The answer of POST /v1/moderations: one result a text; a handful of words flag their categories. Throws 400. */
export function moderate(body: unknown) {
  const { input, model = "omni-moderation-latest" } = isRecord(body) ? body : {};
  if (typeof model !== "string" || !MODELS.includes(model)) {
    throw badField("model", "invalid_value", `Invalid value for 'model' = ${model}.`);
  }
  return { id: `modr-${randomUUID()}`, model, results: readInputs(input).map(judge) };
}
