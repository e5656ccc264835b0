import { failureOf, readReply } from "../client/answers";
import { ApiError, toApiError } from "../client/errors";
import type { Bot, List, Message, Presets, Reply } from "../client/shapes";

export type Turn = { idempotencyKey: string; signal: AbortSignal; onDelta: (text: string) => void };

const id = encodeURIComponent;

/**
 * The calls a widget makes, all of them with the page's key. Replies stream from the function's own address, because
 * Hosting would hold them back until they are whole.
 * @param home where the script came from
 */
export function createApi(home: string, key: string, secret: string) {
  const headers: Record<string, string> = {
    Authorization: `Bearer ${key}`,
    ...(key.startsWith("glp_") ? { "X-Visitor-Secret": secret } : {}),
  };
  let streamBase: Promise<string> | undefined;

  async function get<T>(path: string): Promise<T> {
    try {
      const response = await fetch(`${home}/v1${path}`, { headers, credentials: "omit" });
      if (!response.ok) throw await failureOf(response);
      return await response.json();
    } catch (thrown) {
      throw toApiError(thrown);
    }
  }

  const findStreamBase = () => {
    streamBase ??= get<Presets>("/presets").then(
      ({ stream_base }) => stream_base ?? `${home}/v1`,
      (error) => {
        streamBase = undefined; // asked again next time
        throw error;
      },
    );
    return streamBase;
  };

  async function stream(path: string, body: object, turn: Turn): Promise<Reply> {
    const silence = new AbortController();
    try {
      const response = await fetch((await findStreamBase()) + path, {
        method: "POST",
        credentials: "omit",
        headers: {
          ...headers,
          Accept: "text/event-stream",
          "Content-Type": "application/json",
          "Idempotency-Key": turn.idempotencyKey,
        },
        body: JSON.stringify(body),
        signal: AbortSignal.any([turn.signal, silence.signal]),
      });
      if (!response.ok) throw await failureOf(response);
      return await readReply(response, turn.onDelta, silence);
    } catch (thrown) {
      if (silence.signal.aborted) throw new ApiError("connection_lost", "");
      throw toApiError(thrown);
    }
  }

  return {
    card: (bot: string) => get<Bot>(`/bots/${id(bot)}`),
    messages: (session: string) => get<List<Message>>(`/sessions/${id(session)}/messages`),
    start: (bot: string, turn: Turn) => stream("/sessions", { bot }, turn),
    respond: (session: string, message: string, turn: Turn) =>
      stream(`/sessions/${id(session)}/messages`, { message }, turn),
  };
}

export type Api = ReturnType<typeof createApi>;
