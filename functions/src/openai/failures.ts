import { Failure } from "../errors";

/** What an OpenAI-shaped API says when it refuses: its status, the fields of its error object, its Retry-After. */
export type Refusal = {
  status: number;
  code?: string | null | undefined;
  param?: string | null | undefined;
  retryAfter?: number | undefined;
};

const parameter = /^[a-z_.[\]0-9]{1,40}$/;

/** An upstream refusal as our own failure; its text stays behind, because it may quote the key or the prompt. */
export function refusalFailure({ status, code, param, retryAfter }: Refusal): Failure {
  if (status === 401) return new Failure("invalid_key", "Your provider does not know this key.");
  if (status === 403) return new Failure("key_refused", "Your provider refuses this key.");
  if (code === "insufficient_quota" || code === "billing_hard_limit_reached" || status === 402) {
    return new Failure("quota_exhausted", "Your account with the provider has no credit left.");
  }
  if (status === 429) return new Failure("upstream_busy", "Your provider asks to slow down.", { retryAfter });
  if (code === "context_length_exceeded") {
    return new Failure("context_too_long", "The conversation is too long for this model.");
  }
  if (status === 404 || code === "model_not_found") {
    return new Failure("model_not_available", "This model is not available to your key.", { param: "model" });
  }
  if (status >= 400 && status < 500 && status !== 408 && status !== 409) {
    const named = param && parameter.test(param) ? param : undefined;
    const which = named === undefined ? "" : ` (${named})`;
    return new Failure("upstream_rejected", `The provider did not accept the request${which}.`, {
      param: named,
    });
  }
  return new Failure("upstream_unavailable", "The model provider is not answering right now.", {
    retryAfter,
  });
}

/** A failure below HTTP: connection, timeouts, or a client that went away. */
export function transportFailure(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof Failure) return error;
  if (signal.aborted) {
    return isTimeout(signal.reason)
      ? new Failure("upstream_timeout", "The reply took too long.")
      : new Failure("cancelled", "The request was cancelled.");
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (/TIMEOUT/.test(code)) {
    const unbilled = NEVER_SENT.has(code);
    return new Failure("upstream_timeout", "The model provider took too long to answer.", {
      cause: error,
      unbilled,
    });
  }
  const unbilled = NEVER_SENT.has(code);
  return new Failure("upstream_unavailable", "The model provider cannot be reached.", {
    cause: error,
    unbilled,
  });
}

/** Codes of connections that never came about (Node's dns and net, undici's connect timeout). */
const NEVER_SENT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The same failure of a call that the provider refused as a whole: nothing was billed. */
export const asUnbilled = ({ code, message, param, retryAfter, cause }: Failure): Failure =>
  new Failure(code, message, { param, retryAfter, cause, unbilled: true });

const isTimeout = (reason: unknown) => (reason as { name?: string } | undefined)?.name === "TimeoutError";

/** Seconds of a Retry-After header in either of its forms (RFC 9110 10.2.3); undefined where it makes no sense. */
export function parseRetryAfter(header: string | undefined, now: Date): number | undefined {
  if (!header) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(header) ? Number(header) : (Date.parse(header) - now.getTime()) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(Math.ceil(seconds), 3600) : undefined;
}
