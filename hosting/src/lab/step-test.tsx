import { paths } from "../router";
import { labTexts } from "../texts/lab";
import type { Kit } from "./calls";
import { differsInVersion, toInput } from "./draft";
import { PromptField } from "./prompt-field";
import { StepHead, Way } from "./step-head";
import { TestChat } from "./test-chat";
import type { Desk } from "./use-desk";
import type { Trial } from "./use-trial";

type Props = { desk: Desk; kit: Kit; trial: Trial };

/** Step two: the prompt and a conversation with it, side by side. */
export function StepTest({ desk, kit, trial }: Props) {
  const { running } = trial;
  const outdated = running !== null && differsInVersion(desk.draft, running.config);
  const start = () => trial.start(toInput(desk.draft));
  return (
    <>
      <StepHead title={labTexts.test.title} what={labTexts.test.what} />
      <div class="lab-two lab-two-test">
        <div class="lab-sheet">
          <PromptField desk={desk} limit={kit.presets.limits.initial_prompt} onTry={start} />
          <p class="whisper">
            {manner(desk, kit)} <a href={paths.lab(desk.code)}>{labTexts.test.settings}</a>
          </p>
        </div>
        <TestChat
          conversation={running?.conversation ?? null}
          face={desk.code ?? "new"}
          name={desk.draft.name.trim() || labTexts.test.name}
          outdated={outdated}
          before={running?.before ?? []}
          onStart={start}
        />
      </div>
      <footer class="step-foot">
        <Way code={desk.code} to="card" quiet={running === null || desk.code !== null}>
          {running || desk.code ? labTexts.test.next : labTexts.test.skip}
        </Way>
        <Way code={desk.code} to="prompt" quiet>
          {labTexts.test.back}
        </Way>
      </footer>
    </>
  );
}

/** The settings in a line: model and personality. */
function manner({ draft }: Desk, { presets }: Kit): string {
  const tone = presets.personalities.find(({ id }) => id === draft.personality)?.name;
  return [draft.model_config.model, tone].filter(Boolean).join(" · ");
}
