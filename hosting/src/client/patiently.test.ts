import { ApiError } from "./errors";
import { patiently } from "./patiently";

const later = (code: string, retryAfterS = 0) => new ApiError(code, "", { retryAfterS });

/** Answers with each of these in turn, and counts. */
function answering(...answers: (ApiError | string)[]) {
  let calls = 0;
  return jest.fn(async () => {
    const answer = answers[Math.min(calls++, answers.length - 1)];
    if (answer instanceof ApiError) throw answer;
    return answer;
  });
}

const never = new AbortController().signal;

test("sends again what is asked for later", async () => {
  const send = answering(later("rate_limited"), later("account_busy"), "done");
  expect(await patiently(send, never)).toBe("done");
  expect(send).toHaveBeenCalledTimes(3);
});

test("gives up on what time does not mend, and after a while", async () => {
  const refused = answering(later("invalid_request"));
  await expect(patiently(refused, never)).rejects.toMatchObject({ code: "invalid_request" });
  expect(refused).toHaveBeenCalledTimes(1);
  const busy = answering(later("rate_limited"));
  await expect(patiently(busy, never)).rejects.toMatchObject({ code: "rate_limited" });
  expect(busy).toHaveBeenCalledTimes(8);
});

test("stops waiting when it is told to", async () => {
  const stop = new AbortController();
  const send = answering(later("rate_limited", 3600));
  const waiting = patiently(send, stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: "stopped" });
  expect(send).toHaveBeenCalledTimes(1);
});
