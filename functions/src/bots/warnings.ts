import { checkText, prepareSecrets } from "../protection/leak-guard";
import type { BotContent } from "./store";

export type Warning = { field: "initial_prompt" | "summary_prompt"; message: string };
type Card = { name: string; tag_line: string; description: string };

const QUOTED = /["“„«]([^"“”„«»]{30,2000})["”“»]/g;

/** Words by which a prompt tells the assistant what to say, close before the quotation. */
const TOLD =
  /\b(?:say|saying|begin|start|open|greet|introduce|respond|reply|answer|ask|sag|sage|beginne|begrüße|antworte|dis|commence|di|saluda|empieza|rispondi|saluta)\b[^.!?\n]{0,80}$/i;

const MESSAGE =
  "Tells the assistant to say a longer text word for word. The leak guard would hold that reply back: shorten the text, describe it, or put it on the card.";

/** What a maker should know before visitors do: a dictated text would be taken for the prompt being given away. */
export function warningsFor(card: Card, { prompts }: BotContent): Warning[] {
  const publicTexts = [card.name, card.tag_line, card.description];
  const told = { initial_prompt: dictated(prompts.initial), summary_prompt: dictated(prompts.summary) };
  if (Object.values(told).every(({ length }) => length === 0)) return [];
  const prepared = prepareSecrets({ secrets: [prompts.initial, prompts.summary], publicTexts });
  const isHeldBack = (text: string) => checkText(text, { prepared, userTexts: [] }).blocked;
  return (["initial_prompt", "summary_prompt"] as const)
    .filter((field) => told[field].some(isHeldBack))
    .map((field) => ({ field, message: MESSAGE }));
}

const dictated = (prompt: string): string[] =>
  [...prompt.matchAll(QUOTED)]
    .filter(({ index }) => TOLD.test(prompt.slice(Math.max(0, index - 120), index)))
    .map(([, text = ""]) => text);
