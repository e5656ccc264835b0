import { z } from "zod";
import { LIMITS } from "../bots/operations";
import { SESSION_TYPES } from "../bots/store";
import { operation } from "../operation";

const SESSION_TYPE_TEXTS = {
  brainstorming: {
    name: "Brainstorming",
    description: "Lives in the moment: it remembers the last 20 messages.",
  },
  coaching: {
    name: "Coaching",
    description: "Goes the distance: long conversations are summed up, so that the thread is never lost.",
  },
} as const;

/** The original's personalities: temperature, top_p, frequency_penalty, presence_penalty. */
const PERSONALITIES = [
  ["coaching", "Coaching", "Warm and steady, keeps to the point.", 0.5, 0.9, 0.3, 0.2],
  ["creative", "Creative", "Surprising turns and fresh words.", 1, 0.7, 0.1, 0.1],
  ["sarcastic", "Sarcastic", "Dry wit, with a wink.", 0.8, 0.9, 0.1, 0.1],
  ["truthful", "Truthful", "Plain, careful and consistent.", 0.5, 0.9, 0.1, 0.2],
  ["witty", "Witty", "Quick and playful.", 0.7, 0.9, 0.1, 0.1],
  ["custom", "Custom", "Set every dial yourself.", 0.7, 1, 0, 0],
] as const;

const Named = z.object({ id: z.string(), name: z.string(), description: z.string() });
const Personality = Named.extend({
  temperature: z.number(),
  top_p: z.number(),
  frequency_penalty: z.number(),
  presence_penalty: z.number(),
});

export const presets = operation({
  name: "service.presets",
  route: "GET /presets",
  summary: "What a front end needs to know: session types, personalities, limits, where to stream from.",
  caller: "anyone",
  appKeys: "all",
  input: z.strictObject({}),
  output: z
    .object({
      session_types: z.array(Named),
      personalities: z.array(Personality),
      limits: z.record(z.string(), z.int()),
      stream_base: z.string().describe("Base address for streaming; Hosting itself buffers replies."),
      demo_key: z.string().nullable(),
    })
    .meta({ id: "Presets" }),
  errors: [],
  run: async ({ services: { config } }) => ({
    session_types: SESSION_TYPES.map((id) => ({ id, ...SESSION_TYPE_TEXTS[id] })),
    personalities: PERSONALITIES.map(([id, name, description, temperature, top_p, frequency, presence]) => ({
      id,
      name,
      description,
      temperature,
      top_p,
      frequency_penalty: frequency,
      presence_penalty: presence,
    })),
    limits: { ...LIMITS },
    stream_base: config.streamBase,
    demo_key: config.demoKey,
  }),
});
