import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulators, firebasePid, lastLines, startEmulators } from "./emulators.ts";
import { findHidane } from "./hidane.mjs";
import { freePort, isFree } from "./ports.ts";
import { openSavedData } from "./saved-data.ts";
import {
  dotenv,
  type EmulatorPorts,
  ensureSecret,
  type FirebaseConfig,
  functionParams,
  localFirebaseConfig,
} from "./stack-files.ts";

/** The key that the demo model takes and the page offers; it opens nothing else. */
export const DEMO_KEY = "sk-demo-welcome-to-gpt-lab";
const REGION = "us-central1";
const READY_MS = 90_000;

export type StackPorts = {
  hosting: number;
  functions: number;
  firestore: number;
  auth: number;
  /** The demo model; not used when an `openaiBaseUrl` is given. */
  demo?: number;
  /** Of the emulator hub and the log server; any free port if not given. */
  hub?: number;
  logging?: number;
};

export type StackOptions = {
  /** Starts with `demo-`: the emulators then refuse to touch anything in the cloud. */
  project: string;
  ports: StackPorts;
  /** Folder, kept from run to run; null (or not given) throws the data away. */
  dataDir?: string | null;
  /** The upstream; not given: the demo model is started and used. */
  openaiBaseUrl?: string;
  /** Further params of the functions, as in a functions/.env file. */
  env?: Record<string, string>;
  log?: (line: string) => void;
  /** Project folder; the working directory if not given. */
  root?: string;
  /** Gives up a start that is under way. */
  signal?: AbortSignal;
};

export type Stack = {
  urls: {
    hosting: string;
    /** Where the functions hang: the API is at `${functions}/api/v1`. */
    functions: string;
    firestore: string;
    auth: string;
    /** Base URL of the demo model, or null where another upstream answers. */
    demo: string | null;
  };
  /** The upstream's base URL. */
  openaiBaseUrl: string;
  /**
   * Saves (where there is a dataDir) and ends everything. `force` cuts the saving short.
   * Rejects if the data could not be saved; everything has ended then, too.
   */
  stop(force?: AbortSignal): Promise<void>;
  /** Exit code of the emulators, whenever they end. */
  exited: Promise<number>;
};

/** Some ports are in use; `taken` says for what they were wanted. */
export class PortsTaken extends Error {
  readonly taken: string[];

  constructor(ports: [string, number][], earlier: number | undefined) {
    const names = ports.map(([name, port]) => `${port} (${name})`).join(", ");
    const run = earlier ? ` An earlier run may still be going: process ${earlier}.` : "";
    super(`${ports.length > 1 ? "These ports are" : "This port is"} in use: ${names}.${run}`);
    this.taken = ports.map(([name]) => name);
  }
}

const placeOf = (root: string, project: string) => join(root, ".local", project);

/** Throws (PortsTaken, or an Error for a port asked for twice) unless the stack could start on these ports now. */
export async function checkPorts({ root = ".", project, ports, openaiBaseUrl }: StackOptions): Promise<void> {
  const wanted = Object.entries(ports).filter(([name]) => !(name === "demo" && openaiBaseUrl));
  const free = await Promise.all(wanted.map(([, port]) => isFree(port)));
  const twice = wanted.find(([, port], i) => wanted.findIndex(([, other]) => other === port) < i);
  if (twice) throw new Error(`Port ${twice[1]} (${twice[0]}) is asked for twice.`);
  const taken = wanted.filter((_, i) => !free[i]);
  if (taken.length > 0) throw new PortsTaken(taken, firebasePid(placeOf(resolve(root), project)));
}

async function allPorts(ports: StackPorts): Promise<EmulatorPorts> {
  const { hosting, functions, firestore, auth } = ports;
  const hub = ports.hub ?? (await freePort());
  const logging = ports.logging ?? (await freePort());
  const [websocket, eventarc, tasks] = await Promise.all([freePort(), freePort(), freePort()]);
  return { hosting, functions, firestore, auth, hub, logging, websocket, eventarc, tasks };
}

