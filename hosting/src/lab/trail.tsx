import { useState } from "preact/hooks";
import { Confirm } from "../components/confirm";
import { LAB_STEPS, type LabStep, paths } from "../router";
import { labTexts } from "../texts/lab";
import type { Desk } from "./use-desk";

type Props = {
  desk: Desk;
  step: LabStep;
  /** What "start over" would throw away; null where there is nothing. */
  onStartOver: (() => void) | null;
};

/** Where one is on the way to an assistant. What has been reached can be walked both ways. */
export function Trail({ desk, step, onStartOver }: Props) {
  const steps = desk.code ? LAB_STEPS : LAB_STEPS.slice(0, 4);
  return (
    <div class="trail">
      <nav aria-label={labTexts.trail}>
        <ol>
          {steps.map((name, at) => (
            <li key={name} data-passed={at < steps.indexOf(step)}>
              <Stop name={name} at={at + 1} here={name === step} open={isOpen(name, desk)} code={desk.code} />
            </li>
          ))}
        </ol>
      </nav>
      {onStartOver && <StartOver saved={desk.code !== null} onYes={onStartOver} />}
    </div>
  );
}

/** Without a prompt there is nothing to try or to name; without a code nothing to share. */
export function isOpen(step: LabStep, { code, draft }: Desk): boolean {
  if (step === "share" || step === "versions") return code !== null;
  return step === "prompt" || draft.initial_prompt.trim() !== "";
}

type StopProps = { name: LabStep; at: number; here: boolean; open: boolean; code: string | null };

function Stop({ name, at, here, open, code }: StopProps) {
  const words = (
    <>
      <span class="unseen">{labTexts.stepOf(at)}</span>
      <span class="trail-mark" aria-hidden="true">
        {at}
      </span>
      <span class="trail-name">{labTexts.steps[name]}</span>
    </>
  );
  if (!open) return <span class="trail-stop">{words}</span>;
  return (
    <a class="trail-stop" href={paths.lab(code, name)} aria-current={here ? "step" : undefined}>
      {words}
    </a>
  );
}

function StartOver({ saved, onYes }: { saved: boolean; onYes: () => void }) {
  const [asking, setAsking] = useState(false);
  const words = saved ? labTexts.discard : labTexts.startOver;
  return (
    <>
      <button type="button" class="link trail-over" onClick={() => setAsking(true)}>
        {words.press}
      </button>
      {asking && (
        <Confirm
          title={words.title}
          what={words.what}
          act={words.yes}
          keep={words.no}
          onAct={() => {
            setAsking(false);
            onYes();
            // The button that was pressed is gone, and so would be the focus.
            document.getElementById("content")?.focus({ preventScroll: true });
          }}
          onKeep={() => setAsking(false)}
        />
      )}
    </>
  );
}
