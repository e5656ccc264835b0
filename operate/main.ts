// What an operator decides, on the emulator or on a project: node operate/main.ts --help
import { parseArgs } from "node:util";
import { COMMANDS, findCommand } from "./commands.ts";
import { connect, Problem } from "./services.ts";

const HELP = `Usage: node operate/main.ts <command> [--project <id>] [--timeout <seconds>]

${Object.entries(COMMANDS)
  .map(([name, { takes, summary }]) => `  ${`${name} ${takes}`.padEnd(24)}${summary}`)
  .join("\n")}

  --project <id>          the Firebase project; else GCLOUD_PROJECT or GOOGLE_CLOUD_PROJECT
  --timeout <seconds>     give up after so long (default 30)

Works on the emulator where FIRESTORE_EMULATOR_HOST is set (npm start: 127.0.0.1:8080, project demo-gptlab),
else on the real project with application default credentials
(gcloud auth application-default login).`;

const OPTIONS = {
  project: { type: "string" },
  timeout: { type: "string", default: "30" },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Options = { project?: string | undefined; timeout: string; help: boolean };

function readArguments(): { values: Options; positionals: string[] } {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Problem(`${(error as Error).message.split(". ")[0]}; see --help.`);
  }
}

async function main(): Promise<string> {
  const { values, positionals } = readArguments();
  const [name, ...args] = positionals;
  if (values.help || name === undefined) return HELP;
  const command = findCommand(name, args);
  const timeoutMs = Number(values.timeout) * 1000;
  if (!(timeoutMs > 0)) throw new Problem("--timeout: must be a number of seconds.");
  const project = values.project ?? process.env.GCLOUD_PROJECT ?? process.env.GOOGLE_CLOUD_PROJECT;
  if (!project) throw new Problem("Which project? Say --project <id> or set GCLOUD_PROJECT.");
  const services = connect(project);
  const said = await inTime(command.run(services, args), timeoutMs, project);
  await services.firestore.terminate();
  return `${said}\n(${place(project)})`;
}

const place = (project: string): string => {
  const emulator = process.env.FIRESTORE_EMULATOR_HOST;
  return `project ${project}${emulator ? `, emulator at ${emulator}` : ""}`;
};

/** Firestore's client tries again for ten minutes; an operator is told sooner. */
function inTime<T>(work: Promise<T>, timeoutMs: number, project: string): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Problem(`Firestore did not answer in time (${place(project)}).`)), timeoutMs);
  });
  return Promise.race([work, late]);
}

/** gRPC status numbers (google.rpc.Code) and what the operator can do. */
const ADVICE: Record<number, string> = {
  5: "There is no Firestore database in this project.",
  7: "These credentials may not write this project's Firestore (role: Cloud Datastore User).",
  16: "These credentials are not valid: gcloud auth application-default login",
};

function explain(error: unknown): string {
  if (error instanceof Problem) return error.message;
  const { message = String(error), code } = error as { message?: string; code?: number };
  if (/default credentials/i.test(message)) {
    return "No credentials were found: gcloud auth application-default login, or set FIRESTORE_EMULATOR_HOST.";
  }
  return (code !== undefined && ADVICE[code]) || message;
}

try {
  console.log(await main());
  process.exit(0);
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}
