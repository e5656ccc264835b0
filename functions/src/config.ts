import { defineSecret, defineString } from "firebase-functions/params";
import { z } from "zod";
import { Failure } from "./errors";

/**
 * The one secret: everything stored is sealed under it, together with the user's own key. While it is rotated it has
 * several lines, the newest first: a second secret of its own would have to exist in every deployment.
 */
export const serverSecret = defineSecret("SERVER_SECRET");

const params = {
  OPENAI_BASE_URL: defineString("OPENAI_BASE_URL", {
    default: "https://api.openai.com/v1",
    description: "The OpenAI-compatible API that answers, one per deployment.",
  }),
  ALLOWED_ORIGINS: defineString("ALLOWED_ORIGINS", {
    default: "",
    description: "Further web origins that may call the API, separated by commas.",
  }),
  MODERATION: defineString("MODERATION", {
    default: "report",
    description:
      "What happens with a message that the provider's moderation flags: report (it is answered, and marked), block (it is refused), off (nobody asks).",
  }),
  STREAM_BASE: defineString("STREAM_BASE", {
    default: "",
    description:
      "Where browsers stream from; empty: the function's own address, worked out from the project.",
  }),
  DEMO_KEY: defineString("DEMO_KEY", {
    default: "",
    description: "Only for a local stack: a key that the page offers to newcomers.",
  }),
};

const origin = z.url({ protocol: /^https?$/ }).transform((value) => new URL(value).origin);

/** The secrets in one setting, a line each. */
const linesOf = (value: string): string[] => value.split(/\r?\n/).flatMap((line) => line.trim() || []);

const secretLine = z.string().min(32, "must have at least 32 characters");

const schema = z.object({
  OPENAI_BASE_URL: z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/(?<!\/)\/+$/, "")),
  ALLOWED_ORIGINS: z
    .string()
    .transform((value) => value.split(",").flatMap((part) => part.trim() || []))
    .pipe(z.array(origin)),
  MODERATION: z.preprocess((mode) => mode || "report", z.enum(["report", "block", "off"])),
  STREAM_BASE: z.union([z.literal(""), z.url({ protocol: /^https?$/ })]),
  DEMO_KEY: z.string(),
  SERVER_SECRET: z
    .string()
    .transform(linesOf)
    .pipe(z.tuple([secretLine], secretLine)),
  GCLOUD_PROJECT: z.string().min(1),
});

export const REGION = "us-central1";

export type Config = {
  openaiBaseUrl: string;
  /** The newest seals; what earlier ones have sealed still opens. */
  serverSecrets: [string, ...string[]];
  project: string;
  /** Web origins whose pages may call the API with a key. */
  origins: string[];
  /** What happens with a message that the provider's moderation flags. */
  moderation: "report" | "block" | "off";
  /** Absolute base URL that browsers stream from. */
  streamBase: string;
  demoKey: string | null;
};

const ownOrigins = (project: string) => [`https://${project}.web.app`, `https://${project}.firebaseapp.com`];

/**
 * The same web origins for the callables, whose CORS is fixed when they are defined: before any request, and in
 * discovery before there are settings, so nothing here may fail.
 */
export function callableOrigins(env: NodeJS.ProcessEnv = process.env): string[] {
  const further = (env.ALLOWED_ORIGINS ?? "").split(",").flatMap((part) => part.trim() || []);
  return [...ownOrigins(env.GCLOUD_PROJECT ?? ""), ...further];
}

/** Parses raw settings; an invalid one is named, its value never repeated. */
export function parseConfig(raw: Record<string, string | undefined>): Config {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Failure("internal", "The server is not set up yet.", { cause: new Error(names.join("; ")) });
  }
  const {
    OPENAI_BASE_URL,
    ALLOWED_ORIGINS,
    MODERATION,
    STREAM_BASE,
    DEMO_KEY,
    SERVER_SECRET,
    GCLOUD_PROJECT,
  } = parsed.data;
  const deployed = `https://${REGION}-${GCLOUD_PROJECT}.cloudfunctions.net/api/v1`;
  return {
    openaiBaseUrl: OPENAI_BASE_URL,
    serverSecrets: SERVER_SECRET,
    project: GCLOUD_PROJECT,
    origins: [...ownOrigins(GCLOUD_PROJECT), ...ALLOWED_ORIGINS],
    moderation: MODERATION,
    streamBase: STREAM_BASE || deployed,
    demoKey: DEMO_KEY || null,
  };
}

/** Reads the deployed settings; called on the first request, because discovery has no values yet. */
export function readConfig(): Config {
  const values = Object.entries(params).map(([name, param]) => [name, param.value()]);
  return parseConfig({
    ...Object.fromEntries(values),
    SERVER_SECRET: serverSecret.value(),
    GCLOUD_PROJECT: process.env.GCLOUD_PROJECT,
  });
}
