import type { Model } from "../client/shapes";
import { dollars } from "../format";
import { labTexts } from "../texts/lab";
import { aboutTokens } from "./draft";
import type { Desk } from "./use-desk";

/** What the question to the model takes, and its answer. */
const QUESTION_TOKENS = 250;

/** Whether the model reads each reply once more before anybody sees it. */
export function SecondCheck({ desk, model }: { desk: Desk; model: Model | undefined }) {
  return (
    <fieldset class="choices">
      <legend>{labTexts.secondCheck.label}</legend>
      <label class="choice">
        <input
          type="checkbox"
          checked={desk.draft.model_config.second_check}
          onChange={(event) => desk.changeModel({ second_check: event.currentTarget.checked })}
        />
        <span class="choice-name">{labTexts.secondCheck.name}</span>
        <span class="choice-what">{labTexts.secondCheck.what(cost(desk, model))}</span>
      </label>
    </fieldset>
  );
}

/** After a full reply; null where the price, or how much is thought, is not known. */
function cost({ draft }: Desk, model: Model | undefined): string | null {
  const { max_tokens } = draft.model_config;
  if (!model?.prices || model.reasoning || Number.isNaN(max_tokens)) return null;
  const prompts = aboutTokens(draft.initial_prompt) + aboutTokens(draft.summary_prompt);
  return dollars(((prompts + max_tokens + QUESTION_TOKENS) * model.prices.input) / 1e6);
}
