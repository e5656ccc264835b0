import type { FunctionsErrorCode } from "firebase-functions/https";

type Row = { http: number; callable: FunctionsErrorCode; type: string; retry: boolean };

/**
 * Every way a call can fail: HTTP status, callable status, OpenAI error type, and whether the same call may
 * succeed later. A new failure is one row here; doors and the OpenAPI document read this table.
 */
export const FAILURES = {
  invalid_request: { http: 400, callable: "invalid-argument", type: "invalid_request_error", retry: false },
  model_not_available: {
    http: 400,
    callable: "invalid-argument",
    type: "invalid_request_error",
    retry: false,
  },
  message_flagged: {
    http: 400,
    callable: "failed-precondition",
    type: "invalid_request_error",
    retry: false,
  },
  model_not_priced: {
    http: 400,
    callable: "failed-precondition",
    type: "invalid_request_error",
    retry: false,
  },
  bot_incomplete: { http: 400, callable: "failed-precondition", type: "invalid_request_error", retry: false },
  missing_key: { http: 401, callable: "unauthenticated", type: "authentication_error", retry: false },
  invalid_key: { http: 401, callable: "unauthenticated", type: "authentication_error", retry: false },
  key_refused: { http: 401, callable: "unauthenticated", type: "authentication_error", retry: false },
  invalid_recovery_code: {
    http: 401,
    callable: "unauthenticated",
    type: "authentication_error",
    retry: false,
  },
  not_allowed_for_app_key: {
    http: 403,
    callable: "permission-denied",
    type: "permission_error",
    retry: false,
  },
  origin_not_allowed: { http: 403, callable: "permission-denied", type: "permission_error", retry: false },
  token_mismatch: { http: 403, callable: "permission-denied", type: "permission_error", retry: false },
  session_ended: { http: 403, callable: "permission-denied", type: "permission_error", retry: false },
  assistant_paused: { http: 403, callable: "permission-denied", type: "permission_error", retry: true },
  bot_not_found: { http: 404, callable: "not-found", type: "not_found_error", retry: false },
  session_not_found: { http: 404, callable: "not-found", type: "not_found_error", retry: false },
  app_key_not_found: { http: 404, callable: "not-found", type: "not_found_error", retry: false },
  model_not_found: { http: 404, callable: "not-found", type: "invalid_request_error", retry: false },
  response_not_found: { http: 404, callable: "not-found", type: "invalid_request_error", retry: false },
  not_found: { http: 404, callable: "not-found", type: "not_found_error", retry: false },
  method_not_allowed: { http: 405, callable: "unimplemented", type: "invalid_request_error", retry: false },
  turn_in_progress: { http: 409, callable: "aborted", type: "conflict_error", retry: true },
  bot_busy: { http: 409, callable: "aborted", type: "conflict_error", retry: true },
  session_busy: { http: 409, callable: "aborted", type: "conflict_error", retry: true },
  account_busy: { http: 409, callable: "aborted", type: "conflict_error", retry: true },
  key_in_use: { http: 409, callable: "already-exists", type: "conflict_error", retry: false },
  session_damaged: { http: 409, callable: "data-loss", type: "conflict_error", retry: false },
  too_large: { http: 413, callable: "invalid-argument", type: "invalid_request_error", retry: false },
  unsupported_encoding: {
    http: 415,
    callable: "invalid-argument",
    type: "invalid_request_error",
    retry: false,
  },
  idempotency_mismatch: {
    http: 422,
    callable: "failed-precondition",
    type: "invalid_request_error",
    retry: false,
  },
  previous_response_not_found: {
    http: 400,
    callable: "not-found",
    type: "invalid_request_error",
    retry: false,
  },
  context_too_long: {
    http: 400,
    callable: "failed-precondition",
    type: "invalid_request_error",
    retry: false,
  },
  upstream_rejected: {
    http: 400,
    callable: "failed-precondition",
    type: "invalid_request_error",
    retry: false,
  },
  quota_exhausted: { http: 429, callable: "resource-exhausted", type: "insufficient_quota", retry: false },
  budget_exhausted: { http: 429, callable: "resource-exhausted", type: "insufficient_quota", retry: false },
  rate_limited: { http: 429, callable: "resource-exhausted", type: "rate_limit_error", retry: true },
  upstream_busy: { http: 429, callable: "resource-exhausted", type: "rate_limit_error", retry: true },
  cancelled: { http: 499, callable: "cancelled", type: "api_error", retry: true },
  internal: { http: 500, callable: "internal", type: "api_error", retry: false },
  upstream_failed: { http: 502, callable: "unavailable", type: "api_error", retry: true },
  upstream_unavailable: { http: 503, callable: "unavailable", type: "api_error", retry: true },
  unhealthy: { http: 503, callable: "unavailable", type: "api_error", retry: true },
  upstream_timeout: { http: 504, callable: "deadline-exceeded", type: "api_error", retry: true },
} as const satisfies Record<string, Row>;

export type FailureCode = keyof typeof FAILURES;

type Details = {
  /** The input field at fault. */
  param?: string | undefined;
  /** Seconds after which a retry makes sense; sent as `Retry-After`. */
  retryAfter?: number | undefined;
  /** The provider refused before it did anything that costs money. */
  unbilled?: boolean | undefined;
  /** The failure underneath, for the log alone; never sent. */
  cause?: unknown;
};

/** The one error class: its message is written for the caller and leaves the server; nothing else does. */
export class Failure extends Error {
  readonly param: string | undefined;
  readonly retryAfter: number | undefined;
  readonly unbilled: boolean;

  constructor(
    readonly code: FailureCode,
    message: string,
    details: Details = {},
  ) {
    super(message, { cause: details.cause });
    this.name = "Failure";
    this.param = details.param;
    this.retryAfter = details.retryAfter;
    this.unbilled = details.unbilled ?? false;
  }
}

/** The same failure for what is not yours, was deleted or never was. */
export const notFound = (what: keyof typeof NOT_FOUND) => new Failure(`${what}_not_found`, NOT_FOUND[what]);

const NOT_FOUND = {
  bot: "No such assistant.",
  session: "No such session.",
  app_key: "No such app key.",
} as const;

/** Any thrown thing as a Failure: a stranger becomes `internal`, its cause kept for the log. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure("internal", "Something went wrong on our side. Please try again.", { cause: error });
}

export type ErrorBody = {
  error: { code: FailureCode; message: string; type: string; param?: string; request_id: string };
};

/** The error body of every door; an OpenAI SDK reads it as its own. */
export function errorBody(failure: Failure, requestId: string): ErrorBody {
  return {
    error: {
      code: failure.code,
      message: failure.message,
      type: FAILURES[failure.code].type,
      ...(failure.param === undefined ? {} : { param: failure.param }),
      request_id: requestId,
    },
  };
}
