import { isIPv6 } from "node:net";
import { LRUCache } from "lru-cache";
import { Failure } from "../errors";

/** Calls a minute, counted in the memory of one instance: with several instances the real limit is a multiple. */
export type RateLimits = {
  /** Of one key. */
  key: number;
  /** Of one app key, which many people share; what it may spend is counted exactly elsewhere. */
  appKey: number;
  /** From one address, of callers whose key this instance has not accepted yet (or who bring none). */
  address: number;
  /** Refused keys from one address; then only keys that were accepted before may go on. */
  failedSignIns: number;
};

export const RATE_LIMITS: RateLimits = { key: 120, appKey: 1200, address: 300, failedSignIns: 20 };

const WINDOW_SECONDS = 60;
const MOST_ENTRIES = 20_000;

type Count = { used: number; endsAt: number };
type Bucket = { name: string; quota: number; count: Count };

/** One caller: the lookup (an HMAC) of the key, never the key, and the address the platform reports. */
export type Caller = { lookup: string | null; address: string; shared?: boolean };

/** How a call stands to its limits, as the headers of draft-ietf-httpapi-ratelimit-headers-11 say it. */
export type Standing = { refusal: Failure | null; headers: Record<string, string> };

/** Fixed windows in one bounded table; the least recently used entry goes first. Takes the time as an argument. */
export function createRateLimiter(limits: RateLimits) {
  const counts = new LRUCache<string, Count>({ max: MOST_ENTRIES });
  const accepted = new LRUCache<string, true>({ max: MOST_ENTRIES });

  const open = (id: string, nowMs: number): Count => {
    const found = counts.get(id);
    if (found && found.endsAt > nowMs) return found;
    const fresh = { used: 0, endsAt: nowMs + WINDOW_SECONDS * 1000 };
    counts.set(id, fresh);
    return fresh;
  };
  const failures = (address: string, nowMs: number): Bucket => ({
    name: "failed-sign-ins",
    quota: limits.failedSignIns,
    count: open(`failed ${address}`, nowMs),
  });

  return {
    /** Counts one call. An accepted key counts by itself alone: many people may share one address. */
    take({ lookup, address, shared }: Caller, now: Date): Standing {
      const nowMs = now.getTime();
      const network = networkOf(address);
      const known = lookup !== null && accepted.has(lookup);
      const buckets: Bucket[] = [];
      if (lookup !== null)
        buckets.push({
          name: "key",
          quota: shared ? limits.appKey : limits.key,
          count: open(`key ${lookup}`, nowMs),
        });
      if (!known)
        buckets.push({ name: "address", quota: limits.address, count: open(`from ${network}`, nowMs) });
      for (const { count } of buckets) count.used++;
      const failed = failures(network, nowMs);
      const guessing = lookup !== null && !known && failed.count.used >= failed.quota;
      return describe(guessing ? [...buckets, { ...failed, quota: -1 }] : buckets, nowMs);
    },

    /** What became of the call's key: an accepted one is remembered, a refused one counts against its address. */
    settle({ lookup, address }: Caller, keyWasRefused: boolean, now: Date): void {
      if (lookup === null) return;
      if (!keyWasRefused) accepted.set(lookup, true);
      else failures(networkOf(address), now.getTime()).count.used++;
    },
  };
}

export type RateLimiter = ReturnType<typeof createRateLimiter>;

function describe(buckets: Bucket[], nowMs: number): Standing {
  const seconds = ({ count }: Bucket) => Math.max(1, Math.ceil((count.endsAt - nowMs) / 1000));
  const shown = buckets.filter(({ quota }) => quota >= 0);
  const headers = {
    "ratelimit-policy": shown.map(({ name, quota }) => `"${name}";q=${quota};w=${WINDOW_SECONDS}`).join(", "),
    ratelimit: shown
      .map((bucket) => {
        const left = Math.max(0, bucket.quota - bucket.count.used);
        return `"${bucket.name}";r=${left};t=${seconds(bucket)}`;
      })
      .join(", "),
  };
  const over = buckets.filter(({ quota, count }) => count.used > quota);
  if (over.length === 0) return { refusal: null, headers };
  const retryAfter = Math.max(...over.map(seconds));
  const refusal = new Failure("rate_limited", "Too many calls; please wait a moment.", { retryAfter });
  return { refusal, headers };
}

/** IPv6 addresses count by their /64: one household or machine holds that many. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail === undefined ? [] : tail.split(":").filter(Boolean);
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
