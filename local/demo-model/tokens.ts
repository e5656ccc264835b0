import { createHash } from "node:crypto";
import type { Message } from "./request.ts";

const CHARS_PER_TOKEN = 4;
/** OpenAI caches prompts from 1,024 tokens on, in steps of 128 (its prompt caching guide). */
const BLOCK_TOKENS = 128;
const FIRST_CACHED_BLOCKS = 1024 / BLOCK_TOKENS;
const REMEMBERED_BLOCKS = 20_000;

/** Tokens of a text, roughly: four characters each. */
export const countTokens = (text: string) => Math.ceil(text.length / CHARS_PER_TOKEN);

/** An image at low detail (OpenAI's vision guide). */
const IMAGE_TOKENS = 85;

/** Tokens of a prompt, roughly: each message costs four more. */
export const countPromptTokens = (messages: readonly Message[]) =>
  messages.reduce(
    (sum, { content, images = 0 }) => sum + countTokens(content) + IMAGE_TOKENS * images + 4,
    0,
  );

/** The beginning of a text that has at most `tokens` tokens, never half of a character. */
export function cutToTokens(text: string, tokens: number): string {
  const cut = text.slice(0, tokens * CHARS_PER_TOKEN);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/**
 * Remembers the prompts seen, to answer `cached_tokens` as OpenAI does: by their common beginning, block by
 * block, per key and model. Old blocks are forgotten, oldest first.
 */
export class PromptCache {
  readonly #seen = new Set<string>();

  /** Tokens of this prompt that an earlier one began with; from now on, this one is an earlier one. */
  look(owner: string, messages: readonly Message[]): number {
    const text = messages.map((message) => `${message.role}\n${message.content}\n`).join("");
    const blocks = Math.floor(Math.min(countTokens(text), countPromptTokens(messages)) / BLOCK_TOKENS);
    if (blocks < FIRST_CACHED_BLOCKS) return 0;
    const chain = createHash("sha1").update(owner);
    let cached = 0;
    for (let block = 0; block < blocks; block++) {
      const size = BLOCK_TOKENS * CHARS_PER_TOKEN;
      const name = chain
        .update(text.slice(block * size, (block + 1) * size))
        .copy()
        .digest("base64");
      if (cached === block && this.#seen.has(name)) cached++;
      this.#seen.add(name);
    }
    this.#forget();
    return cached < FIRST_CACHED_BLOCKS ? 0 : cached * BLOCK_TOKENS;
  }

  #forget(): void {
    for (const name of this.#seen) {
      if (this.#seen.size <= REMEMBERED_BLOCKS) return;
      this.#seen.delete(name);
    }
  }
}
