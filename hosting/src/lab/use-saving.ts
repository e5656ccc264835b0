import { useEffect, useState } from "preact/hooks";
import { minding } from "../client/account";
import { type ApiError, toApiError } from "../client/errors";
import { type LabStep, navigate, paths } from "../router";
import { labTexts } from "../texts/lab";
import { changeBot, createBot, type Kit } from "./calls";
import { differsInVersion, toInput } from "./draft";
import { allShown, problemsIn, remarksIn, whatIsWrong } from "./problems";
import type { OwnBot } from "./shapes";
import { noteMade } from "./step-share";
import { type Desk, keepDraft, keepWarnings } from "./use-desk";
import type { Trial } from "./use-trial";

/** Long enough to be read, short enough not to stand in the way. */
const SAYS_SO_MS = 8_000;

export type Saving = { save: () => void; busy: boolean; error: ApiError | null; done: string | null };

type Work = {
  kit: Kit;
  /** The assistant that is open; null where a new one is made. */
  saved: OwnBot | null;
  step: LabStep;
  desk: Desk;
  trial: Trial;
  onSaved: (bot: OwnBot) => void;
};

/** Saves the draft: a new assistant, or a change of the one that is open. */
export function useSaving(work: Work): Saving {
  const { saved, step, desk } = work;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [done, setDone] = useState<string | null>(null);
  // What was said about the last save is about the last save only.
  useEffect(() => {
    if (desk.changed) setDone(null);
  }, [desk.changed]);
  useEffect(() => setDone(null), [step]);
  useEffect(() => {
    const timer = setTimeout(() => setDone(null), SAYS_SO_MS);
    return () => clearTimeout(timer);
  }, [done]);

  const save = async () => {
    if (busy) return;
    setError(null);
    const wrong = whatIsWrongIn(work);
    if (Object.keys(wrong).length > 0) return desk.complain(wrong, step);
    setBusy(true);
    try {
      if (saved) setDone(await change(work, saved));
      else await make(work);
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

function whatIsWrongIn({ kit, desk: { draft } }: Work) {
  const model = kit.models.find(({ id }) => id === draft.model_config.model);
  return whatIsWrong(draft, kit.presets.limits, model);
}

/** The desk is cleared for the next one; what was made has a page of its own. */
async function make({ desk, trial }: Work) {
  const made = await minding(createBot(toInput(desk.draft)));
  keepDraft(null, null);
  trial.forget();
  noteMade(made.id);
  keepWarnings(made.id, remarksIn(made.warnings));
  navigate(paths.lab(made.id, "share"));
}

/** Answers what to say about it. */
async function change({ desk, onSaved }: Work, saved: OwnBot): Promise<string> {
  const input = toInput(desk.draft);
  const changed = await minding(changeBot(saved.id, input));
  onSaved(changed);
  desk.reset();
  desk.warn(remarksIn(changed.warnings));
  return differsInVersion(input, saved)
    ? labTexts.save.savedVersion(changed.version)
    : labTexts.save.savedCard;
}
