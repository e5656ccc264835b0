import { type Agent, request } from "undici";
import { z } from "zod";
import { parseRetryAfter, refusalFailure, transportFailure } from "./failures";

/** What the provider's moderation said of a text. */
export type Moderation = { flagged: boolean; categories: string[] };

/** Free of charge, and asked about every message: https://platform.openai.com/docs/guides/moderation */
const MODEL = "omni-moderation-latest";

/** What a provider answers that has no such endpoint, or not for this key or model. */
const ABSENT = new Set([400, 403, 404, 405, 501]);

const answer = z.object({
  results: z.array(z.object({ flagged: z.boolean(), categories: z.record(z.string(), z.boolean()) })),
});

type ModerationRequest = { url: string; apiKey: string; text: string; agent: Agent; signal: AbortSignal };

/** Asks once; null where the provider has no moderation. @throws Failure */
export async function askModeration(call: ModerationRequest): Promise<Moderation | null> {
  const { url, apiKey, text, agent, signal } = call;
  const { statusCode, headers, body } = await request(url, {
    method: "POST",
    dispatcher: agent,
    signal,
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model: MODEL, input: text }),
  }).catch((error) => {
    throw transportFailure(error, signal);
  });
  if (statusCode !== 200) {
    await body.dump();
    if (ABSENT.has(statusCode)) return null;
    const retryAfter = parseRetryAfter(headers["retry-after"]?.toString(), new Date());
    throw refusalFailure({ status: statusCode, retryAfter });
  }
  const parsed = answer.safeParse(
    await body.json().catch((error) => {
      throw transportFailure(error, signal);
    }),
  );
  const results = parsed.data?.results ?? [];
  if (results.length === 0) return null;
  const named = results.flatMap(({ categories }) =>
    Object.keys(categories).filter((name) => categories[name]),
  );
  return { flagged: results.some(({ flagged }) => flagged), categories: [...new Set(named)].sort() };
}
