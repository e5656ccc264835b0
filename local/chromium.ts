import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { onPath } from "./hidane.mjs";

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
];
const MAC_APPS = [
  "Google Chrome.app/Contents/MacOS/Google Chrome",
  "Chromium.app/Contents/MacOS/Chromium",
  "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

function onThisMachine(): string | undefined {
  for (const name of NAMES) {
    const found = onPath(name);
    if (found) return found;
  }
  const folders = ["/Applications", join(homedir(), "Applications")];
  return folders
    .flatMap((folder) => MAC_APPS.map((app) => join(folder, app)))
    .find((file) => existsSync(file));
}

/** How to run a program as root without being asked for a password, or undefined. */
function asRoot(): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0 ? ["sudo", "-n"] : undefined;
}

function installOnDebian(): void {
  const root = onPath("apt-get") ? asRoot() : undefined;
  if (!root) return;
  console.log("Installing chromium with apt-get, for the browser tests (once).");
  const apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"];
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    const [program = "", ...rest] = [...root, ...apt, ...args];
    spawnSync(program, rest, { stdio: ["ignore", "ignore", "inherit"] });
  }
}

/**
 * The path of a Chrome or Chromium: $CHROME_PATH, on PATH, a Mac's applications; on Debian it is installed where that
 * needs no password. Throws an error that names the ways.
 */
export async function findChromium(): Promise<string> {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH) {
    if (existsSync(CHROME_PATH)) return CHROME_PATH;
    throw new Error("CHROME_PATH names a program that does not exist.");
  }
  const present = onThisMachine();
  if (present) return present;
  installOnDebian();
  const found = onThisMachine();
  if (found) return found;
  throw new Error(
    "The browser tests need Chromium or Chrome: install one (Debian: apt-get install chromium), " +
      "or set CHROME_PATH to its program.",
  );
}
