import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { markData } from "./stack-files.ts";

/**
 * The emulators' data between two runs. They write an export beside it, which takes its place only when it is
 * whole: whatever interrupts a stop, the data of the run before is still there.
 */
export type SavedData = {
  /** Folder to import at the start, or null on the first run. */
  importFrom: string | null;
  /** Folder to export to at the end. */
  exportTo: string;
  /** From now on what is exported is worth keeping. */
  ready(): void;
  /** Puts a finished export into the data's place. @returns false if there is none */
  keep(): boolean;
};

const isWhole = (folder: string) => existsSync(join(folder, "firebase-export-metadata.json"));

/** @param work a folder of this stack's own, on the same disk as `dataDir` */
export function openSavedData(dataDir: string, work: string, fingerprint: string): SavedData {
  const exportTo = join(work, "export");
  const previous = join(work, "previous");
  const readyMark = join(work, "ready");
  mkdirSync(work, { recursive: true });

  const keep = () => {
    if (!existsSync(readyMark) || !isWhole(exportTo)) return false;
    markData(exportTo, fingerprint);
    rmSync(previous, { recursive: true, force: true });
    if (existsSync(dataDir)) renameSync(dataDir, previous);
    renameSync(exportTo, dataDir);
    rmSync(previous, { recursive: true, force: true });
    rmSync(readyMark);
    return true;
  };

  // Left over by a run that was killed: an export that only had to be moved, or one half of the move.
  if (!keep() && !existsSync(dataDir) && isWhole(previous)) renameSync(previous, dataDir);
  const halves = readdirSync(work).filter((name) => name.startsWith("firebase-export-"));
  for (const rest of [exportTo, readyMark, ...halves.map((name) => join(work, name))])
    rmSync(rest, { recursive: true, force: true });

  return {
    importFrom: isWhole(dataDir) ? dataDir : null,
    exportTo,
    ready: () => writeFileSync(readyMark, ""),
    keep,
  };
}
