import type { Tool as McpTool } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Operation } from "../operation";
import { REGISTRY } from "./registry";

/** An operation as MCP clients see it. */
type Tool = { operation: Operation; shown: McpTool };

/** The operations that declare a tool, by its name: the operation's own, with an underscore as OpenAPI has it. */
export const TOOLS: ReadonlyMap<string, Tool> = new Map(
  REGISTRY.flatMap((operation) => {
    if (!operation.tool) return [];
    const shown = describe(operation, operation.tool);
    return [[shown.name, { operation, shown }]];
  }),
);

function describe(
  operation: Operation,
  { title, description, idempotent }: NonNullable<Operation["tool"]>,
): McpTool {
  const reads = operation.route.startsWith("GET ");
  return {
    name: operation.name.replace(".", "_"),
    title,
    description,
    inputSchema: toSchema(operation.input, "input"),
    outputSchema: toSchema(operation.output, "output"),
    annotations: {
      title,
      readOnlyHint: reads,
      destructiveHint: false,
      idempotentHint: reads || idempotent === true,
      openWorldHint: !reads, // a model of somebody else's answers
    },
  };
}

/** The protocol wants `type: object` at the root, beside whatever zod puts there (a reference, a choice). */
function toSchema(schema: z.ZodType, io: "input" | "output"): McpTool["inputSchema"] {
  const { $schema: _, ...converted } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      delete jsonSchema.id;
    },
  });
  return { ...converted, type: "object" } as McpTool["inputSchema"];
}
