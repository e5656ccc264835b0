import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** A problem that is the operator's to solve; its message is all they see. */
export class Problem extends Error {}

/** What is used here of the compiled functions (functions/lib/services.js). */
export type Services = {
  users: {
    suspend: (uid: string, suspended: boolean, now: Date) => Promise<number>;
    statistics: () => Promise<{ all: number; appKeys: number; started: number; ended: number }>;
  };
  bots: {
    mark: (id: string, marks: { showcased?: boolean; active?: boolean }, now: Date) => Promise<boolean>;
    statistics: () => Promise<{ all: number; showcased: number; inactive: number }>;
  };
  firestore: { terminate: () => Promise<void> };
  now: () => Date;
};

const ROOT = join(import.meta.dirname, "..");

/**
 * The services over the database of a project: the emulator's where FIRESTORE_EMULATOR_HOST is set, else the real one
 * with application default credentials. They get no server secret: no command opens anything that is sealed.
 * @throws Problem where the functions are not built
 */
export function connect(project: string): Services {
  process.env.GCLOUD_PROJECT = project;
  const compiled = join(ROOT, "functions", "lib", "services.js");
  if (!existsSync(compiled)) throw new Problem("The functions are not built: npm run build:functions");
  const load = createRequire(join(ROOT, "functions", "package.json"));
  const { build } = load(compiled) as { build: (config: object) => Services };
  return build({
    openaiBaseUrl: "https://api.openai.com/v1",
    serverSecret: "",
    project,
    origins: [],
    streamBase: "",
    moderation: "report",
    demoKey: null,
  });
}
