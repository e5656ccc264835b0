import type { ServerResponse } from "node:http";
import type { ErrorBody } from "../errors";

/** Proxies close what is silent for longer; a comment line keeps the stream alive. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Server-sent events written straight to Node's response: headers wait for the first event, so that a failure
 * before it is still an HTTP status. Synchronous throughout: nothing is awaited per chunk.
 * @param collected headers the app has gathered so far (CORS, request id); a raw `writeHead` would drop them
 */
export function openStream(response: ServerResponse, collected: () => Headers) {
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
  const send = (event: string, data: unknown) => {
    if (response.writableEnded || response.destroyed) return;
    start();
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    keepAlive?.refresh();
  };
  const finish = (event: string, data: unknown) => {
    send(event, data);
    clearInterval(keepAlive);
    response.end();
  };
  return {
    started: () => response.headersSent,
    delta: (text: string) => send("delta", { text }),
    done: (output: unknown) => finish("done", output),
    fail: (body: ErrorBody) => finish("error", body),
  };
}
