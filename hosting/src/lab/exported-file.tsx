import { useRef } from "preact/hooks";
import type { Presets } from "../client/shapes";
import { labTexts } from "../texts/lab";
import { type Draft, toDraft } from "./draft";
import { readExport } from "./read-export";

type Props = {
  presets: Presets;
  onOpened: (draft: Draft) => void;
  onProblem: (problem: string | null) => void;
};

/** Far above the longest assistant; what is larger is something else. */
const LARGEST_FILE = 1_000_000;

/** Opens an exported assistant as a draft: to be looked at, changed and saved as a new one. */
export function ExportedFile({ presets, onOpened, onProblem }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const open = async (file: File | undefined) => {
    if (!file) return;
    const bot = file.size > LARGEST_FILE ? null : readExport(await file.text());
    onProblem(bot ? null : labTexts.prompt.notAFile);
    if (bot) onOpened(toDraft(bot, presets));
    if (input.current) input.current.value = "";
  };
  return (
    <>
      <button type="button" class="link" onClick={() => input.current?.click()}>
        {labTexts.prompt.openFile}
      </button>
      <input
        ref={input}
        class="unseen"
        type="file"
        accept="application/json,.json"
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => void open(event.currentTarget.files?.[0])}
      />
    </>
  );
}
