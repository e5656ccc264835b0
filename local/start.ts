/** `npm start`: builds, starts the local stack, seeds the first assistants, and keeps its data when it is stopped. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { lastLines } from "./emulators.ts";
import { parsePort } from "./ports.ts";
import { checkPorts, DEMO_KEY, PortsTaken, type Stack, startStack } from "./stack.ts";

const PROJECT = process.env.GPTLAB_PROJECT || "demo-gptlab";
const DATA = process.env.GPTLAB_DATA || ".local-data";
const PORTS = { hosting: 5002, functions: 5001, firestore: 8080, auth: 9099, demo: 5080 };
/** npm passes a Ctrl-C on that the terminal has already sent: two within this time are one. */
const SAME_KEYPRESS_MS = 1_000;

const log = (line: string) => console.log(line);
const setting = (port: string) => `GPTLAB_PORT_${port.toUpperCase()}`;

function readPorts(): typeof PORTS {
  const ports = { ...PORTS };
  for (const name of Object.keys(PORTS) as (keyof typeof PORTS)[]) {
    const value = process.env[setting(name)];
    if (value) ports[name] = parsePort(setting(name), value);
  }
  return ports;
}

/** The upstream that the environment names, or undefined for the demo model. */
function readUpstream(): string | undefined {
  const value = process.env.OPENAI_BASE_URL;
  if (!value) return undefined;
  const protocol = URL.canParse(value) ? new URL(value).protocol : "";
  if (protocol === "https:" || protocol === "http:") return value;
  throw new Error(
    "OPENAI_BASE_URL must be a whole address such as https://api.openai.com/v1 (or not be set).",
  );
}

/** Builds functions and pages; shows what the build printed only if it failed. */
function build(): Promise<void> {
  log("Building …");
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["run", "build"], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const pipe of [child.stdout, child.stderr])
      pipe.on("data", (chunk) => {
        output += chunk;
      });
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`The build failed.\n\n${output}`)),
    );
  });
}

/** Aborts `stop` at the first signal and `force` at a later one. */
function listen() {
  const stop = new AbortController();
  const force = new AbortController();
  let first = 0;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (!first) {
        first = Date.now();
        stop.abort();
      } else if (Date.now() - first > SAME_KEYPRESS_MS) force.abort();
    });
  }
  return { stop: stop.signal, force: force.signal };
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });

function welcome({ urls, openaiBaseUrl }: Stack): string {
  const key = urls.demo ? DEMO_KEY : `your key for ${new URL(openaiBaseUrl).host}`;
  const offer = urls.demo
    ? "Open the page and take the demo key it offers"
    : "Open the page and sign in with your key";
  return [
    "",
    "  GPT Lab is running.",
    "",
    `  Page      ${urls.hosting}`,
    `  API       ${urls.hosting}/v1   (streams: ${urls.functions}/api/v1)`,
    `  Key       ${key}`,
    "",
    `  ${offer}: four assistants wait in the lounge.`,
    `  Log: .local/${PROJECT}.log · data: ${DATA} · Ctrl-C saves and stops.`,
    "",
  ].join("\n");
}

async function fillAndWait(stack: Stack, ports: typeof PORTS, stop: AbortSignal): Promise<number> {
  const { seed } = await import("./seed.ts");
  await seed({ project: PROJECT, firestorePort: ports.firestore, openaiBaseUrl: stack.openaiBaseUrl });
  if (!stop.aborted) log(welcome(stack));
  const code = await Promise.race([aborted(stop).then(() => null), stack.exited]);
  if (code === null) return 0;
  console.error(`\nThe emulators ended by themselves (code ${code}). The end of .local/${PROJECT}.log:\n`);
  console.error(lastLines(join(".local", `${PROJECT}.log`)));
  return 1;
}

async function run(): Promise<number> {
  const ports = readPorts();
  const openaiBaseUrl = readUpstream();
  const upstream = openaiBaseUrl ? { openaiBaseUrl } : {};
  const { stop, force } = listen();
  const options = { project: PROJECT, ports, dataDir: DATA, ...upstream, log, signal: stop };
  await checkPorts(options); // before the build, which a stack that runs already would pick up
  await Promise.race([build(), aborted(stop)]);
  if (stop.aborted) return 0;
  log("Starting …");
  const stack = await startStack(options).catch((error: unknown) => {
    if (stop.aborted) return null;
    throw error;
  });
  if (stack === null) return 0;
  try {
    return await fillAndWait(stack, ports, stop);
  } finally {
    log("\nSaving and stopping … (Ctrl-C again stops at once)");
    await stack.stop(force);
    log(`Stopped; the data is in ${DATA}.`);
  }
}

function explain(error: unknown): string {
  if (!(error instanceof PortsTaken)) return error instanceof Error ? error.message : String(error);
  const others = error.taken.map((name) => `${setting(name)}=…`).join(" ");
  return `${error.message}\nStop what uses them, or choose others: ${others} npm start`;
}

process.chdir(join(import.meta.dirname, ".."));
for (const pipe of [process.stdout, process.stderr]) pipe.on("error", () => {}); // a closed terminal
try {
  process.exitCode = await run();
} catch (error) {
  console.error(`\n${explain(error)}\n`);
  process.exitCode = 1;
}
process.exit();