/** The two generated files: firebase.json with this stack's ports, and the functions' params. */
async function writeFiles(root: string, { project, ports }: StackOptions, env: Record<string, string>) {
  const config = join(root, `.firebase-${project}.json`);
  const params = join(root, "functions", `.env.${project}`);
  const deployed = JSON.parse(readFileSync(join(root, "firebase.json"), "utf8")) as FirebaseConfig;
  writeFileSync(config, JSON.stringify(localFirebaseConfig(deployed, await allPorts(ports)), null, 2));
  writeFileSync(params, dotenv(env));
  const remove = () => {
    for (const file of [config, params]) rmSync(file, { force: true });
  };
  return { config, remove };
}

async function isUp(url: string, signal?: AbortSignal): Promise<boolean> {
  try {
    const limit = AbortSignal.timeout(20_000);
    const answer = await fetch(url, { signal: signal ? AbortSignal.any([signal, limit]) : limit });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Waits until every address answers; the first ask also starts the functions' first process. */
async function waitUntilUp(urls: string[], emulators: Emulators, logFile: string, signal?: AbortSignal) {
  let ended = false;
  const watch = () => {
    ended = true;
  };
  emulators.exited.then(watch, watch);
  const until = Date.now() + READY_MS;
  for (const url of urls) {
    while (!(await isUp(url, signal))) {
      signal?.throwIfAborted();
      const problem = ended ? "The emulators ended" : Date.now() > until ? `${url} does not answer` : "";
      if (problem) throw new Error(`${problem}. The end of ${logFile}:\n\n${lastLines(logFile)}`);
      await sleep(250);
    }
  }
}

function addresses({ hosting, functions, firestore, auth }: StackPorts, project: string) {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return {
    hosting: at(hosting),
    functions: `${at(functions)}/${project}/${REGION}`,
    firestore: at(firestore),
    auth: at(auth),
  };
}

async function startUpstream({ openaiBaseUrl, ports }: StackOptions) {
  if (openaiBaseUrl) return { url: openaiBaseUrl, close: async () => {} };
  const { startDemoModel } = await import("./demo-model/server.ts");
  return startDemoModel({ port: ports.demo ?? 0 });
}

/**
 * Starts a local stack: the Firebase Emulator Suite with hidane as Firestore, the built functions and pages, and
 * the demo model unless another upstream is named. Resolves when pages and API answer. Rejects, with nothing left
 * running, when a port is taken (PortsTaken), the server secret is lost, or the emulators do not come up in 90 s.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { project, ports, dataDir = null, openaiBaseUrl, log = () => {} } = options;
  if (!/^demo-[a-z0-9-]+$/.test(project))
    throw new Error(`A local project's name starts with demo-: ${project}`);
  const root = resolve(options.root ?? ".");
  const work = placeOf(root, project);
  const logFile = join(root, ".local", `${project}.log`);
  await checkPorts(options);
  const fingerprint = ensureSecret(join(root, "functions"), dataDir && resolve(root, dataDir));
  const hidane = await findHidane(log);

  options.signal?.throwIfAborted();
  const saved = dataDir === null ? null : openSavedData(resolve(root, dataDir), work, fingerprint);
  const upstream = await startUpstream(options);
  const urls = addresses(ports, project);
  const params = functionParams({
    openaiBaseUrl: upstream.url,
    hosting: options.ports.hosting,
    functions: urls.functions,
    demoKey: options.openaiBaseUrl ? "" : DEMO_KEY,
  });
  const { config, remove } = await writeFiles(root, options, { ...params, ...options.env });
  const { importFrom = null, exportTo = null } = saved ?? {};
  const emulators = startEmulators({
    root,
    project,
    hidane,
    config,
    work,
    logFile,
    firestorePort: ports.firestore,
    importFrom,
    exportTo,
  });
  const end = async (force?: AbortSignal) => {
    await emulators.stop(force);
    await upstream.close();
    remove();
  };
  try {
    await waitUntilUp([urls.hosting, `${urls.functions}/api/v1/health`], emulators, logFile, options.signal);
  } catch (error) {
    await end(AbortSignal.timeout(3_000));
    throw error;
  }
  saved?.ready();
  return {
    urls: { ...urls, demo: openaiBaseUrl ? null : upstream.url },
    openaiBaseUrl: upstream.url,
    stop: async (force) => {
      await end(force);
      if (saved && !saved.keep())
        throw new Error("The data of this run could not be saved; the earlier data is kept.");
    },
    exited: emulators.exited,
  };
}
