import { FAILURES, Failure } from "../errors";
import { parseRetryAfter, refusalFailure, transportFailure } from "./failures";
import { withRetries } from "./retry";

test.each([
  [{ status: 401 }, "invalid_key"],
  [{ status: 403 }, "key_refused"],
  [{ status: 429 }, "upstream_busy"],
  [{ status: 429, code: "insufficient_quota" }, "quota_exhausted"],
  [{ status: 400, code: "context_length_exceeded" }, "context_too_long"],
  [{ status: 404, code: "model_not_found" }, "model_not_available"],
  [{ status: 400, param: "temperature" }, "upstream_rejected"],
  [{ status: 500 }, "upstream_unavailable"],
  [{ status: 503 }, "upstream_unavailable"],
] as const)("a refusal %j is %s", (refusal, code) => {
  expect(refusalFailure(refusal).code).toBe(code);
});

test("a foreign parameter name is not repeated unless it is one", () => {
  expect(refusalFailure({ status: 400, param: "temperature" }).message).toContain("(temperature)");
  expect(refusalFailure({ status: 400, param: "my Secret Words" }).message).not.toContain("Secret");
});

test("a passed deadline and a client that left are told apart", () => {
  const left = AbortSignal.abort();
  const late = AbortSignal.abort(new DOMException("late", "TimeoutError"));
  expect(transportFailure(new Error("x"), left).code).toBe("cancelled");
  expect(transportFailure(new Error("x"), late).code).toBe("upstream_timeout");
  const refused = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
  expect(transportFailure(refused, new AbortController().signal).code).toBe("upstream_unavailable");
});

test.each([
  ["2", 2],
  ["0.4", 1],
  ["Thu, 01 Jan 2026 00:00:09 GMT", 9],
  ["soon", undefined],
  ["-1", undefined],
  [undefined, undefined],
])("Retry-After %p is %p seconds", (header, seconds) => {
  expect(parseRetryAfter(header, new Date("2026-01-01T00:00:00Z"))).toBe(seconds);
});

describe("withRetries", () => {
  const policy = { attempts: 3, baseMs: 1, maxWaitMs: 50 };
  const run = async (failure: Failure, started = false) => {
    let attempts = 0;
    const attempt = () => {
      attempts++;
      return Promise.reject(failure);
    };
    const { signal } = new AbortController();
    await expect(withRetries(attempt, { policy, signal, started: () => started })).rejects.toBe(failure);
    return attempts;
  };

  test.each(Object.entries(FAILURES))(
    "%s is tried again only where the table says so",
    async (code, { retry }) => {
      const attempts = await run(new Failure(code as keyof typeof FAILURES, "x"));
      expect(attempts).toBe(retry && code !== "cancelled" ? 3 : 1);
    },
  );

  test("never after the first byte, and not where the wait asked for is too long", async () => {
    expect(await run(new Failure("upstream_failed", "x"), true)).toBe(1);
    expect(await run(new Failure("upstream_busy", "x", { retryAfter: 60 }))).toBe(1);
  });
});
