import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A holder touches its lock every 5 s; one that was not touched for this long has no holder any more. */
const STALE_MS = 30_000;

/** @param {string} folder */
function take(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(join(folder, "owner"), `${hostname()} ${process.pid}`);
  return true;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** @param {string} folder */
function isStale(folder) {
  try {
    if (Date.now() - statSync(folder).mtimeMs > STALE_MS) return true;
    const [host, pid] = readFileSync(join(folder, "owner"), "utf8").split(" ");
    return host === hostname() && !isAlive(Number(pid));
  } catch {
    return false; // just released, or taken and not yet signed: the next look will tell
  }
}

/**
 * Runs `work` while no other process holds the lock `folder`; waits for one that does.
 * A lock whose holder died (interrupted, killed) is taken over.
 *
 * @template T
 * @param {string} folder created while held; its parent is created if missing
 * @param {() => void} onWait called once if there is somebody to wait for
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, onWait, work) {
  mkdirSync(dirname(folder), { recursive: true });
  for (let waits = 0; !take(folder); waits++) {
    if (waits === 0) onWait();
    if (isStale(folder)) {
      const grave = `${folder}.${process.pid}`;
      try {
        renameSync(folder, grave); // of several who saw it stale, one succeeds
      } catch {}
      rmSync(grave, { recursive: true, force: true });
    } else await sleep(300);
  }
  const touch = setInterval(() => utimesSync(folder, new Date(), new Date()), 5_000);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    rmSync(folder, { recursive: true, force: true });
  }
}
