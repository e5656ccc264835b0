/**
 * Log lines as named functions, one JSON line each in Cloud Logging's shape: ids, sizes, times and codes,
 * never a key, a prompt or a message. Errors are reduced to their class, code and own stack frames, because the
 * text of a foreign error may quote what a user typed.
 */
type Fields = Record<string, string | number | boolean | null | undefined>;
type Severity = "INFO" | "WARNING" | "ERROR";

export type Log = ReturnType<typeof createLog>;

/** @param write takes one finished line; standard output unless a test listens. */
export function createLog(write: (line: string) => void = (line) => process.stdout.write(`${line}\n`)) {
  const line = (severity: Severity, message: string, fields: Fields) =>
    write(JSON.stringify({ severity, message, ...fields }));
  return {
    operationDone: (fields: {
      operation: string;
      door: string;
      requestId: string;
      ms: number;
      code: string;
      /** The id of the app key that called; never the key. */
      appKey?: string | undefined;
      /** Time with the provider, and the tokens it counted; absent where it was not asked. */
      upstreamMs?: number;
      inputTokens?: number;
      outputTokens?: number;
    }) => line(fields.code === "internal" ? "ERROR" : "INFO", "operation", fields),
    unexpected: (requestId: string, error: unknown) =>
      line("ERROR", "unexpected failure", { requestId, ...describe(error) }),
    upstreamFailed: (fields: { model: string; code: string; attempt: number; ms: number }) =>
      line("WARNING", "upstream call failed", fields),
    afterReply: (what: string, error: unknown) =>
      line("WARNING", "work after the reply failed", { what, ...describe(error) }),
    customTokenUnavailable: (error: unknown) =>
      line(
        "WARNING",
        "cannot sign custom tokens: grant the Service Account Token Creator role",
        describe(error),
      ),
  };
}

function describe(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: typeof error };
  const stack = error.stack ?? "";
  const behind = stack.indexOf(error.message) + error.message.length; // the message may look like frames
  const frames = stack
    .slice(Math.max(0, behind))
    .split("\n")
    .filter((frame) => /^\s+at /.test(frame));
  const code = "code" in error ? String(error.code).slice(0, 60) : undefined;
  return { error: error.name, errorCode: code, stack: frames.slice(0, 8).join("\n") };
}
