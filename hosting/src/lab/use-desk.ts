import { useEffect, useState } from "preact/hooks";
import { recall, remember } from "../client/key";
import type { LabStep } from "../router";
import { navigate, paths } from "../router";
import { type Draft, isChanged } from "./draft";
import { type Problems, stepOf } from "./problems";
import type { ModelConfig } from "./shapes";

/** The draft on the desk and everything that can be done to it. */
export type Desk = {
  /** The code of the assistant that is being changed; null for one that is not saved yet. */
  code: string | null;
  draft: Draft;
  /** Whether the draft says something else than what it began with. */
  changed: boolean;
  change: (part: Partial<Draft>) => void;
  changeModel: (part: Partial<ModelConfig>) => void;
  problems: Problems;
  /** What the server remarked on the texts as they were last saved; not a refusal. */
  warnings: Problems;
  warn: (warnings: Problems) => void;
  /** Shows what is wrong, on the step where it can be put right. */
  complain: (problems: Problems, step: LabStep) => void;
  /** Back to what the draft began with. */
  reset: () => void;
};

/** Where the drafts of a new assistant and of each saved one are kept. */
const placeOf = (code: string | null) => `gptlab.lab.${code ?? "new"}.draft`;

/** A draft lives in this tab's session storage, as the key does: a prompt is its author's own. */
function recallDraft(code: string | null): Draft | null {
  const kept = recall(placeOf(code));
  return kept === null ? null : (JSON.parse(kept) as Draft);
}

/** Puts a draft where the desk finds it. */
export const keepDraft = (code: string | null, draft: Draft | null) =>
  remember(placeOf(code), draft && JSON.stringify(draft));

/** The server's remarks on each assistant as it was last saved: told once, with the answer to the save. */
const remarks = new Map<string, Problems>();

/** Hands the server's remarks on a new assistant to its desk. */
export const keepWarnings = (code: string, warnings: Problems) => remarks.set(code, warnings);

/** The draft that was begun in this tab, else `base`; kept over reloads and visits to other pages. */
export function useDesk(code: string | null, base: Draft): Desk {
  const [begun, setBegun] = useState(() => recallDraft(code));
  const [problems, setProblems] = useState<Problems>({});
  const draft = begun ?? base;
  const [warnings, setWarnings] = useState<Problems>(() => remarks.get(code ?? "") ?? {});
  const [complaints, setComplaints] = useState(0);
  useFocusOnProblem(complaints);
  useEffect(() => {
    if (code) remarks.set(code, warnings);
  }, [warnings]);
  const put = (next: Draft | null) => {
    setBegun(next);
    keepDraft(code, next);
  };
  const settle = (fields: string[]) => {
    const others = (shown: Problems) =>
      Object.fromEntries(Object.entries(shown).filter(([name]) => !fields.includes(name)));
    setProblems(others);
    setWarnings(others);
  };
  return {
    code,
    draft,
    changed: isChanged(draft, base),
    problems,
    warnings,
    warn: setWarnings,
    change(part) {
      put({ ...draft, ...part });
      settle(Object.keys(part));
    },
    changeModel(part) {
      put({ ...draft, model_config: { ...draft.model_config, ...part } });
      settle(Object.keys(part).map((name) => `model_config.${name}`));
    },
    complain(found, step) {
      setProblems(found);
      setComplaints(complaints + 1);
      const steps = Object.keys(found).map(stepOf);
      const [first] = steps;
      if (first && !steps.includes(step)) navigate(paths.lab(code, first));
    },
    reset() {
      put(null);
      setProblems({});
    },
  };
}

/** Whoever pressed the button lands on the first field that needs them; not again while they type. */
function useFocusOnProblem(complaints: number) {
  useEffect(() => {
    if (complaints === 0) return;
    const timer = setTimeout(() => document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), 50);
    return () => clearTimeout(timer);
  }, [complaints]);
}
