import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  dotenv,
  ensureSecret,
  type FirebaseConfig,
  functionParams,
  localFirebaseConfig,
  markData,
} from "./stack-files.ts";

const PORTS = {
  hosting: 1,
  functions: 2,
  firestore: 3,
  auth: 4,
  hub: 5,
  logging: 6,
  websocket: 7,
  eventarc: 8,
  tasks: 9,
};

describe("the local firebase.json", () => {
  const deployed = JSON.parse(readFileSync("firebase.json", "utf8")) as FirebaseConfig;
  const local = localFirebaseConfig(deployed, PORTS);

  test("listens on loopback only, on its own ports", () => {
    expect(local.emulators).toMatchObject({
      hosting: { host: "127.0.0.1", port: 1 },
      firestore: { host: "127.0.0.1", port: 3, websocketPort: 7 },
      tasks: { host: "127.0.0.1", port: 9 },
      ui: { enabled: false },
    });
  });

  test("lets pages stream from the functions emulator, which the deployed one does not name", () => {
    const policy = (config: FirebaseConfig) =>
      config.hosting.headers.flatMap((rule) => rule.headers).find((one) => one.key.startsWith("Content-S"))
        ?.value;
    expect(policy(local)).toMatch(/connect-src http:\/\/127\.0\.0\.1:2 [^;]*'self'/);
    expect(policy(deployed)).not.toMatch(/127\.0\.0\.1|localhost|unsafe/);
  });
});

test("a dotenv value survives quotes, backslashes and newlines", () => {
  expect(dotenv({ A: 'x"y\\z\nw', B: "" })).toContain('A="x\\"y\\\\z\\nw"\nB=""\n');
});

describe("the server secret", () => {
  let folder: string;
  let data: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gptlab-secret-"));
    data = join(folder, "data");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const secret = () => readFileSync(join(folder, ".secret.local"), "utf8");

  test("is made once, of 32 bytes, readable by its owner only", () => {
    ensureSecret(folder, data);
    const made = secret();
    expect(made).toMatch(/^SERVER_SECRET=[\w-]{43}\n$/);
    expect(statSync(join(folder, ".secret.local")).mode & 0o077).toBe(0);
    ensureSecret(folder, data);
    expect(secret()).toBe(made);
  });

  test("is not made anew where data needs the old one", () => {
    mkdirSync(data);
    expect(() => ensureSecret(folder, data)).toThrow("belongs to a server secret");
  });

  test("of another run is refused for data that is marked", () => {
    markData(data, "another secret's fingerprint");
    writeFileSync(join(folder, ".secret.local"), "SERVER_SECRET=something else\n");
    expect(() => ensureSecret(folder, data)).toThrow("belongs to a server secret");
    markData(data, ensureSecret(folder, null));
    expect(() => ensureSecret(folder, data)).not.toThrow();
  });
});

test("every param of the functions has a value, or firebase-tools would write its own file", () => {
  const config = readFileSync("functions/src/config.ts", "utf8");
  const names = [...config.matchAll(/defineString\("(\w+)"/g)].map(([, name]) => name);
  const values = functionParams({ openaiBaseUrl: "", hosting: 1, functions: "", demoKey: "" });
  expect(Object.keys(values).sort()).toEqual(names.sort());
});
