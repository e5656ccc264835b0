import { labTexts } from "../texts/lab";
import { aboutTokens } from "./draft";
import { TextField } from "./field";
import type { Desk } from "./use-desk";

type Props = {
  desk: Desk;
  limit: number | undefined;
  /** Tries the prompt as it stands, from the keyboard. */
  onTry?: () => void;
};

/** The prompt on its sheet; the same on the step where it is written and beside the test chat. */
export function PromptField({ desk, limit, onTry }: Props) {
  const prompt = desk.draft.initial_prompt.trim();
  const hints = [
    labTexts.prompt.hint,
    prompt === "" ? "" : labTexts.prompt.size(aboutTokens(prompt)),
    onTry ? labTexts.test.retryKeys : "",
  ];
  const onKeyDown = (event: KeyboardEvent) => {
    if (!onTry || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onTry();
  };
  return (
    <TextField
      desk={desk}
      name="initial_prompt"
      label={labTexts.prompt.label}
      limit={limit}
      lines="prompt"
      placeholder={labTexts.prompt.placeholder}
      hint={hints.filter(Boolean).join(" ")}
      onKeyDown={onKeyDown}
    />
  );
}
