import { createRateLimiter } from "./rate-limits";

const LIMITS = { key: 3, appKey: 6, address: 5, failedSignIns: 2 };
const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000);
const ADDRESS = "203.0.113.7";

test("a key is refused past its limit, told when to come back, and free again after the window", () => {
  const limiter = createRateLimiter(LIMITS);
  const caller = { lookup: "abc", address: ADDRESS };
  const first = limiter.take(caller, at(0));
  expect(first.headers).toEqual({
    "ratelimit-policy": '"key";q=3;w=60, "address";q=5;w=60',
    ratelimit: '"key";r=2;t=60, "address";r=4;t=60',
  });
  limiter.take(caller, at(1));
  expect(limiter.take(caller, at(2)).refusal).toBeNull();
  const fourth = limiter.take(caller, at(30.5));
  expect(fourth.refusal).toMatchObject({ code: "rate_limited", retryAfter: 30 });
  expect(fourth.headers.ratelimit).toContain('"key";r=0;t=30');
  expect(limiter.take(caller, at(60)).refusal).toBeNull();
});

test("callers without a key share their address's limit; an accepted key has its own", () => {
  const limiter = createRateLimiter(LIMITS);
  const known = { lookup: "abc", address: ADDRESS };
  limiter.take(known, at(0));
  limiter.settle(known, false, at(0));
  for (let call = 0; call < 5; call++) limiter.take({ lookup: null, address: ADDRESS }, at(1));
  expect(limiter.take({ lookup: null, address: ADDRESS }, at(2)).refusal?.code).toBe("rate_limited");
  expect(limiter.take({ lookup: null, address: "203.0.113.8" }, at(2)).refusal).toBeNull();
  const standing = limiter.take(known, at(2));
  expect(standing).toEqual({
    refusal: null,
    headers: { "ratelimit-policy": '"key";q=3;w=60', ratelimit: '"key";r=1;t=58' },
  });
});

test("guessing keys locks an address for keys that were never accepted", () => {
  const limiter = createRateLimiter(LIMITS);
  const known = { lookup: "good", address: ADDRESS };
  limiter.settle(known, false, at(0));
  for (const lookup of ["one", "two"]) {
    expect(limiter.take({ lookup, address: ADDRESS }, at(1)).refusal).toBeNull();
    limiter.settle({ lookup, address: ADDRESS }, true, at(1));
  }
  const third = limiter.take({ lookup: "three", address: ADDRESS }, at(2));
  expect(third.refusal).toMatchObject({ code: "rate_limited", retryAfter: 59 });
  expect(third.headers["ratelimit-policy"]).not.toContain("failed");
  expect(limiter.take(known, at(2)).refusal).toBeNull();
  expect(limiter.take({ lookup: "three", address: ADDRESS }, at(61)).refusal).toBeNull();
});

test.each([
  ["2001:db8:1:2::1", "2001:db8:1:2:ffff::2", true],
  ["2001:DB8:0001:2::1", "2001:db8:1:2:9:9:9:9", true],
  ["2001:db8::1", "2001:db8:0:0:5::", true],
  ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
  ["::ffff:203.0.113.7", "::ffff:203.0.113.8", false],
])("%s and %s are one network: %s", (one, other, same) => {
  const limiter = createRateLimiter({ ...LIMITS, address: 1 });
  limiter.take({ lookup: null, address: one }, at(0));
  expect(limiter.take({ lookup: null, address: other }, at(0)).refusal !== null).toBe(same);
});
