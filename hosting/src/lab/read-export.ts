import type { BotInput } from "./shapes";

const TEXTS = [
  "name",
  "tag_line",
  "description",
  "session_type",
  "initial_prompt",
  "summary_prompt",
] as const;
const DIALS = ["max_tokens", "temperature", "top_p", "frequency_penalty", "presence_penalty"] as const;

/** The assistant in a file's text; null where that is something else. Its limits are the server's to check. */
export function readExport(text: string): BotInput | null {
  try {
    const bot = JSON.parse(text) as Record<string, unknown>;
    const settings = bot.model_config as Record<string, unknown>;
    const whole =
      TEXTS.every((field) => typeof bot[field] === "string") &&
      typeof settings.model === "string" &&
      DIALS.every((dial) => typeof settings[dial] === "number");
    return whole ? (bot as BotInput) : null;
  } catch {
    return null;
  }
}
