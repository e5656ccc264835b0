import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

type Options = {
  root: string;
  project: string;
  hidane: string;
  /** A firebase.json, in the root: its folder is the project's folder to firebase-tools. */
  config: string;
  /** Working folder, for the debug logs that the emulators write where they stand. */
  work: string;
  logFile: string;
  firestorePort: number;
  importFrom: string | null;
  exportTo: string | null;
};

/** The running Emulator Suite. */
export type Emulators = {
  /** Exit code of firebase-tools (1 if a signal ended it), whenever that happens. */
  exited: Promise<number>;
  /** Asks for a clean end (with export) and waits for it; after 30 s, or when `force` aborts, ends it anyway. */
  stop(force?: AbortSignal): Promise<void>;
};

/** Most requests, and so function processes of about 150 MB, at once; firebase-tools' own default is 50. */
const MOST_PARALLEL = "8";
const SAVE_MS = 30_000;

/** What would reach into the stack from the shell it was started in. */
const FOREIGN = [
  "NODE_OPTIONS",
  "OPENAI_BASE_URL",
  "OPENAI_API_KEY",
  "FIREBASE_TOKEN",
  "FIREBASE_CONFIG",
  "GCLOUD_PROJECT",
  "GOOGLE_CLOUD_PROJECT",
  "GOOGLE_APPLICATION_CREDENTIALS",
  "FIRESTORE_EMULATOR_HOST",
  "FIREBASE_AUTH_EMULATOR_HOST",
  "FIREBASE_EMULATOR_HUB",
];

/** The environment of firebase-tools: nobody to ask, nothing to report home, the production Node in front. */
function environment(root: string, work: string, temp: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.includes(name));
  const direct = [process.env.NO_PROXY ?? process.env.no_proxy, "127.0.0.1", "localhost"].filter(Boolean);
  return {
    FUNCTIONS_EMULATOR_PARALLEL: MOST_PARALLEL,
    FUNCTIONS_DISCOVERY_TIMEOUT: "60",
    ...Object.fromEntries(own),
    PATH: [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
    CI: "1",
    NO_UPDATE_NOTIFIER: "1",
    // Settings of its own: neither a login nor consent to usage reports is taken from the user's.
    XDG_CONFIG_HOME: join(work, "config"),
    // Here an export looks up, by project id alone, which emulators to save: it must not find another clone's.
    TMPDIR: temp,
    NO_PROXY: direct.join(","),
    no_proxy: direct.join(","),
  };
}

function commandLine({ root, project, config, importFrom, exportTo }: Options): string[] {
  const firebase = join(root, "node_modules", "firebase-tools", "lib", "bin", "firebase.js");
  return [
    join(root, "node_modules", ".bin", "node"),
    firebase,
    "emulators:start",
    `--project=${project}`,
    "--only=auth,functions,firestore,hosting",
    `--config=${config}`,
    "--non-interactive",
    ...(importFrom ? [`--import=${importFrom}`] : []),
    ...(exportTo ? [`--export-on-exit=${exportTo}`] : []),
  ];
}

const signal = (pid: number, name: NodeJS.Signals) => {
  try {
    process.kill(pid, name);
  } catch {} // gone already
};

/** Ends a Firestore emulator that lost its parent: firebase-tools gives it a process group of its own. */
async function shutDownFirestore(port: number): Promise<void> {
  const limit = AbortSignal.timeout(2_000);
  await fetch(`http://127.0.0.1:${port}/shutdown`, { method: "POST", signal: limit }).catch(() => {});
}

/** The process of firebase-tools that a stack working in this folder runs, or last ran. */
export function firebasePid(work: string): number | undefined {
  const file = join(work, "pid");
  return existsSync(file) ? Number(readFileSync(file, "utf8")) || undefined : undefined;
}

/**
 * Starts the Emulator Suite with hidane as its Firestore, in a process group of its own: a Ctrl-C in the terminal
 * would otherwise end all of them at once, and the data with them.
 */
export function startEmulators(options: Options): Emulators {
  const { root, hidane, work, logFile, firestorePort } = options;
  mkdirSync(work, { recursive: true });
  rmSync(join(work, "pid"), { force: true });
  const temp = mkdtempSync(join(tmpdir(), "gptlab-"));
  const log = openSync(logFile, "w");
  // hidane passes no signal on, so the shell notes the process id that firebase-tools is about to have.
  const noted = ["sh", "-c", 'echo $$ > "$0"; exec "$@"', join(work, "pid"), ...commandLine(options)];
  const child = spawn(hidane, ["exec", "--", ...noted], {
    cwd: work,
    env: environment(root, work, temp),
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let running = true;
  const exited = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      running = false;
      rmSync(join(work, "pid"), { force: true });
      rmSync(temp, { recursive: true, force: true });
      resolve(code ?? 1);
    });
  });
  exited.catch(() => {}); // who waits for it gets it all the same

  async function stop(force?: AbortSignal): Promise<void> {
    if (!child.pid) return;
    const group = -child.pid;
    const limit = { ref: false, ...(force ? { signal: force } : {}) };
    if (running) signal(firebasePid(work) ?? group, "SIGINT");
    const code = await Promise.race([exited, sleep(SAVE_MS, null, limit)]).catch(() => null);
    signal(group, "SIGKILL"); // whatever is left, such as function processes
    if (code !== 0) await shutDownFirestore(firestorePort);
    await exited;
  }

  return { exited, stop };
}

/** The last lines of a log, to be shown when something went wrong. */
export function lastLines(logFile: string, count = 25): string {
  return existsSync(logFile)
    ? readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-count).join("\n")
    : "";
}
