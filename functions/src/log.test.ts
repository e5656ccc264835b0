import { createLog } from "./log";

test("a foreign error is logged by class, code and frames, never by its words", () => {
  const lines: string[] = [];
  const error = Object.assign(new TypeError("sk-secret\n    at my diary (private words:1:1)"), {
    code: "E_X",
  });
  createLog((line) => lines.push(line)).unexpected("req_1", error);
  const [line = ""] = lines;
  expect(JSON.parse(line)).toMatchObject({
    severity: "ERROR",
    requestId: "req_1",
    error: "TypeError",
    errorCode: "E_X",
  });
  expect(JSON.parse(line).stack).toMatch(/^\s+at /);
  for (const word of ["sk-secret", "diary", "private"]) expect(line).not.toContain(word);
});
