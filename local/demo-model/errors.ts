type Details = {
  type?: string;
  code?: string | null;
  param?: string | null;
  headers?: Record<string, string>;
};

/** A failure as OpenAI tells it: status, message, and the three fields beside it; `headers` go out as they are. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, details: Details = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.type = details.type ?? "invalid_request_error";
    this.code = details.code ?? null;
    this.param = details.param ?? null;
    this.headers = details.headers ?? {};
  }

  /** The body of OpenAI's error answers. */
  get body() {
    const { message, type, param, code } = this;
    return { error: { message, type, param, code } };
  }
}

/** A field of the request is wrong (400). */
export const badField = (param: string, code: string | null, message: string) =>
  new ApiError(400, message, { param, code });

/** A parameter that this model does not take, as reasoning models answer (400). */
export function unsupportedParameter(param: string, instead?: string): ApiError {
  const hint = instead ? ` Use '${instead}' instead.` : "";
  const message = `Unsupported parameter: '${param}' is not supported with this model.${hint}`;
  return badField(param, "unsupported_parameter", message);
}

/** 401 without a usable key. The message repeats the ends of the key, as OpenAI's does. */
export function invalidKey(key: string): ApiError {
  if (!key) {
    const how = "You need to provide your API key in an Authorization header using Bearer auth";
    return new ApiError(401, `You didn't provide an API key. ${how} (i.e. Authorization: Bearer YOUR_KEY).`);
  }
  const masked = `${key.slice(0, 8)}${"*".repeat(Math.max(4, key.length - 12))}${key.slice(-4)}`;
  const where = "You can find your API key at https://platform.openai.com/account/api-keys.";
  return new ApiError(401, `Incorrect API key provided: ${masked}. ${where}`, { code: "invalid_api_key" });
}

/** 403: the key is good, its place is not. */
export const forbidden = () =>
  new ApiError(403, "Country, region, or territory not supported", {
    type: "request_forbidden",
    code: "unsupported_country_region_territory",
  });

/** 429 that waiting does not cure. */
export const noQuota = () =>
  new ApiError(
    429,
    "You exceeded your current quota, please check your plan and billing details. For more information on this " +
      "error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
    { type: "insufficient_quota", code: "insufficient_quota" },
  );

/** 429 that waiting cures; `retryAfter` in seconds, left out when undefined. */
export const rateLimited = (model: string, retryAfter?: number) =>
  new ApiError(
    429,
    `Rate limit reached for ${model} in organization org-demo on requests per min (RPM): Limit 3, Used 3, ` +
      "Requested 1. Please try again in 1s. Visit https://platform.openai.com/account/rate-limits to learn more.",
    {
      type: "requests",
      code: "rate_limit_exceeded",
      headers: retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
    },
  );

/** 500, as OpenAI apologises. */
export const serverError = () =>
  new ApiError(500, "The server had an error while processing your request. Sorry about that!", {
    type: "server_error",
  });

/** 503 for everything. */
export const overloaded = () =>
  new ApiError(
    503,
    "The server is currently overloaded with other requests. Sorry about that! You can retry your request, or " +
      "contact us through our help center at help.openai.com if the error persists.",
    { type: "server_error" },
  );

/** 400: `tokens` do not fit into `window` tokens. */
export const contextTooLong = (window: number, tokens: number) =>
  badField(
    "messages",
    "context_length_exceeded",
    `This model's maximum context length is ${window} tokens. However, your messages resulted in ${tokens} ` +
      "tokens. Please reduce the length of the messages.",
  );

/** 404: no such model for this key. */
export const modelNotFound = (model: string) =>
  new ApiError(404, `The model \`${model}\` does not exist or you do not have access to it.`, {
    code: "model_not_found",
  });
