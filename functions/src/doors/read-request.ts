import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { Failure } from "../errors";
import type { Operation } from "../operation";
import { bodyLimit, tooLarge } from "./platform-checks";

export type Env = { Bindings: HttpBindings; Variables: { requestId: string; openAI: boolean } };
export type Request = Context<Env>;

/** Path, query (GET, DELETE) and JSON body as one input object; a field may stand in one place only. */
export async function readInput(c: Request, operation: Operation): Promise<Record<string, unknown>> {
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
  const body = await readJson(c);
  if (Array.isArray(body)) throw notAnObject();
  return body as Record<string, unknown>;
}

/** A JSON object or array; an empty body is an empty object. */
export async function readJson(c: Request): Promise<object> {
  const text = await c.req.text();
  const limit = bodyLimit(c.req.path);
  if (Buffer.byteLength(text) > limit) throw tooLarge(limit);
  if (text.trim() === "") return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null) return body;
  } catch {
    throw notAnObject();
  }
  throw notAnObject();
}

const notAnObject = () => new Failure("invalid_request", "body: must be a JSON object", { param: "body" });

export function readKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  const [, key] = /^Bearer +(\S+) *$/i.exec(header) ?? [];
  if (!key) throw new Failure("missing_key", "Send your key as `Authorization: Bearer <key>`.");
  return key;
}

export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw new Failure("invalid_request", "Idempotency-Key: must be 1 to 255 visible characters", {
    param: "Idempotency-Key",
  });
}
