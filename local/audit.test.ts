import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "audit-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the audit with an `npm` that answers this. */
function audit(answer: string, code: number) {
  writeFileSync(join(folder, "answer.json"), answer);
  writeFileSync(join(folder, "npm"), `#!/bin/sh\ncat "${folder}/answer.json"\nexit ${code}\n`, {
    mode: 0o755,
  });
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  return spawnSync(process.execPath, ["local/audit.mjs"], { encoding: "utf8", env });
}

const finding = (severity: string) =>
  JSON.stringify({ vulnerabilities: { evil: { name: "evil", severity, range: "<2.0.0" } } });

test("nothing found passes in silence", () => {
  expect(audit('{"vulnerabilities": {}}', 0)).toMatchObject({ status: 0, stdout: "", stderr: "" });
});

test.each(["high", "critical"])("a %s finding fails, by name", (severity) => {
  const { status, stderr } = audit(finding(severity), 1);
  expect([status, stderr]).toEqual([1, expect.stringContaining(`evil <2.0.0 (${severity})`)]);
});

test("a lesser one does not fail", () => {
  expect(audit(finding("moderate"), 0).status).toBe(0);
});

test.each([
  ["an error", '{"message": "405 Method Not Allowed"}', /not asked \(405/],
  ["no JSON", "<html>", /not asked \(no answer\)/],
  ["nothing", "", /not asked/],
])("a registry that answers %s is said so, and does not fail", (_, answer, said) => {
  expect(audit(answer, 1)).toMatchObject({ status: 0, stdout: expect.stringMatching(said) });
});
