import type { IncomingMessage } from "node:http";
import { type FailureCode, toFailure } from "../errors";
import type { Services } from "../services";
import { isAppKey, readAppKey } from "../users/app-key";

/** One call as it came to a door. */
export type Arrival = {
  door: "rest" | "callable" | "mcp";
  operation: string;
  requestId: string;
  address: string;
  setHeader: (name: string, value: string) => void;
};

const REFUSED_KEYS: ReadonlySet<FailureCode> = new Set(["invalid_key", "key_refused"]);

/**
 * Every door's calls come through here: limits are counted and told in headers, the provider's time and tokens are
 * measured, and one log line is written, whatever becomes of the call.
 * @param readKey may throw: a malformed header is a failed call like any other
 */
export async function throughGateway<T>(
  arrival: Arrival,
  services: Services,
  readKey: () => string | null,
  run: (key: string | null, services: Services) => Promise<T>,
): Promise<T> {
  const { limiter, vault, now, log } = services;
  const { address, setHeader, ...named } = arrival;
  const startedAt = Date.now();
  const { metered, used } = meterUpstream(services);
  const caller = { lookup: null as string | null, address, shared: false };
  let appKey: string | undefined;
  let code = "ok";
  try {
    const key = readKey();
    if (key !== null) {
      caller.lookup = vault.lookup(key);
      caller.shared = isAppKey(key);
      appKey = readAppKey(key)?.id;
    }
    const { refusal, headers } = limiter.take(caller, now());
    for (const [name, value] of Object.entries(headers)) setHeader(name, value);
    if (refusal) throw refusal;
    const result = await run(key, metered);
    limiter.settle(caller, false, now());
    return result;
  } catch (error) {
    const failure = toFailure(error);
    code = failure.code;
    if (REFUSED_KEYS.has(failure.code)) limiter.settle(caller, true, now());
    throw error;
  } finally {
    log.operationDone({ ...named, appKey, code, ms: Date.now() - startedAt, ...used() });
  }
}

/** The same services, with an upstream that adds up what this one call costs in time and tokens. */
function meterUpstream(services: Services) {
  const { upstream } = services;
  const sums = { upstreamMs: 0, inputTokens: 0, outputTokens: 0 };
  let asked = false;
  const chat: typeof upstream.chat = async (request) => {
    const from = Date.now();
    asked = true;
    try {
      const completion = await upstream.chat(request);
      sums.inputTokens += completion.usage?.inputTokens ?? 0;
      sums.outputTokens += completion.usage?.outputTokens ?? 0;
      return completion;
    } finally {
      sums.upstreamMs += Date.now() - from;
    }
  };
  return {
    metered: { ...services, upstream: { ...upstream, chat } },
    used: () => (asked ? sums : {}),
  };
}

/**
 * The caller's address: the right-most entry of X-Forwarded-For, which Google's front end appends itself; what stands
 * left of it is the caller's own word. Behind Hosting that is the CDN's address, which is why a key that was accepted
 * counts by itself (protection/rate-limits.ts). Without the header (on a laptop) it is the socket's.
 */
export function addressOf({ headers, socket }: IncomingMessage): string {
  const hops = String(headers["x-forwarded-for"] ?? "").split(",");
  return hops.at(-1)?.trim() || socket?.remoteAddress || "unknown";
}
