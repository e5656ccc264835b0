import { randomUUID } from "node:crypto";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { errorBody, FAILURES, type Failure } from "../errors";
import { bodyLimit, checkBody, checkHead, tooLarge } from "./platform-checks";

/**
 * What stands before the functions framework. It parses bodies before our code runs: malformed JSON is answered with
 * HTML and the raw body logged, gzip is accepted up to 1 GB, and a callable without `data` logs the whole body, key
 * included. So requests are looked at where Node's HTTP server hands them over: what is refused gets our own error
 * body and no log line; what passes reaches the framework as it came.
 */
export function guardPlatform(callable: () => boolean = isCallableTarget): () => void {
  const before = Object.getOwnPropertyDescriptor(Server.prototype, "emit");
  const emit = Server.prototype.emit as Emit;
  const guarded: Emit = function (event, ...args) {
    if (event !== "request") return emit.call(this, event, ...args);
    const [request, response] = args as [IncomingMessage, ServerResponse];
    screen(request, response, callable(), () => emit.call(this, event, ...args));
    return true;
  };
  Object.defineProperty(Server.prototype, "emit", { value: guarded, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(Server.prototype, "emit", before);
    else Reflect.deleteProperty(Server.prototype, "emit");
  };
}

type Emit = (this: Server, event: string | symbol, ...args: unknown[]) => boolean;

/** A deployed process serves one function, named by the platform; `api` is REST, all others are callables. */
const isCallableTarget = () => (process.env.FUNCTION_TARGET ?? "api") !== "api";

/**
 * Lets a request through once its whole body is known and sound. Chunks are caught where the HTTP parser pushes them,
 * and pushed on unchanged: the framework reads the same stream as if nobody had looked.
 */
function screen(
  request: IncomingMessage,
  response: ServerResponse,
  callable: boolean,
  pass: () => void,
): void {
  const refuse = (failure: Failure, bodyIsRead: boolean) => {
    request.push = () => true; // what still comes is thrown away
    answer(response, failure, callable, bodyIsRead);
  };
  const refusal = checkHead(request);
  if (refusal) {
    refuse(refusal, !hasBody(request));
    return;
  }
  if (!hasBody(request) && !(callable && request.method === "POST")) {
    pass();
    return;
  }
  const chunks: Buffer[] = [];
  const limit = bodyLimit(request.url);
  let size = 0;
  request.push = (chunk: Buffer | null) => {
    if (chunk !== null) {
      size += chunk.length;
      if (size > limit) refuse(tooLarge(limit), false);
      else chunks.push(chunk);
      return true;
    }
    const problem = checkBody(request, Buffer.concat(chunks), callable);
    if (problem) {
      refuse(problem, true);
      return false;
    }
    Reflect.deleteProperty(request, "push");
    for (const part of chunks) request.push(part);
    request.push(null);
    pass();
    return false;
  };
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/** A client that is still sending must get the time to read the answer before its connection is closed. */
const LINGER_MS = 500;

/** Our error body in the door's own shape; it quotes nothing of the request, so that any page may read it. */
function answer(response: ServerResponse, failure: Failure, callable: boolean, bodyIsRead: boolean): void {
  const requestId = `req_${randomUUID()}`;
  const body = errorBody(failure, requestId);
  const status = FAILURES[failure.code].callable.toUpperCase().replaceAll("-", "_");
  const { error } = body;
  const json = JSON.stringify(
    callable ? { error: { status, message: error.message, details: error } } : body,
  );
  response.writeHead(FAILURES[failure.code].http, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(json),
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "x-request-id",
    "x-request-id": requestId,
    ...(bodyIsRead ? {} : { connection: "close" }),
  });
  if (bodyIsRead) {
    response.end(json);
    return;
  }
  response.write(json);
  const closing = setTimeout(() => response.end(), LINGER_MS);
  response.once("close", () => clearTimeout(closing));
}
