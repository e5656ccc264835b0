// Starts the Firestore emulator once for all suites; each suite works in a project of its own.
import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { findHidane } from "../../local/hidane.mjs";

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

export default async function startEmulator() {
  const port = await freePort();
  const child = spawn(await findHidane(console.error), ["--host", "127.0.0.1", "--port", String(port)], {
    stdio: "ignore",
  });
  globalThis.__firestoreEmulator = child;
  process.env.METADATA_SERVER_DETECTION = "none"; // no cloud here to ask for credentials
  process.env.FIRESTORE_EMULATOR_HOST = `127.0.0.1:${port}`;
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 200 || child.exitCode !== null) throw new Error("The Firestore emulator did not start.");
    await wait(50);
  }
}
