import type { IncomingMessage } from "node:http";
import { Failure } from "../errors";

const MAX_BODY_BYTES = 256 * 1024;

/** An exported session comes back in one piece. */
const MAX_IMPORT_BYTES = 8 * 1024 * 1024;

/** Bytes that the body of a request to this address may have. */
export const bodyLimit = (url = "/"): number =>
  url.split("?", 1)[0]?.endsWith("/import") ? MAX_IMPORT_BYTES : MAX_BODY_BYTES;

/** Deeper JSON than this is no request of ours, and what reads it recursively would run out of stack. */
const MAX_DEPTH = 64;

export const tooLarge = (limit: number) =>
  new Failure("too_large", `The request is larger than ${limit / 1024} KiB.`);

/** What is wrong with a request before its body is read; undefined where nothing is. */
export function checkHead(request: IncomingMessage): Failure | undefined {
  const { headers } = request;
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    return new Failure("unsupported_encoding", "Send the body as it is: compressed ones are not accepted.");
  }
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers["content-type"] ?? "")?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    return new Failure("unsupported_encoding", "Send the body in UTF-8.");
  }
  const limit = bodyLimit(request.url);
  if (Number(headers["content-length"] ?? 0) > limit) return tooLarge(limit);
  return isDecodable(request.url ?? "/")
    ? undefined
    : new Failure("invalid_request", "The address is not well formed.");
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

/**
 * What is wrong with a whole body; undefined where nothing is. Every body of this API is JSON, whatever its
 * Content-Type says (`curl -d` says form): the framework, which would take it for a form, is told so.
 */
export function checkBody(request: IncomingMessage, body: Buffer, callable: boolean): Failure | undefined {
  const text = body.toString();
  if (callable) return checkCallable(request, text);
  if (text.trim() === "") return undefined;
  const parsed = parse(text);
  if (typeof parsed !== "object" || parsed === null) return notJson();
  if (!isSound(parsed, false)) return new Failure("invalid_request", "body: is nested too deeply", BODY);
  if (request.headers["content-type"]?.toLowerCase().startsWith("application/x-www-form-urlencoded")) {
    request.headers["content-type"] = "application/json";
  }
  return undefined;
}

const BODY = { param: "body" };
const notJson = () => new Failure("invalid_request", "body: must be a JSON object", BODY);

/** The callable protocol: `{data: {…}}` as application/json and nothing beside it; else the SDK logs the body. */
function checkCallable(request: IncomingMessage, text: string): Failure | undefined {
  if (request.method !== "POST") return new Failure("invalid_request", "A callable is called with POST.");
  const type = (request.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    return new Failure("invalid_request", "Content-Type: must be application/json", {
      param: "Content-Type",
    });
  }
  const parsed = parse(text);
  if (!isRecord(parsed)) return notJson();
  const extra = Object.keys(parsed).some((name) => name !== "data");
  if (extra || !isRecord(parsed.data)) {
    return new Failure("invalid_request", "data: must be an object, and all that is sent", { param: "data" });
  }
  return isSound(parsed, true)
    ? undefined
    : new Failure("invalid_request", "data: is nested too deeply or holds typed values", { param: "data" });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Walks without recursion. A value with an `@type` that the callable SDK does not know would be logged by it. */
function isSound(root: object, callable: boolean): boolean {
  const open: [value: object, depth: number][] = [[root, 1]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [value, depth] = next;
    if (depth > MAX_DEPTH || (callable && Object.hasOwn(value, "@type"))) return false;
    for (const inner of Object.values(value)) {
      if (typeof inner === "object" && inner !== null) open.push([inner, depth + 1]);
    }
  }
  return true;
}
