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
  /** Seals all prompts under the newest server secret; only with SERVER_SECRET set. */
  reseal: () => Promise<{ resealed: number; damaged: number; keysLeft: number }>;
  firestore: { terminate: () => Promise<void> };
  now: () => Date;
};

const ROOT = join(import.meta.dirname, "..");

/**
 * The services over the database of a project: the emulator's where FIRESTORE_EMULATOR_HOST is set, else the real one
 * with application default credentials. Only `reseal` opens what is sealed, and only it needs the server secret.
 * @throws Problem where the functions are not built
 */
export function connect(project: string): Services {
  process.env.GCLOUD_PROJECT = project;
  const lib = join(ROOT, "functions", "lib");
  const compiled = join(lib, "services.js");
  if (!existsSync(compiled)) throw new Problem("The functions are not built: npm run build:functions");
  const load = createRequire(join(ROOT, "functions", "package.json"));
  const { build } = load(compiled) as { build: (config: object) => Services };
  const { resealPrompts } = load(join(lib, "account", "reseal.js")) as {
    resealPrompts: (services: Services) => ReturnType<Services["reseal"]>;
  };
  const secrets = (process.env.SERVER_SECRET ?? "").split("\n").flatMap((line) => line.trim() || []);
  const services = build({
    openaiBaseUrl: "https://api.openai.com/v1",
    serverSecrets: secrets.length > 0 ? secrets : [""],
    project,
    origins: [],
    streamBase: "",
    demoKey: null,
  });
  const reseal = async () => {
    if (secrets.length > 0) return resealPrompts(services);
    throw new Problem("reseal: set SERVER_SECRET, the newest secret on the first line, earlier ones below.");
  };
  return { ...services, reseal };
}
