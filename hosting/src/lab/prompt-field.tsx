import { aboutTokens } from "./draft";
import { TextField } from "./field";
import { lab } from "./texts";
import type { Desk } from "./use-desk";

/** The prompt on its sheet; the same on the step where it is written and beside the test chat. */
export function PromptField({ desk, limit }: { desk: Desk; limit: number | undefined }) {
  const prompt = desk.draft.initial_prompt.trim();
  return (
    <TextField
      desk={desk}
      name="initial_prompt"
      label={lab.prompt.label}
      limit={limit}
      lines="prompt"
      placeholder={lab.prompt.placeholder}
      hint={prompt === "" ? lab.prompt.hint : `${lab.prompt.hint} ${lab.prompt.size(aboutTokens(prompt))}`}
    />
  );
}
