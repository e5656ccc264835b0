import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSavedData } from "./saved-data.ts";

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gptlab-saved-"));
  data = join(folder, "data");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openSavedData(data, join(folder, "work"), "fingerprint");
const exportTo = (target: string, content: string, whole = true) => {
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "documents"), content);
  if (whole) writeFileSync(join(target, "firebase-export-metadata.json"), "{}");
};
const saved = () => readFileSync(join(data, "documents"), "utf8");

test("nothing to import at first, then what the run before exported", () => {
  const first = open();
  expect(first.importFrom).toBeNull();
  first.ready();
  exportTo(first.exportTo, "one");
  expect(first.keep()).toBe(true);
  expect(open().importFrom).toBe(data);
  expect(saved()).toBe("one");
});

test.each([
  ["a run that never got ready", false, true],
  ["an export that is not whole", true, false],
])("%s does not replace the data", (_, ready, whole) => {
  exportTo(data, "old");
  const run = open();
  if (ready) run.ready();
  exportTo(run.exportTo, "new", whole);
  expect(run.keep()).toBe(false);
  expect(open().importFrom).toBe(data);
  expect(saved()).toBe("old");
});

test("a launcher killed after the export: the next run takes it over", () => {
  exportTo(data, "old");
  const run = open();
  run.ready();
  exportTo(run.exportTo, "new");
  open();
  expect(saved()).toBe("new");
});

test("a launcher killed between the two moves: the next run still finds the old data", () => {
  exportTo(data, "old");
  open();
  renameSync(data, join(folder, "work", "previous"));
  expect(open().importFrom).toBe(data);
  expect(saved()).toBe("old");
  expect(existsSync(join(folder, "work", "previous"))).toBe(false);
});
