import { z } from "zod";
import { FAILURES, type FailureCode } from "../errors";
import type { Operation } from "../operation";
import { version } from "../version";
import { REGISTRY } from "./registry";

/** What every operation can answer besides its own failures. */
const COMMON: FailureCode[] = [
  "invalid_request",
  "too_large",
  "unsupported_encoding",
  "rate_limited",
  "internal",
];
const WITH_KEY: FailureCode[] = [
  "missing_key",
  "invalid_key",
  "key_refused",
  "upstream_busy",
  "upstream_unavailable",
  "upstream_timeout",
];

/** What an operation can answer besides, where app keys may call it, and where it lets them ask a model. */
const WITH_APP_KEY: FailureCode[] = [
  "not_allowed_for_app_key",
  "origin_not_allowed",
  "budget_exhausted",
  "model_not_priced",
];

type Schema = Record<string, unknown>;

const ErrorObject = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(FAILURES) as [FailureCode, ...FailureCode[]]),
      message: z.string(),
      type: z.string(),
      param: z.string().optional(),
      request_id: z.string(),
    }),
  })
  .meta({ id: "Error" });

let document: object | undefined;

/** The OpenAPI 3.1 document, made from the registry on first use. */
export function openApiDocument(): object {
  document ??= build();
  return document;
}

function build(): object {
  const schemas = new Map<string, Schema>();
  const paths: Record<string, Schema> = {};
  for (const operation of REGISTRY) {
    const [method = "", path = ""] = operation.route.split(" ");
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(operation, method, path, schemas) };
  }
  const error = convert(ErrorObject, "output", schemas);
  return {
    openapi: "3.1.0",
    info: { title: "GPT Lab", version, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/v1" }],
    paths,
    components: {
      schemas: Object.fromEntries([...schemas, ["Error", schemas.get("Error") ?? error]].sort()),
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description: "Your provider key, or an app key (glk_… or glp_…) where the operation says so.",
        },
      },
    },
  };
}

function describe(operation: Operation, method: string, path: string, schemas: Map<string, Schema>): Schema {
  const input = convert(operation.input, "input", schemas) as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const bodyless = method === "GET" || method === "DELETE";
  const fields = Object.entries(input.properties ?? {});
  const isRequired = (name: string) => (input.required ?? []).includes(name);
  const parameters = fields
    .filter(([name]) => bodyless || inPath.includes(name))
    .map(([name, schema]) =>
      parameter(name, schema, inPath.includes(name) ? "path" : "query", isRequired(name)),
    );
  const body = fields.filter(([name]) => !bodyless && !inPath.includes(name));
  const required = body.map(([name]) => name).filter(isRequired);
  return {
    operationId: operation.name.replace(".", "_"),
    tags: [operation.name.split(".")[0]],
    summary: operation.summary,
    description: APP_KEYS[operation.appKeys ?? "none"],
    ...(operation.caller === "anyone" ? { security: [{}, { key: [] }] } : { security: [{ key: [] }] }),
    parameters: [
      ...parameters,
      ...(operation.streams || operation.idempotent ? [IDEMPOTENCY_KEY] : []),
      ...(operation.appKeys === "all" && operation.caller !== "anyone" ? [VISITOR_SECRET] : []),
    ],
    ...(bodyless
      ? {}
      : {
          requestBody: {
            required: required.length > 0,
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  properties: Object.fromEntries(body),
                  ...(required.length > 0 ? { required } : {}),
                  additionalProperties: false,
                },
              },
            },
          },
        }),
    responses: responses(operation, schemas),
  };
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Sent again with the same key, a call is answered once and its answer repeated.",
  schema: { type: "string", maxLength: 255 },
};

const VISITOR_SECRET = {
  name: "X-Visitor-Secret",
  in: "header",
  required: false,
  description:
    "With a publishable key: 32 random bytes in base64url that only this browser holds. Its conversations are sealed " +
    "under it, and are lost with it. Required for everything that is stored.",
  schema: { type: "string", pattern: "^[A-Za-z0-9_-]{43}$" },
};

const APP_KEYS = {
  none: "App keys may not call this.",
  secret: "Secret app keys may call this, publishable ones may not.",
  all: "App keys may call this.",
};

const parameter = (name: string, schema: Schema, place: "path" | "query", required: boolean) => ({
  name,
  in: place,
  required: place === "path" || required,
  ...(schema.description ? { description: schema.description } : {}),
  schema,
});

function responses(operation: Operation, schemas: Map<string, Schema>): Schema {
  const output = convert(operation.output, "output", schemas);
  const description = operation.streams ? STREAM : "stream" in operation.input.shape ? OPENAI_STREAM : null;
  const stream = { "text/event-stream": { schema: { type: "string", description } } };
  const whole = { "application/json": { schema: output }, ...(description ? stream : {}) };
  const text = { schema: { type: "string" } };
  const file = {
    "text/csv": text,
    "text/markdown": text,
    "application/json": { schema: { type: "object" } },
  };
  const ok = { description: "Done.", content: operation.file ? file : whole };
  const withAppKey = operation.appKeys ? WITH_APP_KEY : [];
  const codes = new Set([...COMMON, ...WITH_KEY, ...withAppKey, ...operation.errors]);
  const byStatus = Map.groupBy(codes, (code) => FAILURES[code].http);
  const failures = [...byStatus].map(([status, group]) => [
    String(status),
    {
      description: [...group].join(", "),
      content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
    },
  ]);
  return { "200": ok, ...Object.fromEntries(failures) };
}

const STREAM =
  "With `Accept: text/event-stream`: `event: delta` with `{text}` each, then `event: done` with the whole reply, " +
  "or `event: error`. A comment line every 15 seconds of silence.";

const OPENAI_STREAM =
  "With `stream: true`: OpenAI's own chunks or typed events. A comment line every 15 seconds of silence.";

/** A zod schema as JSON Schema 2020-12, its named parts moved to components. */
function convert(schema: z.ZodType, io: "input" | "output", schemas: Map<string, Schema>): Schema {
  const {
    $schema: _,
    $defs,
    ...converted
  } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      delete jsonSchema.id;
    },
  }) as Schema & { $defs?: Record<string, Schema> };
  for (const [name, part] of Object.entries($defs ?? {})) schemas.set(name, rewrite(part) as Schema);
  const id = schema.meta()?.id;
  if (!id) return rewrite(converted) as Schema;
  // A named schema that is nobody's part stands among its own $defs, and here is but a reference to that.
  if (!("$ref" in converted)) schemas.set(id, rewrite(converted) as Schema);
  return { $ref: `#/components/schemas/${id}` };
}

/** Points local references at components. */
function rewrite(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(rewrite);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === "$ref" && typeof value === "string"
        ? value.replace("#/$defs/", "#/components/schemas/")
        : rewrite(value),
    ]),
  );
}
