import { useId } from "preact/hooks";
import type { Model } from "../client/shapes";
import { dollars } from "../format";
import { labTexts } from "../texts/lab";
import { aboutTokens, longestReply, REPLY_STEP } from "./draft";
import type { Desk } from "./use-desk";

const WORDS_PER_TOKEN = 0.75;

/** As price lists have it: cents, and a third digit where it matters. */
const price = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 3 });

type Props = { desk: Desk; models: Model[]; model: Model | undefined };

/** Which model speaks and how long it may go on, with what that costs. */
export function ModelFields({ desk, models, model }: Props) {
  const id = useId();
  const { model: chosen } = desk.draft.model_config;
  const none = models.length === 0 ? labTexts.model.none : undefined;
  const problem = desk.problems["model_config.model"] ?? desk.problems.model ?? none;
  return (
    <>
      <div class="field">
        <label for={id}>{labTexts.model.label}</label>
        <select
          id={id}
          value={chosen}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-facts ${id}-problem`}
          onChange={(event) => desk.changeModel({ model: event.currentTarget.value })}
        >
          {!model && chosen && <option value={chosen}>{labTexts.model.gone(chosen)}</option>}
          {models.map((each) => (
            <option key={each.id} value={each.id}>
              {each.id}
            </option>
          ))}
        </select>
        <p id={`${id}-problem`} class="field-error" role="alert">
          {problem}
        </p>
        <p id={`${id}-facts`} class="hint">
          {model && facts(model)}
        </p>
      </div>
      <ReplyLimit desk={desk} model={model} />
    </>
  );
}

function facts({ prices, context_window }: Model): string {
  const costs = prices
    ? labTexts.model.price(price.format(prices.input), price.format(prices.output))
    : labTexts.model.noPrice;
  return `${costs}; ${labTexts.model.window(context_window)}.`;
}

function ReplyLimit({ desk, model }: { desk: Desk; model: Model | undefined }) {
  const id = useId();
  const { max_tokens } = desk.draft.model_config;
  const most = longestReply(model);
  const problem = desk.problems["model_config.max_tokens"];
  return (
    <div class="field">
      <label for={id}>{labTexts.model.limit}</label>
      <input
        id={id}
        class="input input-number"
        type="number"
        inputMode="numeric"
        min={REPLY_STEP}
        max={most}
        step={REPLY_STEP}
        value={Number.isNaN(max_tokens) ? "" : max_tokens}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-facts ${id}-problem`}
        onInput={(event) => desk.changeModel({ max_tokens: event.currentTarget.valueAsNumber })}
      />
      <p id={`${id}-problem`} class="field-error" role="alert">
        {problem}
      </p>
      <p id={`${id}-facts`} class="hint">
        {length(max_tokens, most)} {model?.reasoning ? labTexts.model.reasoning : fullReply(desk, model)}
      </p>
    </div>
  );
}

const length = (tokens: number, most: number) =>
  [
    Number.isNaN(tokens) ? "" : labTexts.model.words(Math.round((tokens * WORDS_PER_TOKEN) / 10) * 10),
    labTexts.model.most(most),
  ].join(" ");

/** What a first turn costs at most, which is what an author can still change. */
function fullReply({ draft }: Desk, model: Model | undefined): string {
  if (!model?.prices || Number.isNaN(draft.model_config.max_tokens)) return "";
  const { input, output } = model.prices;
  const cost = aboutTokens(draft.initial_prompt) * input + draft.model_config.max_tokens * output;
  return labTexts.model.fullReply(dollars(cost / 1e6));
}
