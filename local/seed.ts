import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

type Assistant = {
  name: string;
  tag_line: string;
  description: string;
  session_type: "brainstorming" | "coaching";
  initial_prompt: string;
  summary_prompt: string;
  model_config: Record<string, number | string>;
};

/** What is used here of the compiled functions (functions/lib/services.js). */
type Services = {
  bots: {
    read: (id: string) => Promise<object | null>;
    create: (batch: Batch, id: string, creator: string, bot: object, now: Date) => void;
  };
  firestore: { batch: () => Batch; terminate: () => Promise<void> };
  now: () => Date;
};
type Batch = { commit: () => Promise<unknown> };

/** Owner of the first assistants: nobody can sign in as this user. */
const CREATOR = "gptlab";

/**
 * Puts the four coach assistants into a local Firestore; those that are there already stay as they are.
 * @returns how many were added
 */
export async function seed(options: {
  project: string;
  firestorePort: number;
  openaiBaseUrl: string;
}): Promise<number> {
  process.env.FIRESTORE_EMULATOR_HOST = `127.0.0.1:${options.firestorePort}`;
  process.env.GCLOUD_PROJECT = options.project;
  const root = process.cwd();
  const load = createRequire(join(root, "functions", "package.json"));
  const { build: buildServices } = load("./lib/services.js") as { build: (config: object) => Services };
  const { idFrom, hmac } = load("./lib/protection/seal.js");
  const services = buildServices({
    openaiBaseUrl: options.openaiBaseUrl,
    serverSecrets: [readSecret(root)],
    project: options.project,
    origins: [],
    streamBase: "",
    moderation: "report",
    demoKey: null,
  });
  const assistants: Assistant[] = JSON.parse(readFileSync(join(root, "local", "assistants.json"), "utf8"));
  let added = 0;
  for (const { initial_prompt, summary_prompt, model_config, ...card } of assistants) {
    const id: string = idFrom(hmac("first assistants", card.name));
    if (await services.bots.read(id)) continue;
    const prompts = { initial: initial_prompt, summary: summary_prompt };
    const batch = services.firestore.batch();
    const bot = { ...card, showcased: true, prompts, modelConfig: model_config };
    services.bots.create(batch, id, CREATOR, bot, services.now());
    await batch.commit();
    added++;
  }
  await services.firestore.terminate();
  return added;
}

function readSecret(root: string): string {
  const line = readFileSync(join(root, "functions", ".secret.local"), "utf8");
  const secret = /^SERVER_SECRET=(.+)$/m.exec(line)?.[1];
  if (!secret) throw new Error("functions/.secret.local holds no SERVER_SECRET.");
  return secret.replace(/^"(.*)"$/, "$1").trim();
}
