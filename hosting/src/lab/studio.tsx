import { useEffect, useState } from "preact/hooks";
import { minding } from "../client/account";
import { type ApiError, toApiError } from "../client/errors";
import { Notice } from "../components/notice";
import { type LabStep, navigate, paths } from "../router";
import { labTexts } from "../texts/lab";
import { useTitle } from "../title";
import { changeBot, createBot, type Kit } from "./calls";
import { differsInVersion, newDraft, toDraft, toInput } from "./draft";
import { allShown, problemsIn, remarksIn, whatIsWrong } from "./problems";
import { SaveBar } from "./save-bar";
import type { OwnBot } from "./shapes";
import { StepCard } from "./step-card";
import { StepPrompt } from "./step-prompt";
import { noteMade, StepShare } from "./step-share";
import { StepTest } from "./step-test";
import { StepVersions } from "./step-versions";
import { isOpen, Trail } from "./trail";
import { type Desk, keepDraft, keepWarnings, useDesk } from "./use-desk";
import { type Trial, useTrial } from "./use-trial";

type Props = {
  kit: Kit;
  /** The assistant that is being changed; null for a new one. */
  saved: OwnBot | null;
  step: LabStep;
  onSaved: (bot: OwnBot) => void;
};

/** The desk: the trail, the step one is at, and what saves. */
export function Studio({ kit, saved, step: asked, onSaved }: Props) {
  const base = saved ? toDraft(saved, kit.presets) : newDraft(kit);
  const desk = useDesk(saved?.id ?? null, base);
  const step = isOpen(asked, desk) ? asked : "prompt";
  const trial = useTrial(desk.code, step === "test");
  const saving = useSaving({ kit, saved, desk, trial, step, onSaved });
  useTitle(saved ? `${saved.name} · ${labTexts.title}` : labTexts.title);
  const startOver = () => {
    desk.reset();
    trial.forget();
    if (!saved) navigate(paths.lab());
  };
  const something = desk.changed || (!saved && trial.running !== null);
  return (
    <div class="lab">
      <Trail desk={desk} step={step} onStartOver={something ? startOver : null} />
      {step === "prompt" && <StepPrompt desk={desk} kit={kit} saved={saved} />}
      {step === "test" && <StepTest desk={desk} kit={kit} trial={trial} />}
      {step === "card" && <StepCard desk={desk} kit={kit} saving={saving} />}
      {step === "share" && saved && <StepShare bot={saved} warnings={desk.warnings} />}
      {step === "versions" && saved && <StepVersions bot={saved} onRestored={onSaved} />}
      {saving.error && <Notice error={saving.error} again={saving.save} />}
      {saved && <SaveBar desk={desk} saved={saved} saving={saving} />}
    </div>
  );
}

export type Saving = { save: () => void; busy: boolean; error: ApiError | null; done: string | null };

type SavingProps = Props & { desk: Desk; trial: Trial };

/** Saves the draft: a new assistant, or a change of the one that is open. */
function useSaving({ kit, saved, desk, trial, step, onSaved }: SavingProps): Saving {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const input = toInput(desk.draft);
  // What was said about the last save is about the last save only.
  useEffect(() => {
    if (desk.changed) setDone(null);
  }, [desk.changed]);
  useEffect(() => setDone(null), [step]);

  const store = async () => {
    if (!saved) {
      const made = await minding(createBot(input));
      keepDraft(null, null);
      trial.forget();
      noteMade(made.id);
      keepWarnings(made.id, remarksIn(made.warnings));
      return navigate(paths.lab(made.id, "share"));
    }
    const changed = await minding(changeBot(saved.id, input));
    onSaved(changed);
    desk.reset();
    desk.warn(remarksIn(changed.warnings));
    const isVersion = differsInVersion(input, saved);
    setDone(isVersion ? labTexts.save.savedVersion(changed.version) : labTexts.save.savedCard);
  };
  const save = async () => {
    if (busy) return;
    const model = kit.models.find(({ id }) => id === input.model_config.model);
    const wrong = whatIsWrong(desk.draft, kit.presets.limits, model);
    setError(null);
    if (Object.keys(wrong).length > 0) return desk.complain(wrong, step);
    setBusy(true);
    try {
      await store();
    } catch (thrown) {
      const failure = toApiError(thrown);
      const found = problemsIn(failure);
      setError(allShown(found) ? null : failure);
      desk.complain(found, step);
    } finally {
      setBusy(false);
    }
  };
  return { save: () => void save(), busy, error, done };
}
