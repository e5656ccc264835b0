import { labTexts } from "../texts/lab";
import { aboutTokens } from "./draft";
import { TextField } from "./field";
import type { Desk } from "./use-desk";

/** The prompt on its sheet; the same on the step where it is written and beside the test chat. */
export function PromptField({ desk, limit }: { desk: Desk; limit: number | undefined }) {
  const prompt = desk.draft.initial_prompt.trim();
  return (
    <TextField
      desk={desk}
      name="initial_prompt"
      label={labTexts.prompt.label}
      limit={limit}
      lines="prompt"
      placeholder={labTexts.prompt.placeholder}
      hint={
        prompt === ""
          ? labTexts.prompt.hint
          : `${labTexts.prompt.hint} ${labTexts.prompt.size(aboutTokens(prompt))}`
      }
    />
  );
}
