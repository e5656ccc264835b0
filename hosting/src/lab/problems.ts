import type { ApiError } from "../client/errors";
import type { Model } from "../client/shapes";
import type { LabStep } from "../router";
import { labTexts } from "../texts/lab";
import { type Draft, longestReply } from "./draft";
import type { Warning } from "./shapes";

/** What is wrong with a draft, by field; the names are the API's own (`model_config.max_tokens`). */
export type Problems = Record<string, string>;

const REQUIRED = ["initial_prompt", "name", "tag_line", "description", "summary_prompt"] as const;
export type TextFieldName = (typeof REQUIRED)[number];

/** What the server would refuse, said before it is asked. */
export function whatIsWrong(
  draft: Draft,
  limits: Record<string, number>,
  model: Model | undefined,
): Problems {
  const problems: Problems = {};
  for (const field of REQUIRED) {
    const length = draft[field].trim().length;
    const over = length - (limits[field] ?? Number.POSITIVE_INFINITY);
    if (length === 0) problems[field] = labTexts.missing[field];
    else if (over > 0) problems[field] = labTexts.missing.tooLong(over);
  }
  const { max_tokens } = draft.model_config;
  const most = longestReply(model);
  if (!Number.isInteger(max_tokens) || max_tokens < 1 || max_tokens > most) {
    problems["model_config.max_tokens"] = labTexts.missing.max_tokens(most);
  }
  return problems;
}

/** A refusal by the server, taken apart: it names every wrong field with a reason, parted by semicolons. */
export function problemsIn(error: ApiError): Problems {
  if (error.code !== "invalid_request")
    return error.details.param ? { [error.details.param]: error.message } : {};
  const problems: Problems = {};
  for (const part of error.message.split(/; (?=[a-z_.]+: )/)) {
    const [, field, reason] = /^([a-z_.]+): (.+)$/s.exec(part) ?? [];
    if (field && reason) problems[field] = reason;
  }
  return problems;
}

/** The server's remarks by field. */
export const remarksIn = (warnings: Warning[] = []): Problems =>
  Object.fromEntries(warnings.map(({ field, message }) => [field, message]));

const SHOWN = new Set<string>([...REQUIRED, "model_config.max_tokens", "model_config.model", "model"]);

/** Whether every one of them is said beside its field, so that nothing is left to say elsewhere. */
export const allShown = (problems: Problems) =>
  Object.keys(problems).length > 0 && Object.keys(problems).every((field) => SHOWN.has(field));

const ON_CARD = new Set(["name", "tag_line", "description", "summary_prompt", "session_type"]);

/** The step on which a field is filled in. */
export const stepOf = (field: string): LabStep => (ON_CARD.has(field) ? "card" : "prompt");
