import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { withLock } from "./lock.mjs";

/** The Firestore emulator: one binary, https://github.com/hidane-dev/hidane. */
const VERSION = "0.6.0";

/** @typedef {(line: string) => void} Log */

/** The folder all clones share, as firebase-tools keeps its own emulators. */
function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "gptlab");
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} file */
const runs = (file) => isExecutable(file) && spawnSync(file, ["--version"], { timeout: 20_000 }).status === 0;

/**
 * Where the program `name` is, or undefined. node_modules/.bin, which npm puts in front of PATH, counts too.
 * @param {string} name
 */
export function onPath(name) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The emulator without getting anything: on PATH, or in the user's cache folder; undefined if in neither. */
export function presentHidane() {
  const cache = cacheFolder();
  const kept = [join(cache, "bin", "hidane"), join(cache, "hidane-npm", "node_modules", ".bin", "hidane")];
  return onPath("hidane") ?? kept.find(isExecutable);
}

/**
 * Runs a program to its end; the answer is null, or the last of what it printed if it failed.
 * @param {string} program
 * @param {string[]} args
 * @param {{timeoutMs: number, onTick?: (seconds: number) => void}} options onTick: called every 20 s
 * @returns {Promise<string | null>}
 */
function attempt(program, args, { timeoutMs, onTick }) {
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs });
    let output = "";
    for (const pipe of [child.stdout, child.stderr])
      pipe.on("data", (chunk) => {
        output = (output + chunk).slice(-4_000);
      });
    const tick = setInterval(() => onTick?.(Math.round((Date.now() - started) / 1000)), 20_000);
    const end = (/** @type {string | null} */ failure) => {
      clearInterval(tick);
      resolve(failure);
    };
    child.on("error", (error) => end(error.message));
    child.on("close", (code) => end(code === 0 ? null : output.trim().split("\n").slice(-6).join("\n")));
  });
}

/**
 * Builds or downloads into a folder of its own and moves the finished thing, so that an interrupted
 * attempt leaves nothing behind that looks done.
 * @param {string} made what `install` makes, relative to its folder ("" for the folder)
 * @param {string} kept where that goes
 * @param {string} binary the emulator, once kept
 * @param {(folder: string) => Promise<string | null>} install
 */
async function installInto(made, kept, binary, install) {
  const folder = mkdtempSync(join(cacheFolder(), "partial-"));
  try {
    const failure = await install(folder);
    if (failure !== null) return failure;
    rmSync(kept, { recursive: true, force: true });
    renameSync(join(folder, made), kept);
    return runs(binary) ? null : `${binary} does not run here`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fromNpm() {
  const kept = join(cacheFolder(), "hidane-npm");
  return installInto("", kept, join(kept, "node_modules", ".bin", "hidane"), (folder) => {
    const flags = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"];
    const args = ["install", "--prefix", folder, ...flags, `hidane@${VERSION}`];
    return attempt("npm", args, { timeoutMs: 180_000 });
  });
}

/** @param {Log} log */
function fromCargo(log) {
  const cargo = onPath("cargo") ?? [join(homedir(), ".cargo", "bin", "cargo")].find(isExecutable);
  if (!cargo) return "cargo is not installed";
  const kept = join(cacheFolder(), "bin", "hidane");
  mkdirSync(join(cacheFolder(), "bin"), { recursive: true });
  log("Building the Firestore emulator (hidane) with cargo: 2 to 3 minutes, once on this machine.");
  return installInto(join("bin", "hidane"), kept, kept, (folder) => {
    const args = ["install", "hidane", "--version", VERSION, "--locked", "--root", folder];
    const onTick = (/** @type {number} */ seconds) =>
      log(`  still building the Firestore emulator (${seconds} s)`);
    return attempt(cargo, args, { timeoutMs: 1_800_000, onTick });
  });
}

/** @param {string} npm @param {string} cargo */
function explain(npm, cargo) {
  const indent = (/** @type {string} */ text) => text.replace(/^/gm, "      ");
  return [
    `The Firestore emulator (hidane ${VERSION}) is not on this machine and could not be installed. Any of these helps:`,
    `  - install Rust from https://rustup.rs and run this again (builds it in 2 to 3 minutes); now:`,
    indent(cargo),
    `  - an npm registry that carries hidane@${VERSION}; now:`,
    indent(npm),
    `  - put the program hidane (https://github.com/hidane-dev/hidane/releases) on PATH, or into ${join(cacheFolder(), "bin")}`,
  ].join("\n");
}

/**
 * The path of the Firestore emulator; what is missing is got first: on PATH, in the user's cache folder
 * ($XDG_CACHE_HOME or ~/.cache, /gptlab), from npm, built with cargo. Throws one error naming every way.
 *
 * @param {Log} log
 * @returns {Promise<string>}
 */
export async function findHidane(log) {
  const present = presentHidane();
  if (present) return present;
  const onWait = () => log("Waiting for another process that is installing the Firestore emulator.");
  return withLock(join(cacheFolder(), "installing"), onWait, async () => {
    if (!presentHidane()) {
      for (const name of readdirSync(cacheFolder()))
        if (name.startsWith("partial-")) rmSync(join(cacheFolder(), name), { recursive: true, force: true });
      log("Getting the Firestore emulator (hidane).");
      const npm = await fromNpm();
      const cargo = npm === null ? null : await fromCargo(log);
      if (npm !== null && cargo !== null) throw new Error(explain(npm, cargo));
    }
    const found = presentHidane();
    if (!found) throw new Error("The Firestore emulator was installed and is gone again.");
    return found;
  });
}
