import { labTexts } from "../texts/lab";
import type { Kit } from "./calls";
import { TextField } from "./field";
import { Preview } from "./preview";
import { StepHead, Way } from "./step-head";
import type { Desk } from "./use-desk";
import type { Saving } from "./use-saving";

type Props = { desk: Desk; kit: Kit; saving: Saving };

/** Step three: what people see of it, how it remembers, and what they take with them. */
export function StepCard({ desk, kit, saving }: Props) {
  return (
    <>
      <StepHead title={labTexts.card.title} what={labTexts.card.what} />
      <div class="lab-two lab-two-card">
        <div class="lab-fields">
          <Names desk={desk} kit={kit} />
          <Memory desk={desk} kit={kit} />
          <RecapPrompt desk={desk} kit={kit} />
        </div>
        <Preview draft={desk.draft} code={desk.code} />
      </div>
      <footer class="step-foot">
        {desk.code === null && (
          <button type="button" class="button" aria-disabled={saving.busy} onClick={saving.save}>
            {saving.busy ? labTexts.save.busy : labTexts.card.make}
          </button>
        )}
        <Way code={desk.code} to="test" quiet>
          {labTexts.card.back}
        </Way>
      </footer>
    </>
  );
}

type PartProps = Pick<Props, "desk" | "kit">;

function Names({ desk, kit }: PartProps) {
  const { card } = labTexts;
  const { limits } = kit.presets;
  return (
    <>
      <TextField desk={desk} name="name" label={card.name} limit={limits.name} />
      <TextField
        desk={desk}
        name="tag_line"
        label={card.tagLine}
        hint={card.tagLineHint}
        limit={limits.tag_line}
      />
      <TextField
        desk={desk}
        name="description"
        label={card.description}
        hint={card.descriptionHint}
        limit={limits.description}
        lines="few"
      />
    </>
  );
}

/** What ends a conversation: with a text that will do, since few have one ready. */
function RecapPrompt({ desk, kit }: PartProps) {
  const { card } = labTexts;
  return (
    <>
      <TextField
        desk={desk}
        name="summary_prompt"
        label={card.summary}
        hint={card.summaryHint}
        limit={kit.presets.limits.summary_prompt}
        lines="few"
      />
      {desk.draft.summary_prompt !== card.summaryDefault && (
        <button
          type="button"
          class="link"
          onClick={() => desk.change({ summary_prompt: card.summaryDefault })}
        >
          {card.summaryReset}
        </button>
      )}
    </>
  );
}

function Memory({ desk, kit }: PartProps) {
  return (
    <fieldset class="choices">
      <legend>{labTexts.card.type}</legend>
      {kit.presets.session_types.map(({ id, name, description }) => (
        <label key={id} class="choice">
          <input
            type="radio"
            name="session_type"
            checked={desk.draft.session_type === id}
            onChange={() => desk.change({ session_type: id })}
          />
          <span class="choice-name">{name}</span>
          <span class="choice-what">{description}</span>
        </label>
      ))}
    </fieldset>
  );
}
