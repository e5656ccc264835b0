import fc from "fast-check";
import { type Limits, lapse, type Meter, NEW_METER, reserve, reservedNano, settle } from "./app-key-meter";

const NOW = Date.parse("2026-03-01T23:59:30Z");
const UNLIMITED: Limits = { budgetNano: null, perDay: null, perMinute: null };
const call = (id: string, more = {}) => ({
  id,
  worstNano: 10 as number | null,
  first: true,
  nowMs: NOW,
  leaseMs: 1_000,
  ...more,
});
const spent = (costNano: number) => ({ costNano, inputTokens: 3, cachedTokens: 1, outputTokens: 2 });

/** Makes calls one after another; the codes of what was refused. */
function run(meter: Meter, limits: Limits, calls: ReturnType<typeof call>[]): [Meter, (string | null)[]] {
  const codes = calls.map((one) => {
    const reserved = reserve(meter, limits, one);
    meter = reserved.meter;
    return reserved.refusal?.code ?? null;
  });
  return [meter, codes];
}

test("a reservation is replaced by what the call cost, once", () => {
  const { meter: held } = reserve(NEW_METER, { ...UNLIMITED, budgetNano: 10 }, call("a"));
  expect([held.spent_nano, reservedNano(held), held.requests]).toEqual([0, 10, 1]);
  const done = settle(held, "a", spent(4));
  expect(done).toMatchObject({
    spent_nano: 4,
    open: {},
    input_tokens: 3,
    cached_tokens: 1,
    output_tokens: 2,
  });
  expect(settle(done, "a", spent(4))).toBe(done);
});

test("the same reservation twice is one", () => {
  const [meter, codes] = run(NEW_METER, { ...UNLIMITED, budgetNano: 10 }, [call("a"), call("a")]);
  expect(codes).toEqual([null, null]);
  expect([reservedNano(meter), meter.requests]).toEqual([10, 1]);
});

test.each<[string, Partial<Limits>, ReturnType<typeof call>[], (string | null)[]]>([
  [
    "a budget of two calls",
    { budgetNano: 29 },
    ["a", "b", "c"].map((id) => call(id)),
    [null, null, "budget_exhausted"],
  ],
  ["a model without a price", { budgetNano: 29 }, [call("a", { worstNano: null })], ["model_not_priced"]],
  ["a model without a price and no budget", {}, [call("a", { worstNano: null })], [null]],
  ["calls a minute", { perMinute: 1 }, [call("a"), call("b")], [null, "rate_limited"]],
  ["calls a day", { perDay: 1 }, [call("a"), call("b")], [null, "rate_limited"]],
  ["a request's second call", { perMinute: 1 }, [call("a"), call("b", { first: false })], [null, null]],
  ["the next minute", { perMinute: 1 }, [call("a"), call("b", { nowMs: NOW + 30_000 })], [null, null]],
  [
    "a clock that is behind",
    { perMinute: 1 },
    [call("a"), call("b", { nowMs: NOW - 60_000 })],
    [null, "rate_limited"],
  ],
])("limits: %s", (_, limits, calls, expected) => {
  expect(run(NEW_METER, { ...UNLIMITED, ...limits }, calls)[1]).toEqual(expected);
});

test.each([
  ["perMinute", 30],
  ["perDay", 30],
])("%s says when it lifts", (limit, seconds) => {
  const limits = { ...UNLIMITED, [limit]: 1 };
  const { meter } = reserve(NEW_METER, limits, call("a"));
  expect(reserve(meter, limits, call("b")).refusal?.retryAfter).toBe(seconds);
  expect(reserve(meter, limits, call("b", { nowMs: NOW + 29_500 })).refusal?.retryAfter).toBe(1);
});

test("a refused call is not counted", () => {
  const [meter] = run(NEW_METER, { ...UNLIMITED, perMinute: 1 }, [call("a"), call("b"), call("c")]);
  expect([meter.requests, meter.minute_requests, Object.keys(meter.open)]).toEqual([1, 1, ["a"]]);
});

test("a call that never reports back counts with the most it can have cost, and no later settlement changes that", () => {
  const { meter } = reserve(NEW_METER, UNLIMITED, call("a"));
  expect(lapse(meter, NOW + 999)).toBe(meter);
  const lapsed = lapse(meter, NOW + 1_000);
  expect([lapsed.spent_nano, lapsed.open]).toEqual([10, {}]);
  expect(settle(lapsed, "a", spent(1))).toBe(lapsed);
});

test("whatever the order of calls, settlements and crashes, no more than the budget is ever spent or held back", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("reserve" as const), worst: fc.nat(50), at: fc.nat(5_000) }),
    fc.record({ kind: fc.constant("settle" as const), which: fc.nat(20), share: fc.nat(100) }),
    fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(2_000) }),
  );
  fc.assert(
    fc.property(fc.nat(300), fc.array(step, { maxLength: 80 }), (budgetNano, steps) => {
      const limits = { ...UNLIMITED, budgetNano };
      let [meter, nowMs] = [NEW_METER, NOW];
      let known = 0; // what was really paid, of settled calls and of those that vanished
      const open = new Map<string, number>();
      steps.forEach((one, i) => {
        if (one.kind === "wait") nowMs += one.ms;
        if (one.kind === "reserve") {
          const reserved = reserve(meter, limits, call(`c${i}`, { worstNano: one.worst, nowMs }));
          meter = reserved.meter;
          const left = budgetNano - meter.spent_nano - reservedNano(meter);
          if (reserved.refusal) expect(one.worst).toBeGreaterThan(left);
          else open.set(`c${i}`, one.worst);
        }
        if (one.kind === "settle") {
          const [id, worst = 0] = [...open][one.which] ?? ["none"];
          open.delete(id);
          const cost = Math.floor((worst * one.share) / 100);
          known += cost;
          meter = settle(meter, id, spent(cost));
        }
        expect(meter.spent_nano + reservedNano(meter)).toBeLessThanOrEqual(budgetNano);
      });
      expect(known).toBeLessThanOrEqual(budgetNano);
    }),
  );
});
