/**
 * Installs what is missing before `npm start` and `npm test`; does nothing, quickly, when all is there.
 * Plain JavaScript on any Node from 20 on, since it runs before there is a node_modules folder.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findHidane, presentHidane } from "./hidane.mjs";
import { withLock } from "./lock.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PARTS = ["", "functions", "hosting"];
const log = (/** @type {string} */ line) => console.log(line);

/** The file npm writes last, after everything is in place. @param {string} part */
const installedLock = (part) => join(ROOT, part, "node_modules", ".package-lock.json");

/**
 * @typedef {{version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, extraneous?: boolean}} Entry
 * @param {string} file
 * @returns {Record<string, Entry>}
 */
const packagesIn = (file) => JSON.parse(readFileSync(file, "utf8")).packages;

/** Whether a part's node_modules is what its package-lock.json asks for. @param {string} part */
function isInstalled(part) {
  try {
    const installed = packagesIn(installedLock(part));
    const wanted = Object.entries(packagesIn(join(ROOT, part, "package-lock.json")));
    return wanted.every(([name, entry]) => {
      const own = installed[name];
      // Optional packages are often for another system; the entry "" is the part itself.
      if (!own)
        return name === "" || Boolean(entry.optional || entry.devOptional || entry.peer || entry.extraneous);
      return own.version === entry.version && own.integrity === entry.integrity;
    });
  } catch {
    return false;
  }
}

/** Whether the Node of production, which the scripts run on, has its binary (npm can skip its install script). */
const hasNode = () => existsSync(join(ROOT, "node_modules", "node", "bin", "node"));

const missing = () => PARTS.filter((part) => !isInstalled(part) || (part === "" && !hasNode()));

/**
 * How to run npm so that it does not depend on the folder it is about to delete.
 * @returns {{program: string, first: string[], env: NodeJS.ProcessEnv}}
 */
function npm() {
  const own = join(ROOT, "node_modules");
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.startsWith(own));
  const env = { ...process.env, PATH: folders.join(delimiter), NODE_ENV: "", npm_config_omit: "" };
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const usable = script && node && !node.startsWith(own) && basename(script) === "npm-cli.js";
  return usable ? { program: node, first: [script], env } : { program: "npm", first: [], env };
}

/** @param {string} part @returns {Promise<void>} */
function npmCi(part) {
  const { program, first, env } = npm();
  const prefix = part === "" ? [] : ["--prefix", part];
  const args = [...first, "ci", ...prefix, "--include=dev", "--include=optional", "--loglevel=error"];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, env, stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else
        reject(new Error(`"npm ci" failed in ${part === "" ? "the project's folder" : part} (see above).`));
    });
  });
}

async function installPackages() {
  const parts = missing();
  if (parts.length === 0) return;
  const whole = parts.includes("");
  log(whole ? "Installing packages (about a minute, once)." : `Installing packages of ${parts.join(", ")}.`);
  // Gone first, so that an interrupted install is never taken for a finished one.
  for (const part of whole ? PARTS : parts) rmSync(installedLock(part), { force: true });
  if (whole)
    await npmCi(""); // its postinstall installs the other two
  else for (const part of parts) await npmCi(part);
  const still = missing();
  if (still.length > 0)
    throw new Error(`Still not installed: ${still.map((part) => part || "root").join(", ")}.`);
  log("Packages are installed.");
}

async function main() {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < 20)
    throw new Error(`Node 20 or newer is needed; this is ${process.version}. See https://nodejs.org`);
  if (missing().length === 0 && presentHidane()) return;
  const onWait = () => log("Waiting for another process that is installing here.");
  const install = () => withLock(join(ROOT, ".local", "installing"), onWait, installPackages);
  const failed = (await Promise.allSettled([install(), findHidane(log)])).filter(
    (one) => one.status === "rejected",
  );
  if (failed.length > 0) throw new Error(failed.map((one) => one.reason.message).join("\n\n"));
}

try {
  await main();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
