import {
  type CallToolResult,
  createMcpHandler,
  isLegacyRequest,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { errorBody, FAILURES, Failure, toFailure } from "../errors";
import type { Services } from "../services";
import { authenticate } from "../users/authenticate";
import { version } from "../version";
import { type Arrival, addressOf, throughGateway } from "./gateway";
import { invoke } from "./invoke";
import { readable } from "./mcp-text";
import { TOOLS } from "./mcp-tools";
import { type Request, readJson, readKey } from "./read-request";

const INSTRUCTIONS =
  "Assistants with a personality and a purpose of their own, made by people. List them with bots_list, start a " +
  "conversation with sessions_create (the assistant speaks first), go on with sessions_respond, and conclude with " +
  "sessions_end, which answers a recap. Pass a person's words on as they are, and show them the assistant's. Every " +
  "reply costs tokens on the key of whoever connected this server.";

/**
 * One POST to /mcp: JSON-RPC in, JSON out, nothing kept between two of them, whichever instance answers. Clients of
 * 2026 (every request stands for itself) and of 2025 (`initialize` first) are served by the same tools.
 */
export async function serveMcp(c: Request, services: Services, signal: AbortSignal): Promise<Response> {
  // Browsers name the page that asks; what CORS has not allowed by now is refused, as the protocol demands.
  if (c.req.header("origin") !== undefined && !c.res.headers.has("access-control-allow-origin")) {
    throw new Failure("origin_not_allowed", "This page may not call this server.");
  }
  const key = readKey(c.req.header("authorization"));
  if (key === null) throw new Failure("missing_key", "Send your key as `Authorization: Bearer <key>`.");
  const message = await readJson(c);
  const exchange = openExchange(c, services, key, signal);
  if (isHandshake(message)) await checkKey(exchange);
  const response = await answer(c.req.raw, message, () => createServer(exchange));
  if (exchange.refusal) throw exchange.refusal;
  const body = response.body === null ? null : await response.text();
  return c.newResponse(body, response.status as never, { "content-type": "application/json" });
}

async function answer(request: globalThis.Request, message: object, server: () => Server): Promise<Response> {
  const options = { parsedBody: message };
  if (await isLegacyRequest(request, message)) {
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await server().connect(transport);
    return transport.handleRequest(request, options);
  }
  // No stream is ever held open: nothing here changes that a client would have to be told of.
  return createMcpHandler(server, { legacy: "reject", maxSubscriptions: 0 }).fetch(request, options);
}

/** A first message: whoever connects with a wrong key shall hear it then, not at the first tool call. */
const isHandshake = (message: { method?: unknown }) =>
  message.method === "initialize" || message.method === "server/discover";

/** One HTTP request on its way through the protocol, which knows nothing of keys and limits. */
type Exchange = {
  services: Services;
  key: string;
  visitorSecret: string | undefined;
  origin: string | undefined;
  signal: AbortSignal;
  requestId: string;
  arrive: (operation: string) => Arrival;
  /** A key that was refused: the whole request's failure, told as HTTP tells it. */
  refusal?: Failure;
};

function openExchange(c: Request, services: Services, key: string, signal: AbortSignal): Exchange {
  const requestId = c.get("requestId");
  const address = addressOf(c.env.incoming);
  const setHeader = (name: string, value: string) => c.header(name, value);
  const arrive = (operation: string) => ({ door: "mcp" as const, operation, requestId, address, setHeader });
  const visitorSecret = c.req.header("x-visitor-secret");
  const origin = c.req.header("origin");
  return { services, key, visitorSecret, origin, signal, requestId, arrive };
}

const checkKey = ({ services, key, visitorSecret, signal, arrive }: Exchange) =>
  throughGateway(
    arrive("mcp.connect"),
    services,
    () => key,
    (_, metered) => authenticate(metered, key, { signal, visitorSecret }),
  );

/** Tools change with a deployment only. */
const CACHE = { "tools/list": { ttlMs: 60 * 60 * 1000, cacheScope: "public" as const } };

/** The protocol's plain server: the one with more comforts would check a tool's input itself, in other words. */
function createServer(exchange: Exchange): Server {
  const about = { name: "gptlab", title: "GPT Lab", version };
  const capabilities = { tools: {} };
  const server = new Server(about, { capabilities, instructions: INSTRUCTIONS, cacheHints: CACHE });
  server.setRequestHandler("tools/list", () => ({ tools: [...TOOLS.values()].map(({ shown }) => shown) }));
  server.setRequestHandler("tools/call", ({ params }) =>
    callTool(exchange, params.name, params.arguments ?? {}),
  );
  return server;
}

async function callTool(exchange: Exchange, name: string, input: object): Promise<CallToolResult> {
  const tool = TOOLS.get(name);
  if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no such tool.");
  const { services, arrive, refusal: _, ...call } = exchange;
  try {
    const output = await throughGateway(
      arrive(tool.operation.name),
      services,
      () => call.key,
      (_, metered) => invoke(tool.operation, input, { ...call, services: metered }),
    );
    return { content: [{ type: "text", text: readable(output) }], structuredContent: output as object };
  } catch (error) {
    return failed(exchange, toFailure(error));
  }
}

/** A failure as a tool's answer, which a model can read and act upon. */
function failed(exchange: Exchange, failure: Failure): CallToolResult {
  const { services, requestId } = exchange;
  if (FAILURES[failure.code].http === 401) exchange.refusal = failure;
  if (failure.code === "internal") services.log.unexpected(requestId, failure.cause);
  const wait = failure.retryAfter === undefined ? "" : ` Try again in ${failure.retryAfter} seconds.`;
  return {
    isError: true,
    content: [{ type: "text", text: `${failure.code}: ${failure.message}${wait}` }],
    _meta: { "gptlab/error": errorBody(failure, requestId).error },
  };
}
