import type { ErrorBody, FailureCode } from "../errors";
import type { Operation } from "../operation";
import { chatCompletions } from "../sessions/chat";
import { createResponse, deleteResponse, getResponse, listInputItems } from "../sessions/responses";

/** The operations that answer in OpenAI's words. */
const OPERATIONS: ReadonlySet<Operation> = new Set([
  chatCompletions,
  createResponse,
  getResponse,
  deleteResponse,
  listInputItems,
]);

export const isOpenAI = (operation: Operation): boolean => OPERATIONS.has(operation);

/** The failures that programs tell apart by OpenAI's name for them (its guide on error codes); others keep ours. */
const CODES: Partial<Record<FailureCode, string>> = {
  missing_key: "invalid_api_key",
  invalid_key: "invalid_api_key",
  quota_exhausted: "insufficient_quota",
  rate_limited: "rate_limit_exceeded",
  upstream_busy: "rate_limit_exceeded",
  context_too_long: "context_length_exceeded",
};

/** An error body with all four of OpenAI's fields, and our request id beside them. */
export function openAIError({ error }: ErrorBody): object {
  const { code, message, type, param = null, request_id } = error;
  return { error: { message, type, param, code: CODES[code] ?? code, request_id } };
}

/** Headers beside `x-request-id` that OpenAI answers with: the version its SDKs were written for, and the time it took. */
export const openAIHeaders = (startedAt: number): Record<string, string> => ({
  "openai-version": "2020-10-01",
  "openai-processing-ms": String(Date.now() - startedAt),
});
