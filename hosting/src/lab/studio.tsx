import { Notice } from "../components/notice";
import { type LabStep, navigate, paths } from "../router";
import { labTexts } from "../texts/lab";
import { useTitle } from "../title";
import type { Kit } from "./calls";
import { newDraft, toDraft } from "./draft";
import { SaveBar } from "./save-bar";
import type { OwnBot } from "./shapes";
import { StepCard } from "./step-card";
import { StepPrompt } from "./step-prompt";
import { StepShare } from "./step-share";
import { StepTest } from "./step-test";
import { StepVersions } from "./step-versions";
import { isOpen, Trail } from "./trail";
import { useDesk } from "./use-desk";
import { useSaving } from "./use-saving";
import { useTrial } from "./use-trial";

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
    if (saved) return;
    trial.forget();
    navigate(paths.lab());
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
