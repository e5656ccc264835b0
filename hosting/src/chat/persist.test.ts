import { ApiError } from "../client/errors";
import { online } from "../client/online";
import { pauseBefore, persist } from "./persist";

const on = (code: string, failures: number, retryAfterS?: number) =>
  pauseBefore(new ApiError(code, "", retryAfterS === undefined ? {} : { retryAfterS }), failures);

test.each([
  ["a dropped line: soon", on("connection_lost", 1), 1000],
  ["then later", on("network", 3), 4000],
  ["then not at all", on("network", 4), null],
  ["a turn under way: when the server says", on("turn_in_progress", 1, 7), 7000],
  ["an error of the model is told, not repeated", on("upstream_failed", 1), null],
  ["so is a stop", on("stopped", 1), null],
])("%s", (_, actual, expected) => expect(actual).toBe(expected));

test("what helps nothing is thrown at once", async () => {
  const send = jest.fn().mockRejectedValue(new ApiError("quota_exhausted", ""));
  const tried = persist(send, new AbortController().signal, () => {});
  await expect(tried).rejects.toMatchObject({ code: "quota_exhausted" });
  expect(send).toHaveBeenCalledTimes(1);
});

test("a stop ends the wait between two tries", async () => {
  const stop = new AbortController();
  const send = jest.fn().mockRejectedValue(new ApiError("network", ""));
  const tried = persist(send, stop.signal, () => stop.abort());
  await expect(tried).rejects.toMatchObject({ code: "stopped" });
  expect(send).toHaveBeenCalledTimes(1);
});

test("offline it waits for the line, and tries at once when it is back", async () => {
  online.set(false);
  const send = jest.fn().mockRejectedValueOnce(new ApiError("network", "")).mockResolvedValueOnce("there");
  const tried = persist(send, new AbortController().signal, () => queueMicrotask(() => online.set(true)));
  await expect(tried).resolves.toBe("there");
  expect(send).toHaveBeenCalledTimes(2);
});
