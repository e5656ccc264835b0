// Known vulnerabilities, high and above, in what is deployed. Fails on findings only: a registry that answers no
// audits is said so. Runs in `npm run check`.
import { spawnSync } from "node:child_process";

const PACKAGES = ["functions", "hosting"];
const ARGS = ["audit", "--omit=dev", "--audit-level=high", "--package-lock-only", "--json"];
const TIMEOUT_MS = 60_000;

/** @returns {{found: string[]} | {unasked: string}} */
function audit(folder) {
  const { stdout, error } = spawnSync("npm", ARGS, {
    cwd: folder,
    encoding: "utf8",
    timeout: TIMEOUT_MS,
    shell: process.platform === "win32",
  });
  if (error) return { unasked: error.code ?? error.message };
  const report = parse(stdout);
  if (!report?.vulnerabilities) return { unasked: report?.message ?? "no answer" };
  const found = Object.values(report.vulnerabilities).filter(({ severity }) =>
    /high|critical/.test(severity),
  );
  return { found: found.map(({ name, severity, range }) => `${name} ${range} (${severity})`) };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

let failed = false;
for (const folder of PACKAGES) {
  const result = audit(folder);
  if ("unasked" in result) console.log(`audit of ${folder}: the registry was not asked (${result.unasked}).`);
  for (const one of result.found ?? []) console.error(`audit of ${folder}: ${one}`);
  failed ||= (result.found ?? []).length > 0;
}
process.exit(failed ? 1 : 0);
