import { randomUUID } from "node:crypto";
import { type CallableRequest, type CallableResponse, HttpsError } from "firebase-functions/https";
import { errorBody, FAILURES, Failure, toFailure } from "../errors";
import type { Operation } from "../operation";
import type { Services } from "../services";
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
  const startedAt = Date.now();
  let code = "ok";
  let name: string = module;
  try {
    const { operation, input, key, idempotencyKey } = readCall(module, request);
    name = operation.name;
    const stream = operation.streams && request.acceptsStreaming && response;
    return await invoke(operation, input, {
      services,
      key,
      tokenUid: request.auth?.uid,
      idempotencyKey,
      requestId,
      signal: response?.signal ?? new AbortController().signal,
      onDelta: stream
        ? (text) => void stream.sendChunk({ type: "delta", text }).catch(() => undefined)
        : undefined,
    });
  } catch (error) {
    const failure = toFailure(error);
    code = failure.code;
    if (code === "internal") services.log.unexpected(requestId, failure.cause);
    const { error: details } = errorBody(failure, requestId);
    throw new HttpsError(FAILURES[failure.code].callable, failure.message, {
      ...details,
      ...(failure.retryAfter === undefined ? {} : { retry_after: failure.retryAfter }),
    });
  } finally {
    services.log.operationDone({
      operation: name,
      door: "callable",
      requestId,
      ms: Date.now() - startedAt,
      code,
    });
  }
}

type Read = { operation: Operation; input: object; key: string | null; idempotencyKey: string | undefined };

function readCall(module: Module, { data, rawRequest }: CallableRequest<unknown>): Read {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new Failure("invalid_request", "data: must be an object", { param: "data" });
  }
  const { operation: named, api_key, idempotency_key, ...input } = data as Record<string, unknown>;
  const suffix = /^\/+(?:[^?]*\/)?(\w+)\/*(?:\?|$)/.exec(rawRequest.url)?.[1];
  const verb = named ?? suffix;
  const operation = REGISTRY.find(({ name }) => name === `${module}.${verb}`);
  if (!operation)
    throw new Failure("invalid_request", "operation: is not a known one", { param: "operation" });
  return {
    operation,
    input,
    key: optionalText(api_key, "api_key") ?? null,
    idempotencyKey: optionalText(idempotency_key, "idempotency_key"),
  };
}

function optionalText(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && value.length <= 512) return value;
  throw new Failure("invalid_request", `${field}: must be a text`, { param: field });
}
