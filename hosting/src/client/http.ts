import { failureOf, readReply } from "./answers";
import { ApiError, toApiError } from "./errors";
import { key } from "./key";
import type { Reply } from "./shapes";

const BASE = "/v1";

type Options = { as?: string | null; signal?: AbortSignal };

/** One JSON call. Throws ApiError. `as` calls with another key than the one that is signed in. */
export async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  options: Options = {},
): Promise<T> {
  try {
    const response = await fetch(BASE + path, {
      method,
      headers: headers(options.as ?? key.get(), body !== undefined),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    if (!response.ok) throw await failureOf(response);
    return (await response.json()) as T;
  } catch (thrown) {
    throw toApiError(thrown);
  }
}

/** One download: the file and the name that the server gives it. Throws ApiError. */
export async function callFile(path: string): Promise<{ name: string; content: Blob }> {
  try {
    const response = await fetch(BASE + path, { headers: headers(key.get(), false) });
    if (!response.ok) throw await failureOf(response);
    const named = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "");
    return { name: named?.[1] ?? "conversation", content: await response.blob() };
  } catch (thrown) {
    throw toApiError(thrown);
  }
}

type StreamOptions = {
  base: string | null;
  idempotencyKey: string;
  signal: AbortSignal;
  onDelta: (text: string) => void;
};

/** One streamed call: text as it comes, then the whole reply. Throws ApiError; a cut stream is `connection_lost`. */
export async function stream(path: string, body: unknown, options: StreamOptions): Promise<Reply> {
  const silence = new AbortController();
  const signal = AbortSignal.any([options.signal, silence.signal]);
  try {
    const response = await fetch((options.base ?? BASE) + path, {
      method: "POST",
      headers: {
        ...headers(key.get(), true),
        Accept: "text/event-stream",
        "Idempotency-Key": options.idempotencyKey,
      },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw await failureOf(response);
    return await readReply(response, options.onDelta, silence);
  } catch (thrown) {
    if (silence.signal.aborted) throw new ApiError("connection_lost", "");
    throw toApiError(thrown);
  }
}

function headers(bearer: string | null, withBody: boolean): Record<string, string> {
  return {
    Accept: "application/json",
    ...(withBody ? { "Content-Type": "application/json" } : {}),
    ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
  };
}
