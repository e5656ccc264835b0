import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";

/** The stack as a person starts it, on ports of its own, so that it runs beside any other. */
export type LocalStack = {
  page: string;
  ports: Record<string, number>;
  project: string;
  /** What it has printed so far. */
  output: () => string;
  /** Ctrl-C; answers the exit code. */
  stop: () => Promise<number | null>;
};

const START_MS = 240_000;

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

export async function freePorts(): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const name of ["hosting", "functions", "firestore", "auth", "demo"]) ports[name] = await freePort();
  return ports;
}

/** Runs `npm start`'s own program, with these settings, and waits until it says that it is running. */
export async function startLocal(
  project: string,
  dataDir: string,
  ports: Record<string, number>,
  settings: Record<string, string> = {},
): Promise<LocalStack> {
  const chosen = Object.entries(ports).map(([name, port]) => [
    `GPTLAB_PORT_${name.toUpperCase()}`,
    String(port),
  ]);
  const child = spawn(process.execPath, [join("local", "start.ts")], {
    env: {
      ...process.env,
      ...Object.fromEntries(chosen),
      GPTLAB_PROJECT: project,
      GPTLAB_DATA: dataDir,
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const pipe of [child.stdout, child.stderr]) {
    pipe?.on("data", (chunk) => {
      output += chunk;
    });
  }
  await untilRunning(child, () => output);
  return {
    page: `http://127.0.0.1:${ports.hosting}`,
    ports,
    project,
    output: () => output,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill("SIGINT");
      }),
  };
}

function untilRunning(child: ChildProcess, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not running yet:\n${output()}`)), START_MS);
    const settle = (then: () => void) => {
      clearTimeout(timer);
      then();
    };
    child.stdout?.on("data", () => output().includes("GPT Lab is running") && settle(resolve));
    child.once("exit", (code) => settle(() => reject(new Error(`ended with ${code}:\n${output()}`))));
  });
}
