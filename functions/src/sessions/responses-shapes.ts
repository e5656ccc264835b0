import { z } from "zod";
import { nanoToUsd } from "../openai/pricing";
import type { ResponseInput } from "./responses-input";

const OutputMessage = z.object({
  id: z.string(),
  type: z.literal("message"),
  status: z.enum(["in_progress", "completed", "incomplete"]),
  role: z.literal("assistant"),
  content: z.array(
    z.union([
      z.object({
        type: z.literal("output_text"),
        text: z.string(),
        annotations: z.array(z.unknown()),
        logprobs: z.array(z.unknown()),
      }),
      z.object({ type: z.literal("refusal"), refusal: z.string() }),
    ]),
  ),
});

const OutputCall = z.object({
  id: z.string(),
  type: z.literal("function_call"),
  status: z.enum(["in_progress", "completed", "incomplete"]),
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
});

export type OutputItem = z.infer<typeof OutputMessage> | z.infer<typeof OutputCall>;

const ResponseUsage = z.object({
  input_tokens: z.int(),
  input_tokens_details: z.object({ cached_tokens: z.int() }),
  output_tokens: z.int(),
  output_tokens_details: z.object({ reasoning_tokens: z.int() }),
  total_tokens: z.int(),
  cost_usd: z.number().nullable().describe("US dollars; null where the model has no known price."),
  estimated: z.literal(true).optional().describe("The provider did not say; these are our estimates."),
});

const echo = {
  instructions: z.string().nullable(),
  max_output_tokens: z.int().nullable(),
  metadata: z.record(z.string(), z.string()),
  model: z.string().describe("As it was asked for."),
  parallel_tool_calls: z.boolean(),
  previous_response_id: z.string().nullable(),
  prompt_cache_key: z.string().nullable(),
  reasoning: z.object({ effort: z.string().nullable(), summary: z.null() }),
  safety_identifier: z.string().nullable(),
  temperature: z.number().nullable().describe("Null: the assistant's own."),
  text: z.record(z.string(), z.unknown()),
  tool_choice: z.unknown(),
  tools: z.array(z.unknown()),
  top_p: z.number().nullable().describe("Null: the assistant's own."),
  truncation: z.string(),
  user: z.string().nullable(),
};

const Echo = z.object(echo);
/** What a response repeats of its request. */
export type Echo = z.infer<typeof Echo>;

export const ResponseObject = z
  .object({
    id: z.string(),
    object: z.literal("response"),
    created_at: z.int(),
    completed_at: z.int().nullable(),
    status: z.enum(["in_progress", "completed", "incomplete", "failed"]),
    background: z.literal(false),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    incomplete_details: z
      .object({ reason: z.enum(["max_output_tokens", "content_filter"]) })
      .nullable()
      .describe("`content_filter`: an assistant's reply would have given its prompt away."),
    ...echo,
    max_tool_calls: z.null(),
    output: z.array(z.union([OutputMessage, OutputCall])),
    service_tier: z.literal("default"),
    session: z.string().nullable().describe("The session this is a part of; null where nothing is kept."),
    store: z.boolean(),
    top_logprobs: z.literal(0),
    usage: ResponseUsage.nullable(),
  })
  .meta({ id: "Response" });

export type ResponseBody = z.input<typeof ResponseObject>;

/** A response's id names its session and its turn, so that one read finds it. */
export const responseId = (session: string, turn: string) => `resp_${session.replace(/^ses_/, "")}${turn}`;

const RESPONSE_ID = /^resp_([A-Za-z0-9]{40})([A-Za-z0-9]{20})$/;

/** Undefined for what is no response's id at all. */
export function readResponseId(id: string): { session: string; turn: string } | undefined {
  const [, session, turn] = RESPONSE_ID.exec(id) ?? [];
  return session && turn ? { session: `ses_${session}`, turn } : undefined;
}

/** The output items of a response have ids that follow from its own. */
export const messageItemId = (response: string) => `msg_${response.slice(-20)}_assistant`;
export const callItemId = (response: string, index: number) => `fc_${response.slice(-20)}_${index}`;

