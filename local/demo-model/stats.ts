import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";

const KEPT_REQUESTS = 50;

/** One remembered request: who asked (never the key itself) and the body as it came. */
export type SeenRequest = { key_hash: string; body: unknown };

/** The first 12 hex digits of a key's SHA-256: enough to tell keys apart, useless as a key. */
export const hashKey = (key: string) => createHash("sha256").update(key).digest("hex").slice(0, 12);

const zero = () => ({
  calls: 0,
  model_lists: 0,
  moderations: 0,
  aborted_streams: 0,
  calls_by_key: new Map<string, number>(),
  calls_by_model: new Map<string, number>(),
  max_prompt_tokens: 0,
});

const addOne = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

/** What the server was asked for, so that tests can tell who was called, how often and with how much. */
export class Stats {
  #counts = zero();
  #openStreams = 0;
  readonly requests: SeenRequest[] = [];

  /** A request for a completion came in with a good key, whatever becomes of it. */
  call(key: string, model: string, body: unknown): void {
    const key_hash = hashKey(key);
    this.#counts.calls++;
    addOne(this.#counts.calls_by_key, key_hash);
    addOne(this.#counts.calls_by_model, model);
    this.requests.push({ key_hash, body });
    if (this.requests.length > KEPT_REQUESTS) this.requests.shift();
  }

  modelList(): void {
    this.#counts.model_lists++;
  }

  moderation(): void {
    this.#counts.moderations++;
  }

  promptTokens(tokens: number): void {
    this.#counts.max_prompt_tokens = Math.max(this.#counts.max_prompt_tokens, tokens);
  }

  /**
   * Follows a stream from its acceptance to its end. It counts as aborted when the connection closes before
   * the end was written, unless `cut` closed it.
   */
  openStream(response: ServerResponse): { cut(): void } {
    let cut = false;
    this.#openStreams++;
    response.once("close", () => {
      this.#openStreams--;
      if (!response.writableFinished && !cut) this.#counts.aborted_streams++;
    });
    return {
      cut: () => {
        cut = true;
        response.destroy();
      },
    };
  }

  /** Back to zero, but for the streams that are open. */
  reset(): void {
    this.#counts = zero();
    this.requests.length = 0;
  }

  /** The body of GET /stats. `calls` counts completions. */
  toJSON() {
    return {
      ...this.#counts,
      open_streams: this.#openStreams,
      calls_by_key: Object.fromEntries(this.#counts.calls_by_key),
      calls_by_model: Object.fromEntries(this.#counts.calls_by_model),
    };
  }
}
