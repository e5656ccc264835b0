/** A call that failed: the server's own code, or one of ours (`network`, `connection_lost`, `stopped`). */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: { status?: number; param?: string; retryAfterS?: number; requestId?: string } = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

type Body = { error?: { code?: string; message?: string; param?: string; request_id?: string } };

/** The error that a JSON body (of a response or of an `error` event) describes. */
export function errorFrom(body: unknown, status?: number, retryAfterS?: number): ApiError {
  const error = (body as Body | null)?.error ?? {};
  return new ApiError(error.code ?? "internal", error.message ?? "", {
    ...(status === undefined ? {} : { status }),
    ...(error.param === undefined ? {} : { param: error.param }),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
    ...(error.request_id === undefined ? {} : { requestId: error.request_id }),
  });
}

/** Any thrown thing as an ApiError: what fetch throws is an abort or the network. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const name = thrown instanceof Error ? thrown.name : "";
  if (name === "AbortError") return new ApiError("stopped", "");
  if (name === "TypeError") return new ApiError("network", "");
  return new ApiError("internal", "");
}