export const echoOf = (input: ResponseInput, model: string): Echo => ({
  instructions: input.instructions ?? null,
  max_output_tokens: input.max_output_tokens ?? null,
  metadata: input.metadata ?? {},
  model,
  parallel_tool_calls: input.parallel_tool_calls ?? true,
  previous_response_id: input.previous_response_id ?? null,
  prompt_cache_key: input.prompt_cache_key ?? null,
  reasoning: { effort: input.reasoning?.effort ?? null, summary: null },
  safety_identifier: input.safety_identifier ?? null,
  temperature: input.temperature ?? null,
  text: { format: { type: "text" }, ...input.text },
  tool_choice: input.tool_choice ?? "auto",
  tools: input.tools ?? [],
  top_p: input.top_p ?? null,
  truncation: input.truncation ?? "disabled",
  user: input.user ?? null,
});

type Begun = { id: string; createdAt: Date; session: string | null; echo: Echo };

const seconds = (at: Date) => Math.floor(at.getTime() / 1000);

/** A response that is being made. */
export const showBegun = ({ id, createdAt, session, echo }: Begun): ResponseBody => ({
  id,
  object: "response",
  created_at: seconds(createdAt),
  completed_at: null,
  status: "in_progress",
  background: false,
  error: null,
  incomplete_details: null,
  ...echo,
  max_tool_calls: null,
  output: [],
  service_tier: "default",
  session,
  store: session !== null,
  top_logprobs: 0,
  usage: null,
});

type Counts = {
  input_tokens: number;
  cached_tokens: number;
  output_tokens: number;
  reasoning_tokens?: number | undefined;
  cost_nano: number | null;
  estimated: boolean;
};

type Ended = {
  at: Date;
  finishReason: string;
  output: OutputItem[];
  usage: Counts | null;
};

const INCOMPLETE = { length: "max_output_tokens", content_filter: "content_filter" } as const;

/** The same response when it is finished: complete, or cut short by a limit or by the leak guard. */
export function showEnded(begun: Begun, { at, finishReason, output, usage }: Ended): ResponseBody {
  const reason = INCOMPLETE[finishReason as keyof typeof INCOMPLETE];
  const status = reason ? "incomplete" : "completed";
  return {
    ...showBegun(begun),
    status,
    completed_at: reason ? null : seconds(at),
    incomplete_details: reason ? { reason } : null,
    output: output.map((item) => ({ ...item, status })),
    usage: usage && showUsage(usage),
  };
}

const showUsage = (counts: Counts): z.input<typeof ResponseUsage> => ({
  input_tokens: counts.input_tokens,
  input_tokens_details: { cached_tokens: counts.cached_tokens },
  output_tokens: counts.output_tokens,
  output_tokens_details: { reasoning_tokens: counts.reasoning_tokens ?? 0 },
  total_tokens: counts.input_tokens + counts.output_tokens,
  cost_usd: counts.cost_nano === null ? null : nanoToUsd(counts.cost_nano),
  ...(counts.estimated ? { estimated: true as const } : {}),
});

type Said = {
  content: string | null;
  refusal?: string | null;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
};

/** What was said, as output items: words first, then calls. */
export function outputOf(id: string, { content, refusal = null, tool_calls = [] }: Said): OutputItem[] {
  const parts = [
    ...(content === null ? [] : [textPart(content)]),
    ...(refusal === null ? [] : [{ type: "refusal" as const, refusal }]),
  ];
  const said: OutputItem = {
    id: messageItemId(id),
    type: "message",
    status: "completed",
    role: "assistant",
    content: parts,
  };
  // Some providers do not count from 0, which leaves holes.
  const numbered = tool_calls.map(
    ({ id: call_id, function: { name, arguments: written } }, index): OutputItem => ({
      id: callItemId(id, index),
      type: "function_call",
      status: "completed",
      call_id,
      name,
      arguments: written,
    }),
  );
  const calls = numbered.filter(Boolean);
  return parts.length > 0 ? [said, ...calls] : calls;
}

export const textPart = (text: string) => ({
  type: "output_text" as const,
  text,
  annotations: [],
  logprobs: [],
});
