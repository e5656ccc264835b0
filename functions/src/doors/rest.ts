import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { errorBody, FAILURES, Failure, toFailure } from "../errors";
import type { Operation } from "../operation";
import type { Services } from "../services";
import { chatCompletions } from "../sessions/chat";
import { createResponse } from "../sessions/responses";
import { openChatStream } from "./chat-stream";
import { openStream, type Stream } from "./event-stream";
import { addressOf, throughGateway } from "./gateway";
import { invoke } from "./invoke";
import { isOpenAI, openAIError, openAIHeaders } from "./openai";
import { type Env, type Request, readIdempotencyKey, readInput, readKey } from "./read-request";
import { REGISTRY } from "./registry";
import { openResponseStream } from "./responses-stream";

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
  app.all("/mcp", async (c) => {
    if (c.req.method !== "POST") return refuseMethod(c, "POST");
    const { serveMcp } = await import("./mcp");
    return serveMcp(c, services(), disconnectSignal(c.env.outgoing));
  });
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

/**
 * Cross-origin answers go to the project's own pages and a configured list, and to the pages of a publishable key once
 * it is known. A preflight carries no key, so it answers everyone, and allows whatever headers are asked for: OpenAI's
 * SDK sends a dozen of its own.
 */
const allowOrigins = (services: () => Services) =>
  cors({
    origin: (origin, c) =>
      c.req.method === "OPTIONS" ? "*" : services().config.origins.includes(origin) ? origin : null,
    exposeHeaders: [
      "x-request-id",
      "retry-after",
      "ratelimit",
      "ratelimit-policy",
      "etag",
      "www-authenticate",
    ],
    maxAge: 3600,
  });

const ALLOWED_ORIGIN = "access-control-allow-origin";

function allowOrigin(c: Request, origin: string): void {
  c.header(ALLOWED_ORIGIN, origin);
  c.header("vary", "Origin", { append: true });
}

async function serve(c: Request, operation: Operation, services: Services): Promise<Response> {
  const requestId = c.get("requestId");
  const startedAt = Date.now();
  c.set("openAI", isOpenAI(operation));
  const arrival = {
    door: "rest" as const,
    operation: operation.name,
    requestId,
    address: addressOf(c.env.incoming),
    setHeader: (name: string, value: string) => c.header(name, value),
  };
  let stream = null as Stream | null;
  try {
    const output = await throughGateway(
      arrival,
      services,
      () => readKey(c.req.header("authorization")),
      async (key, metered) => {
        const raw = await readInput(c, operation);
        const idempotencyKey = readIdempotencyKey(c.req.header("idempotency-key"));
        stream = streamFor(c, operation, raw, startedAt);
        const signal = disconnectSignal(c.env.outgoing);
        const { delta: onDelta, part: onPart } = stream ?? {};
        return invoke(operation, raw, {
          services: metered,
          key,
          visitorSecret: c.req.header("x-visitor-secret"),
          origin: c.req.header("origin"),
          allowOrigin: (origin) => allowOrigin(c, origin),
          idempotencyKey,
          requestId,
          signal,
          onDelta,
          onPart,
        });
      },
    );
    if (operation.file) return answerFile(c, output as File);
    if (!stream) return answerJson(c, operation, output, startedAt);
    stream.done(output);
  } catch (error) {
    if (!stream?.started()) throw error;
    const failure = toFailure(error);
    stream.fail(bodyOf(c, failure));
    if (failure.code === "internal") services.log.unexpected(requestId, failure.cause);
  }
  return RESPONSE_ALREADY_SENT;
}

/** The wire for a reply that comes in pieces, in our framing or in OpenAI's; null for a whole one. */
function streamFor(
  c: Request,
  operation: Operation,
  raw: Record<string, unknown>,
  startedAt: number,
): Stream | null {
  const headers = () => {
    tellTime(c, startedAt);
    return c.res.headers;
  };
  if (operation === chatCompletions) {
    return raw.stream === true ? openChatStream(c.env.outgoing, headers, raw, c.get("requestId")) : null;
  }
  if (operation === createResponse) {
    return raw.stream === true ? openResponseStream(c.env.outgoing, headers) : null;
  }
  const wanted = operation.streams && c.req.header("accept")?.includes("text/event-stream");
  return wanted ? openStream(c.env.outgoing, headers) : null;
}

type File = { filename: string; content_type: string; content: string };

const answerFile = (c: Request, { filename, content_type, content }: File): Response =>
  c.body(content, 200, {
    "content-type": content_type,
    "content-disposition": `attachment; filename="${filename}"`,
  });

/** What anybody may read carries an ETag: asked again with it, an unchanged answer is a 304 without a body. */
function answerJson(c: Request, { caller }: Operation, output: unknown, startedAt: number): Response {
  tellTime(c, startedAt);
  if (caller !== "anyone" || c.req.method !== "GET" || c.req.header("authorization")) {
    return c.json(output as object);
  }
  const json = JSON.stringify(output);
  const tag = `"${createHash("sha256").update(json).digest("base64url").slice(0, 22)}"`;
  c.header("etag", tag);
  c.header("cache-control", "no-cache");
  c.header("vary", "Authorization, Origin");
  const known = c.req.header("if-none-match")?.split(",") ?? [];
  if (known.some((one) => one.trim().replace(/^W\//, "") === tag)) return c.body(null, 304);
  return c.body(json, 200, { "content-type": "application/json" });
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

const PUBLISHABLE = /^Bearer +glp_/i;

/** What OpenAI's clients read of an answer beside its body. */
function tellTime(c: Request, startedAt: number): void {
  if (!c.get("openAI")) return;
  for (const [name, value] of Object.entries(openAIHeaders(startedAt))) c.header(name, value);
}

/** A failure in the words of the door the call came to. */
function bodyOf(c: Request, failure: Failure): object {
  const body = errorBody(failure, c.get("requestId"));
  return c.get("openAI") ? openAIError(body) : body;
}

function refuseMethod(c: Request, allowed: string): Response {
  c.header("allow", allowed);
  return answerFailure(c, new Failure("method_not_allowed", `Only ${allowed} is answered here.`));
}

function answerFailure(c: Request, failure: Failure): Response {
  if (FAILURES[failure.code].http === 401) c.header("www-authenticate", challenge(failure));
  // A page may learn why its publishable key was refused before anybody knew its origins: a failure quotes nothing.
  if (PUBLISHABLE.test(c.req.header("authorization") ?? "") && !c.res.headers.has(ALLOWED_ORIGIN)) {
    c.header(ALLOWED_ORIGIN, "*");
  }
  if (failure.retryAfter !== undefined) c.header("retry-after", String(failure.retryAfter));
  return c.json(bodyOf(c, failure), FAILURES[failure.code].http as never);
}

/** How to come in (RFC 6750). It names no authorization server: a key is made elsewhere and pasted in. */
const challenge = ({ code, message }: Failure): string =>
  code === "missing_key"
    ? 'Bearer realm="GPT Lab"'
    : `Bearer realm="GPT Lab", error="invalid_token", error_description="${message.replace(/["\\]/g, "'")}"`;
