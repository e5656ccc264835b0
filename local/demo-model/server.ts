import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerChat, type Shared } from "./completions.ts";
import { ApiError, serverError } from "./errors.ts";
import { checkKey, getModel, listModels } from "./models.ts";
import { checkModerationKey, moderate } from "./moderation.ts";
import { type SeenRequest, Stats } from "./stats.ts";
import { PromptCache } from "./tokens.ts";

export type { SeenRequest } from "./stats.ts";

type Options = {
  /** 0 takes any free port. */
  port: number;
  host?: string;
  /** Time between two words of a stream, and before a whole reply, in milliseconds. */
  delayMs?: number;
  /** Time before the first byte of `demo-slow`, in milliseconds. */
  slowMs?: number;
};

/** A running demo model. */
export type DemoModel = {
  /** The base URL for an OpenAI client; ends in /v1. */
  url: string;
  /** The last 50 completion requests, oldest first; only for tests in this process, never over HTTP. */
  requests: readonly SeenRequest[];
  /** Ends the server and every open connection. */
  close(): Promise<void>;
};

const MOST_BODY_BYTES = 16 * 1024 * 1024;

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) throw new ApiError(413, "Maximum content size limit exceeded.");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new ApiError(
      400,
      "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP " +
        "library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
    );
  }
}

/** A part of a path in clear; one that is malformed stays as it is, and names nothing. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type Route = { method: string; run: (key: string) => unknown };

function findRoute(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  shared: Shared,
): Route | null {
  if (path === "/v1/models") {
    const run = (key: string) => {
      shared.stats.modelList();
      sendJson(response, 200, listModels(key));
    };
    return { method: "GET", run };
  }
  if (path.startsWith("/v1/models/")) {
    const id = decode(path.slice("/v1/models/".length));
    return { method: "GET", run: (key) => sendJson(response, 200, getModel(key, id)) };
  }
  if (path === "/v1/chat/completions") {
    return { method: "POST", run: async (key) => answerChat(key, await readBody(request), response, shared) };
  }
  if (path !== "/v1/moderations") return null;
  const run = async (key: string) => {
    checkModerationKey(key);
    shared.stats.moderation();
    sendJson(response, 200, moderate(await readBody(request)));
  };
  return { method: "POST", run };
}

async function answer(request: IncomingMessage, response: ServerResponse, shared: Shared): Promise<void> {
  const method = request.method ?? "GET";
  const path = new URL(request.url ?? "/", "http://demo").pathname;
  if (path === "/stats" && method === "GET") return sendJson(response, 200, shared.stats);
  if (path === "/stats/reset" && method === "POST") {
    shared.stats.reset();
    shared.failedOnce.clear();
    return sendJson(response, 200, shared.stats);
  }
  const route = findRoute(path, request, response, shared);
  if (!route) throw new ApiError(404, `Invalid URL (${method} ${path})`);
  if (route.method !== method) {
    const hint = "(HINT: Perhaps you meant to use a different HTTP method?)";
    throw new ApiError(405, `Not allowed to ${method} on ${path}. ${hint}`, { code: "method_not_supported" });
  }
  await route.run(checkKey(request.headers.authorization));
}

function fail(response: ServerResponse, error: unknown): void {
  // The client went away, or half an answer is out: nobody is there to be told.
  if (response.destroyed || response.headersSent) {
    response.destroy();
    return;
  }
  if (!(error instanceof ApiError)) console.error(error);
  const failure = error instanceof ApiError ? error : serverError();
  for (const [name, value] of Object.entries(failure.headers)) response.setHeader(name, value);
  sendJson(response, failure.status, failure.body);
}

/**
 * Starts the demo model: a small server that speaks enough of the OpenAI API to stand in for it, offline and
 * deterministic. Any key of 20 characters or more that starts with `sk-demo-` works; special keys are in
 * models.ts, special models in faults.ts. Rejects when the port is taken.
 */
export async function startDemoModel(options: Options): Promise<DemoModel> {
  const { port, host = "127.0.0.1", delayMs = 25, slowMs = 3_000 } = options;
  const shared: Shared = {
    stats: new Stats(),
    cache: new PromptCache(),
    failedOnce: new Set(),
    delayMs,
    slowMs,
  };
  const server = createServer((request, response) => {
    response.setHeader("x-request-id", `req_${randomUUID().replaceAll("-", "")}`);
    response.setHeader("openai-version", "2020-10-01");
    answer(request, response, shared).catch((error: unknown) => fail(response, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${taken}/v1`,
    requests: shared.stats.requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
