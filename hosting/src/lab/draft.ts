import type { Dials, Model, Presets } from "../client/shapes";
import { labTexts } from "../texts/lab";
import type { Kit } from "./calls";
import type { BotInput, OwnBot } from "./shapes";

/** An assistant that is being written. The personality is the lab's own: the server keeps only its dials. */
export type Draft = BotInput & { personality: string };

/** The personality whose dials nobody has set but the author. */
export const CUSTOM = "custom";
const FIRST_PERSONALITY = "coaching";
const FIRST_REPLY_LIMIT = 250;

/** What the lab begins with. */
export function newDraft({ presets, models }: Kit): Draft {
  return {
    name: "",
    tag_line: "",
    description: "",
    session_type: presets.session_types[0]?.id ?? "",
    initial_prompt: "",
    summary_prompt: labTexts.card.summaryDefault,
    personality: FIRST_PERSONALITY,
    model_config: {
      model: models[0]?.id ?? "",
      max_tokens: FIRST_REPLY_LIMIT,
      ...dialsOf(presets, FIRST_PERSONALITY),
      second_check: false,
    },
  };
}

/** An assistant, saved or exported, as a draft. Older exports know no second check. */
export function toDraft(bot: BotInput | OwnBot, presets: Presets): Draft {
  const { name, tag_line, description, session_type, initial_prompt, summary_prompt } = bot;
  const { model, max_tokens, temperature, top_p, frequency_penalty, presence_penalty } = bot.model_config;
  const dials = { temperature, top_p, frequency_penalty, presence_penalty };
  return {
    ...{ name, tag_line, description, session_type, initial_prompt, summary_prompt },
    model_config: { model, max_tokens, ...dials, second_check: bot.model_config.second_check === true },
    personality: personalityOf(presets, dials),
  };
}

/** A draft as the API takes it. */
export function toInput({ personality: _, ...input }: Draft): BotInput {
  return input;
}

export function dialsOf(presets: Presets, personality: string): Dials {
  const found = presets.personalities.find(({ id }) => id === personality);
  const { temperature = 1, top_p = 1, frequency_penalty = 0, presence_penalty = 0 } = found ?? {};
  return { temperature, top_p, frequency_penalty, presence_penalty };
}

function personalityOf(presets: Presets, dials: Dials): string {
  const same = presets.personalities.find(
    (one) =>
      one.temperature === dials.temperature &&
      one.top_p === dials.top_p &&
      one.frequency_penalty === dials.frequency_penalty &&
      one.presence_penalty === dials.presence_penalty,
  );
  return same?.id ?? CUSTOM;
}

/** Whether prompts or settings differ: then saving makes a version. */
export const differsInVersion = (one: BotInput, other: BotInput) =>
  JSON.stringify(versioned(one)) !== JSON.stringify(versioned(other));

const versioned = ({ initial_prompt, summary_prompt, model_config: m }: BotInput) => [
  initial_prompt.trim(),
  summary_prompt.trim(),
  [m.model, m.max_tokens, m.temperature, m.top_p, m.frequency_penalty, m.presence_penalty, m.second_check],
];

const carded = ({ name, tag_line, description, session_type }: BotInput) =>
  JSON.stringify([name.trim(), tag_line.trim(), description.trim(), session_type]);

export const isChanged = (one: BotInput, other: BotInput) =>
  differsInVersion(one, other) || carded(one) !== carded(other);

/** In steps of this many tokens. */
export const REPLY_STEP = 50;
const MOST_REPLY = 100_000;

/** The longest reply that this model and the server allow, in whole steps. */
export function longestReply(model: Model | undefined): number {
  const most = Math.min(model?.max_output_tokens ?? MOST_REPLY, MOST_REPLY);
  return Math.max(REPLY_STEP, most - (most % REPLY_STEP));
}

const CHARACTERS_PER_TOKEN = 4;

/** About how many tokens a text is; English prose, near enough for a price. */
export const aboutTokens = (text: string) => Math.ceil(text.length / CHARACTERS_PER_TOKEN);
