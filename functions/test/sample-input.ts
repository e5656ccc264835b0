import { z } from "zod";
import type { Operation } from "../src/operation";

type Schema = {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  pattern?: string;
  format?: string;
  default?: unknown;
  minLength?: number;
  minItems?: number;
  minimum?: number;
};

/** What a schema alone does not tell. */
const BY_NAME: Record<string, unknown> = {
  model: "gpt-4.1-mini",
  new_key: "sk-demo-another-0123456789",
  code: "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-HHHH",
  role: "user",
};

const schemaOf = ({ input }: Operation): Schema =>
  z.toJSONSchema(input, { io: "input", unrepresentable: "any", reused: "inline" }) as Schema;

/** What an operation takes at least, made from its own schema: a new operation is covered the moment it is there. */
export function sampleInput(operation: Operation): Record<string, unknown> {
  const schema = schemaOf(operation);
  return sample(schema, "", schema.$defs ?? {}) as Record<string, unknown>;
}

/** The fields an operation takes. */
export const fieldsOf = ({ input }: Operation): string[] => Object.keys(input.shape);

/** Those of the given fields that an operation takes as a text. */
export function textFieldsOf(operation: Operation, names: string[]): string[] {
  const { properties = {} } = schemaOf(operation);
  return names.filter((name) => properties[name]?.type === "string");
}

type Defs = Record<string, Schema>;

function sample(schema: Schema, name: string, defs: Defs): unknown {
  const named = BY_NAME[name];
  if (named !== undefined && (schema.type ?? "string") === "string") return named;
  if (schema.$ref) return sample(defs[schema.$ref.split("/").at(-1) ?? ""] ?? {}, name, defs);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [alternative] = schema.anyOf ?? schema.oneOf ?? [];
  return alternative ? sample(alternative, name, defs) : sampleOf(schema, name, defs);
}

function sampleOf(schema: Schema, name: string, defs: Defs): unknown {
  switch ([schema.type].flat()[0]) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((field) => [
          field,
          sample(schema.properties?.[field] ?? {}, field, defs),
        ]),
      );
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => sample(schema.items ?? {}, "", defs));
    case "integer":
    case "number":
      return Math.max(schema.minimum ?? 1, 1);
    case "null":
      return null;
    case "boolean":
      return true;
    case "string":
      return schema.format?.startsWith("date") ? new Date(0).toISOString() : aText(schema);
    default:
      throw new Error(`Say in sample-input.ts what "${name}" is.`);
  }
}

function aText({ pattern = "", minLength = 1 }: Schema): string {
  if (pattern.includes("ses_")) return `ses_${"a".repeat(40)}`;
  return pattern.includes("{20}") ? "b".repeat(20) : "x".repeat(Math.max(1, minLength));
}
