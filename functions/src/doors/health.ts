import { z } from "zod";
import { Failure } from "../errors";
import { operation } from "../operation";
import type { Services } from "../services";
import { version } from "../version";

const KEEP_MS = 30_000;
const PATIENCE_MS = 5_000;

type Checks = { firestore: boolean; upstream: boolean };
type Kept = { until: number; checks: Promise<Checks> };

/** The last deep look of each set of services, shared by everyone who asks within 30 seconds. */
const lastLooks = new WeakMap<Services["firestore"], Kept>();

function look(services: Services): Promise<Checks> {
  const nowMs = services.now().getTime();
  const last = lastLooks.get(services.firestore);
  if (last && last.until > nowMs) return last.checks;
  const checks = Promise.all([firestoreAnswers(services), services.upstream.ping()]).then(
    ([firestore, upstream]) => ({ firestore, upstream }),
  );
  lastLooks.set(services.firestore, { until: nowMs + KEEP_MS, checks });
  return checks;
}

/** Reads a document that need not exist. */
async function firestoreAnswers({ firestore }: Services): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, false);
  });
  const read = firestore.doc("health/check").get();
  const answered = read.then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

export const health = operation({
  name: "service.health",
  route: "GET /health",
  summary: "Whether the service answers, and its version; with `deep=1` also database and provider.",
  caller: "anyone",
  appKeys: "all",
  input: z.strictObject({
    deep: z.enum(["0", "1"]).default("0").describe("1: looks at Firestore and provider, at most every 30 s."),
  }),
  output: z
    .object({
      status: z.literal("ok"),
      version: z.string(),
      checks: z.object({ firestore: z.literal("ok"), upstream: z.literal("ok") }).optional(),
    })
    .meta({ id: "Health" }),
  errors: ["unhealthy"],
  run: async ({ services }, { deep }) => {
    const healthy = { status: "ok" as const, version };
    if (deep === "0") return healthy;
    const { firestore, upstream } = await look(services);
    if (firestore && upstream) {
      return { ...healthy, checks: { firestore: "ok" as const, upstream: "ok" as const } };
    }
    const silent = [...(firestore ? [] : ["firestore"]), ...(upstream ? [] : ["upstream"])];
    throw new Failure("unhealthy", `Not answering: ${silent.join(", ")}.`, { retryAfter: KEEP_MS / 1000 });
  },
});
