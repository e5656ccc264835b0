import { ApiError, forbidden, invalidKey, modelNotFound, noQuota, overloaded } from "./errors.ts";
import { FAULTS } from "./faults.ts";

type Model = { id: string; created: number; kind: "chat" | "reasoning" | "other"; window: number };

// Real names, so that prices and limits are found; windows in tokens, from OpenAI's model pages (April 2025).
const LISTED: readonly Model[] = [
  { id: "gpt-4.1-mini", created: 1744318173, kind: "chat", window: 1_047_576 },
  { id: "gpt-4.1", created: 1744316542, kind: "chat", window: 1_047_576 },
  { id: "gpt-4o-mini", created: 1721172741, kind: "chat", window: 128_000 },
  { id: "o4-mini", created: 1744225351, kind: "reasoning", window: 200_000 },
  { id: "text-embedding-3-small", created: 1705948997, kind: "other", window: 8_192 },
  { id: "whisper-1", created: 1677532384, kind: "other", window: 0 },
];

/** What a key starting `sk-demo-nomodels` may use, to see a client fall back to another model. */
const ONLY_MODEL = "gpt-4o-mini";

const show = (model: Model) => ({
  id: model.id,
  object: "model",
  created: model.created,
  owned_by: "system",
});

const allowed = (key: string) =>
  LISTED.filter((model) => !key.startsWith("sk-demo-nomodels") || model.id === ONLY_MODEL);

/** The body of GET /v1/models for this key. */
export const listModels = (key: string) => ({ object: "list", data: allowed(key).map(show) });

/** The body of GET /v1/models/{id}, also for the faults, which no list holds; throws 404. */
export function getModel(key: string, id: string) {
  if (FAULTS.has(id)) return show({ id, created: 0, kind: "chat", window: 0 });
  const found = allowed(key).find((model) => model.id === id);
  if (found) return show(found);
  throw new ApiError(404, `The model '${id}' does not exist`, { param: "model", code: "model_not_found" });
}

/** The listed chat model of this name; throws 404 for one this key may not use, or one that does not chat. */
export function chatModel(key: string, id: string): Model {
  const found = allowed(key).find((model) => model.id === id);
  if (!found) throw modelNotFound(id);
  if (found.kind !== "other") return found;
  const message =
    "This is not a chat model and thus not supported in the v1/chat/completions endpoint. " +
    "Did you mean to use v1/completions?";
  throw new ApiError(404, message, { param: "model" });
}

/** Reads the key of an Authorization header; throws the 401, 403 or 503 that its name asks for. */
export function checkKey(authorization: string | undefined): string {
  const key = /^Bearer\s+(\S+)$/i.exec(authorization?.trim() ?? "")?.[1] ?? "";
  if (key.length < 20 || !key.startsWith("sk-demo-")) throw invalidKey(key);
  if (key.startsWith("sk-demo-revoked")) throw invalidKey(key);
  if (key.startsWith("sk-demo-forbidden")) throw forbidden();
  if (key.startsWith("sk-demo-down")) throw overloaded();
  return key;
}

/** Throws 429 for a key without money; listing models stays possible. */
export function checkQuota(key: string): void {
  if (key.startsWith("sk-demo-noquota")) throw noQuota();
}
