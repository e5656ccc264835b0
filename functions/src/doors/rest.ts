import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { errorBody, FAILURES, Failure, toFailure } from "../errors";
import type { Call, Operation } from "../operation";
import type { Services } from "../services";
import { openStream } from "./event-stream";
import { invoke } from "./invoke";
import { REGISTRY } from "./registry";

type Env = { Bindings: HttpBindings; Variables: { requestId: string } };
type Request = Context<Env>;

const MAX_BODY_BYTES = 256 * 1024;

/** The REST door: every operation of the registry at its route under /v1, and the OpenAPI document. */
function createRestApp(services: () => Services): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    c.set("requestId", `req_${randomUUID()}`);
    c.header("x-request-id", c.get("requestId"));
    c.header("cache-control", "no-store");
    await next();
  });
  app.use(allowOrigins(services));
  for (const operation of REGISTRY) {
    const [method = "", path = ""] = operation.route.split(" ");
    app.on(method, `/v1${path.replace(/\{(\w+)\}/g, ":$1")}`, (c) => serve(c, operation, services()));
  }
  app.get("/v1/openapi.json", async (c) => c.json((await import("./openapi")).openApiDocument()));
  app.notFound((c) => answerFailure(c, new Failure("not_found", "There is nothing at this address.")));
  app.onError((error, c) => {
    const failure = toFailure(error);
    if (failure.code === "internal") services().log.unexpected(c.get("requestId"), failure.cause);
    return answerFailure(c, failure);
  });
  return app;
}

/** The same app as a Node request handler, for the functions framework and for tests. */
export function createRestHandler(services: () => Services) {
  const listener = getRequestListener(createRestApp(services).fetch, { overrideGlobalObjects: false });
  return (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    Promise.resolve(listener(request, response));
}

/** Cross-origin answers go to the project's own pages and a configured list; a preflight carries no key. */
const allowOrigins = (services: () => Services) =>
  cors({
    origin: (origin, c) =>
      c.req.method === "OPTIONS" ? "*" : services().config.origins.includes(origin) ? origin : null,
    allowHeaders: ["authorization", "content-type", "idempotency-key"],
    exposeHeaders: ["x-request-id", "retry-after"],
    maxAge: 3600,
  });

async function serve(c: Request, operation: Operation, services: Services): Promise<Response> {
  const startedAt = Date.now();
  const requestId = c.get("requestId");
  let code = "ok";
  try {
    return await answer(c, operation, services);
  } catch (error) {
    code = toFailure(error).code;
    throw error;
  } finally {
    const ms = Date.now() - startedAt;
    services.log.operationDone({ operation: operation.name, door: "rest", requestId, ms, code });
  }
}

async function answer(c: Request, operation: Operation, services: Services): Promise<Response> {
  const raw = await readInput(c, operation);
  const wantsStream = operation.streams && c.req.header("accept")?.includes("text/event-stream");
  const stream = wantsStream ? openStream(c.env.outgoing, () => c.res.headers) : null;
  const call: Call = {
    services,
    key: readKey(c.req.header("authorization")),
    idempotencyKey: readIdempotencyKey(c.req.header("idempotency-key")),
    requestId: c.get("requestId"),
    signal: disconnectSignal(c.env.outgoing),
    onDelta: stream?.delta,
  };
  try {
    const output = await invoke(operation, raw, call);
    if (!stream) return c.json(output as object);
    stream.done(output);
  } catch (error) {
    if (!stream?.started()) throw error;
    stream.fail(errorBody(toFailure(error), call.requestId));
    if (toFailure(error).code === "internal") services.log.unexpected(call.requestId, toFailure(error).cause);
  }
  return RESPONSE_ALREADY_SENT;
}

/** Path, query (GET, DELETE) and JSON body as one input object; a field may stand in one place only. */
async function readInput(c: Request, operation: Operation): Promise<unknown> {
  const bodyless = c.req.method === "GET" || c.req.method === "DELETE";
  const rest = bodyless ? c.req.query() : await readBody(c);
  const path = c.req.param() as Record<string, string>;
  for (const name of Object.keys(path)) {
    if (Object.hasOwn(rest, name)) {
      throw new Failure("invalid_request", `${name}: stands in the address already`, { param: name });
    }
  }
  return operation.caller === "session" || Object.keys(path).length > 0 ? { ...rest, ...path } : rest;
}

async function readBody(c: Request): Promise<Record<string, unknown>> {
  const text = await c.req.text();
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) {
    throw new Failure("too_large", "The request is larger than 256 KiB.");
  }
  if (text.trim() === "") return {};
  const problem = new Failure("invalid_request", "body: must be a JSON object", { param: "body" });
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body))
      return body as Record<string, unknown>;
  } catch {
    throw problem;
  }
  throw problem;
}

function readKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  const [, key] = /^Bearer +(\S+) *$/i.exec(header) ?? [];
  if (!key) throw new Failure("missing_key", "Send your key as `Authorization: Bearer <key>`.");
  return key;
}

function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw new Failure("invalid_request", "Idempotency-Key: must be 1 to 255 visible characters", {
    param: "Idempotency-Key",
  });
}

/** Aborts when the client closes the connection before the answer is finished. */
function disconnectSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.closed || response.destroyed) controller.abort(); // it left during a cold start
  response.once("close", () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

function answerFailure(c: Request, failure: Failure): Response {
  if (failure.retryAfter !== undefined) c.header("retry-after", String(failure.retryAfter));
  return c.json(errorBody(failure, c.get("requestId")), FAILURES[failure.code].http as never);
}
