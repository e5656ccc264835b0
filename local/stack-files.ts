import { createHash, randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Header = { key: string; value: string };

/** The parts of firebase.json that a local stack changes; the rest is passed on. */
export type FirebaseConfig = {
  hosting: { headers: { source: string; headers: Header[] }[] };
  emulators: Record<string, unknown>;
};

/** Ports of everything that listens; the last five serve the emulators among themselves. */
export type EmulatorPorts = {
  hosting: number;
  functions: number;
  firestore: number;
  auth: number;
  hub: number;
  logging: number;
  websocket: number;
  eventarc: number;
  tasks: number;
};

/**
 * firebase.json for a stack on this machine: its own ports, and pages that may also talk to the functions
 * emulator directly (in production that is another https address, which the policy names already).
 */
export function localFirebaseConfig<T extends FirebaseConfig>(deployed: T, ports: EmulatorPorts): T {
  const { websocket, firestore, ...plain } = ports;
  const listen = (port: number) => ({ host: "127.0.0.1", port });
  const emulators: Record<string, unknown> = { ...deployed.emulators };
  for (const [name, port] of Object.entries(plain)) emulators[name] = listen(port);
  emulators.firestore = { ...listen(firestore), websocketPort: websocket };
  const direct = `http://127.0.0.1:${ports.functions} http://localhost:${ports.functions}`;
  const loosen = ({ key, value }: Header): Header =>
    key === "Content-Security-Policy"
      ? { key, value: value.replace(/connect-src /, `connect-src ${direct} `) }
      : { key, value };
  const headers = deployed.hosting.headers.map((rule) => ({ ...rule, headers: rule.headers.map(loosen) }));
  return { ...deployed, hosting: { ...deployed.hosting, headers }, emulators };
}

/** The text of a dotenv file as firebase-tools reads it. */
export function dotenv(values: Record<string, string>): string {
  const escaped = (value: string) =>
    value.replace(/[\\"\n\r]/g, (c) => (c === "\n" ? "\\n" : c === "\r" ? "\\r" : `\\${c}`));
  const lines = Object.entries(values).map(([name, value]) => `${name}="${escaped(value)}"\n`);
  return `# Written by the local stack at every start.\n${lines.join("")}`;
}

type ParamValues = { openaiBaseUrl: string; hosting: number; functions: string; demoKey: string };

/** All params of the functions: for a missing one firebase-tools would write a file that outlives the stack. */
export const functionParams = ({ openaiBaseUrl, hosting, functions, demoKey }: ParamValues) => ({
  OPENAI_BASE_URL: openaiBaseUrl,
  ALLOWED_ORIGINS: `http://127.0.0.1:${hosting},http://localhost:${hosting}`,
  MODERATION: "report",
  STREAM_BASE: `${functions}/api/v1`,
  DEMO_KEY: demoKey,
});

const secretIn = (text: string) => /^SERVER_SECRET=(.+)$/m.exec(text)?.[1];

/** Makes a secret where there is none; never touches an existing one, also when two stacks start at once. */
function createSecret(file: string): void {
  const draft = `${file}.${process.pid}.local`;
  writeFileSync(draft, `SERVER_SECRET=${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft);
  }
}

const fingerprintFile = (dataDir: string) => join(dataDir, "server-secret.sha256");

const lostSecret = (dataDir: string) =>
  new Error(
    `The data in ${dataDir} belongs to a server secret that functions/.secret.local does not hold. ` +
      `Put that file back, or delete ${dataDir} to start afresh (what it holds cannot be read without the secret).`,
  );

/**
 * Makes sure that functions/.secret.local holds a server secret, and the right one: stored conversations
 * cannot be read with another.
 * @returns the fingerprint of the secret, for `markData`
 */
export function ensureSecret(functionsDir: string, dataDir: string | null): string {
  const file = join(functionsDir, ".secret.local");
  const hasData = dataDir !== null && existsSync(dataDir);
  if (!existsSync(file)) {
    if (hasData) throw lostSecret(dataDir);
    createSecret(file);
  }
  const secret = secretIn(readFileSync(file, "utf8"));
  if (!secret) throw new Error(`${file} holds no line SERVER_SECRET=…; delete the file to have one made.`);
  const fingerprint = createHash("sha256").update(`server secret\n${secret}`).digest("hex");
  if (hasData && existsSync(fingerprintFile(dataDir))) {
    if (readFileSync(fingerprintFile(dataDir), "utf8").trim() !== fingerprint) throw lostSecret(dataDir);
  }
  return fingerprint;
}

/** Notes beside saved data which secret it belongs to. */
export function markData(dataDir: string, fingerprint: string): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(fingerprintFile(dataDir), `${fingerprint}\n`);
}
