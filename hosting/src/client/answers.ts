import { ApiError, errorFrom } from "./errors";
import type { Reply } from "./shapes";
import { eventReader } from "./sse";

/** The server sends a comment every 15 s of silence: three of them missing means that nobody is there. */
const SILENCE_MS = 45_000;

/** Reads a streamed reply to its end; silence aborts the request that it answers. Throws ApiError. */
export async function readReply(
  response: Response,
  onDelta: (text: string) => void,
  silence: AbortController,
): Promise<Reply> {
  // A stored reply may come whole.
  if (!response.headers.get("content-type")?.includes("text/event-stream")) return response.json();
  let reply: Reply | undefined;
  let failure: ApiError | undefined;
  const feed = eventReader(({ event, data }) => {
    if (event === "delta") onDelta((JSON.parse(data) as { text: string }).text);
    if (event === "done") reply = JSON.parse(data) as Reply;
    if (event === "error") failure = errorFrom(JSON.parse(data));
  });
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  for (;;) {
    const timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const piece = await reader?.read().finally(() => clearTimeout(timer));
    if (!piece || piece.done) break;
    feed(decoder.decode(piece.value, { stream: true }));
    if (failure) throw failure;
    if (reply) return reply;
  }
  throw new ApiError("connection_lost", "");
}

/** The failure that a refused call's answer describes. */
export async function failureOf(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  const body = await response.json().catch(() => null);
  return errorFrom(body, response.status, Number.isFinite(retryAfter) ? retryAfter : undefined);
}
