import { useId } from "preact/hooks";
import type { Dials, Model, Presets } from "../client/shapes";
import { labTexts } from "../texts/lab";
import { CUSTOM, dialsOf } from "./draft";
import type { Desk } from "./use-desk";

const DIALS = Object.keys(labTexts.tone.dials) as (keyof Dials)[];
const STEP = 0.1;

type Props = { desk: Desk; presets: Presets; model: Model | undefined };

/** In what manner it speaks: a personality, or every dial that the model has. */
export function Tone({ desk, presets, model }: Props) {
  const accepted = DIALS.filter((dial) => model?.accepted_parameters.includes(dial) ?? true);
  const choose = (personality: string) =>
    desk.change({
      personality,
      model_config: { ...desk.draft.model_config, ...dialsOf(presets, personality) },
    });
  return (
    <fieldset class="choices">
      <legend>{labTexts.tone.label}</legend>
      {accepted.length === 0 ? (
        <p class="hint">{labTexts.tone.fixed}</p>
      ) : (
        presets.personalities.map(({ id, name, description }) => (
          <label key={id} class="choice">
            <input
              type="radio"
              name="personality"
              checked={desk.draft.personality === id}
              onChange={() => choose(id)}
            />
            <span class="choice-name">{name}</span>
            <span class="choice-what">{description}</span>
          </label>
        ))
      )}
      {desk.draft.personality === CUSTOM &&
        accepted.map((dial) => <Dial key={dial} desk={desk} dial={dial} />)}
    </fieldset>
  );
}

function Dial({ desk, dial }: { desk: Desk; dial: keyof Dials }) {
  const id = useId();
  const { name, what, min, max } = labTexts.tone.dials[dial];
  const value = desk.draft.model_config[dial];
  return (
    <div class="dial">
      <label for={id}>{name}</label>
      <output for={id} class="whisper">
        {value.toFixed(1)}
      </output>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={STEP}
        value={value}
        aria-describedby={`${id}-what`}
        onInput={(event) => desk.changeModel({ [dial]: event.currentTarget.valueAsNumber })}
      />
      <p id={`${id}-what`} class="hint">
        {what}
      </p>
    </div>
  );
}
