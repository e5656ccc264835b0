import type { ServerResponse } from "node:http";

/** Proxies close what is silent for longer; a comment line keeps the stream alive. */
const KEEP_ALIVE_MS = 15_000;

/** A reply on its way in pieces, whatever its framing. */
export type Stream = {
  /** Whether headers are out; before that, a failure can still be an HTTP status. */
  started: () => boolean;
  delta: (text: string) => void;
  /** Pieces that are more than text; only OpenAI's framings have a place for them. */
  part?: (part: object) => void;
  done: (output: unknown) => void;
  fail: (body: object) => void;
};

/** Server-sent events in our own framing: `delta` …, then `done` with the whole reply, or `error`. */
export function openStream(response: ServerResponse, collected: () => Headers): Stream {
  const events = openEvents(response, collected);
  const frame = (event: string, data: unknown) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  return {
    started: events.started,
    delta: (text) => events.send(frame("delta", { text })),
    done: (output) => events.finish(frame("done", output)),
    fail: (body) => events.finish(frame("error", body)),
  };
}

/**
 * Server-sent events written straight to Node's response: headers wait for the first event, so that a failure
 * before it is still an HTTP status. Synchronous throughout: nothing is awaited per chunk.
 * @param collected headers the app has gathered so far (CORS, request id); a raw `writeHead` would drop them
 */
export function openEvents(response: ServerResponse, collected: () => Headers) {
  let keepAlive: NodeJS.Timeout | undefined;
  const start = () => {
    if (response.headersSent) return;
    collected().forEach((value, name) => {
      response.setHeader(name, value);
    });
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    keepAlive = setInterval(() => response.write(": still here\n\n"), KEEP_ALIVE_MS);
    response.once("close", () => clearInterval(keepAlive));
  };
  const send = (frame: string) => {
    if (response.writableEnded || response.destroyed) return;
    start();
    response.write(frame);
    keepAlive?.refresh();
  };
  const finish = (frame: string) => {
    send(frame);
    clearInterval(keepAlive);
    response.end();
  };
  return { started: () => response.headersSent, send, finish };
}
