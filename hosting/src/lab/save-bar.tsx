import { labTexts } from "../texts/lab";
import { differsInVersion } from "./draft";
import type { OwnBot } from "./shapes";
import type { Desk } from "./use-desk";
import type { Saving } from "./use-saving";

type Props = { desk: Desk; saved: OwnBot; saving: Saving };

/** Under an assistant that is being changed: what is not saved yet, and what saving would do. */
export function SaveBar({ desk, saved, saving }: Props) {
  return (
    <div class={desk.changed || saving.done ? "save-bar save-bar-shown" : "save-bar"}>
      <p role="status">{desk.changed ? labTexts.save.unsaved : saving.done}</p>
      {desk.changed && (
        <button type="button" class="button" aria-disabled={saving.busy} onClick={saving.save}>
          {saving.busy ? labTexts.save.busy : label(desk, saved)}
        </button>
      )}
    </div>
  );
}

const label = (desk: Desk, saved: OwnBot) =>
  differsInVersion(desk.draft, saved) ? labTexts.save.version : labTexts.save.card;
