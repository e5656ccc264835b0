import { randomUUID } from "node:crypto";
import { type CallableRequest, type CallableResponse, HttpsError } from "firebase-functions/https";
import { errorBody, FAILURES, Failure, toFailure } from "../errors";
import type { Operation } from "../operation";
import type { Services } from "../services";
import { addressOf, throughGateway } from "./gateway";
import { invoke } from "./invoke";
import { type Module, REGISTRY } from "./registry";

/**
 * The callable door: `{operation, api_key, ...input}` in, the same outputs and errors as REST out.
 * The operation may also stand behind the function's name: `httpsCallable(functions, "sessions/respond")`.
 */
export async function serveCallable(
  module: Module,
  request: CallableRequest<unknown>,
  response: CallableResponse<unknown> | undefined,
  services: Services,
): Promise<unknown> {
  const requestId = `req_${randomUUID()}`;
  const named = readName(module, request);
  const { res } = request.rawRequest;
  const arrival = {
    door: "callable" as const,
    operation: named ?? module,
    requestId,
    address: addressOf(request.rawRequest),
    setHeader: (name: string, value: string) => void res?.setHeader(name, value),
  };
  const readKey = () => optionalText(dataOf(request).api_key, "api_key") ?? null;
  try {
    return await throughGateway(arrival, services, readKey, (key, metered) => {
      const { operation, input, idempotencyKey, visitorSecret } = readCall(named, request);
      const stream = operation.streams && request.acceptsStreaming && response;
      return invoke(operation, input, {
        services: metered,
        key,
        tokenUid: request.auth?.uid,
        visitorSecret,
        origin: request.rawRequest.headers.origin,
        idempotencyKey,
        requestId,
        signal: response?.signal ?? new AbortController().signal,
        onDelta: stream
          ? (text) => void stream.sendChunk({ type: "delta", text }).catch(() => undefined)
          : undefined,
      });
    });
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === "internal") services.log.unexpected(requestId, failure.cause);
    const { retryAfter } = failure;
    if (retryAfter !== undefined && !res?.headersSent) arrival.setHeader("retry-after", String(retryAfter));
    const { error: details } = errorBody(failure, requestId);
    throw new HttpsError(FAILURES[failure.code].callable, failure.message, {
      ...details,
      ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
    });
  }
}

type Read = {
  operation: Operation;
  input: object;
  idempotencyKey: string | undefined;
  visitorSecret: string | undefined;
};

/** The operation a call names, in its data or behind the function's name; undefined where there is none such. */
function readName(module: Module, { data, rawRequest }: CallableRequest<unknown>): string | undefined {
  const { operation } = (data ?? {}) as { operation?: unknown };
  const [path = ""] = rawRequest.url.split("?", 1);
  const suffix = path.split("/").findLast((part) => part !== "");
  const name = `${module}.${operation ?? suffix}`;
  return REGISTRY.some((one) => one.name === name) ? name : undefined;
}

function dataOf({ data }: CallableRequest<unknown>): Record<string, unknown> {
  if (typeof data === "object" && data !== null && !Array.isArray(data))
    return data as Record<string, unknown>;
  throw new Failure("invalid_request", "data: must be an object", { param: "data" });
}

function readCall(named: string | undefined, request: CallableRequest<unknown>): Read {
  const { operation: _, api_key, idempotency_key, visitor_secret, ...input } = dataOf(request);
  const operation = REGISTRY.find(({ name }) => name === named);
  if (!operation)
    throw new Failure("invalid_request", "operation: is not a known one", { param: "operation" });
  return {
    operation,
    input,
    idempotencyKey: optionalText(idempotency_key, "idempotency_key"),
    visitorSecret: optionalText(visitor_secret, "visitor_secret"),
  };
}

function optionalText(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && value.length <= 512) return value;
  throw new Failure("invalid_request", `${field}: must be a text`, { param: field });
}
