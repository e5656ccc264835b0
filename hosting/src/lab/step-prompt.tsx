import { useState } from "preact/hooks";
import { labTexts } from "../texts/lab";
import type { Kit } from "./calls";
import { ExportedFile } from "./exported-file";
import { ModelFields } from "./model-fields";
import { PromptField } from "./prompt-field";
import { SecondCheck } from "./second-check";
import type { OwnBot } from "./shapes";
import { StepHead, Way } from "./step-head";
import { Tone } from "./tone";
import { isOpen } from "./trail";
import type { Desk } from "./use-desk";

type Props = { desk: Desk; kit: Kit; saved: OwnBot | null };

/** Step one: what the assistant is told, which model speaks, and in what manner. */
export function StepPrompt({ desk, kit, saved }: Props) {
  const model = kit.models.find(({ id }) => id === desk.draft.model_config.model);
  const empty = desk.draft.initial_prompt.trim() === "";
  return (
    <>
      <StepHead
        title={saved ? labTexts.prompt.titleOf(saved.name) : labTexts.prompt.title}
        what={labTexts.prompt.what}
      />
      <div class="lab-two lab-two-prompt">
        <div class="lab-sheet">
          <PromptField desk={desk} limit={kit.presets.limits.initial_prompt} />
          {!saved && empty && <Beginnings desk={desk} kit={kit} />}
        </div>
        <div class="lab-side">
          <ModelFields desk={desk} models={kit.models} model={model} />
          <Tone desk={desk} presets={kit.presets} model={model} />
          <SecondCheck desk={desk} model={model} />
        </div>
        <Onward desk={desk} saved={saved !== null} />
      </div>
    </>
  );
}

/** An empty sheet is the hardest part. */
function Beginnings({ desk, kit }: { desk: Desk; kit: Kit }) {
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <div class="beginnings">
      <button
        type="button"
        class="link"
        onClick={() => {
          desk.change({ initial_prompt: labTexts.prompt.outlineText });
          document.querySelector<HTMLElement>("textarea[name=initial_prompt]")?.focus();
        }}
      >
        {labTexts.prompt.outline}
      </button>
      <ExportedFile presets={kit.presets} onOpened={desk.change} onProblem={setProblem} />
      <p class="field-error" role="alert">
        {problem}
      </p>
    </div>
  );
}

function Onward({ desk, saved }: { desk: Desk; saved: boolean }) {
  const ready = isOpen("test", desk);
  return (
    <footer class="step-foot">
      {ready ? (
        <Way code={desk.code} to="test" quiet={saved}>
          {labTexts.prompt.next}
        </Way>
      ) : (
        <button
          type="button"
          class="button"
          onClick={() => desk.complain({ initial_prompt: labTexts.missing.initial_prompt }, "prompt")}
        >
          {labTexts.prompt.next}
        </button>
      )}
      {desk.changed && <p class="whisper">{labTexts.kept}</p>}
    </footer>
  );
}
