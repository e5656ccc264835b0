import { useRef } from "preact/hooks";
import type { Conversation } from "../chat/conversation";
import type { View } from "../chat/view";
import { labTexts } from "../texts/lab";

type Props = { conversation: Conversation; view: View; before: string[] };

/** What an author would try next: the same words as in the version before, and the end. */
export function TrialPrompts({ conversation, view, before }: Props) {
  const row = useRef<HTMLDivElement>(null);
  const said = view.entries.filter(({ role }) => role === "user").length;
  const next = before[said];
  const over = view.session?.status === "completed";
  if (!view.session || view.busy) return null;
  const press = (work: Promise<void>) => {
    void work;
    // The button goes away with the press; the next thing to do is to write.
    row.current?.parentElement?.querySelector("textarea")?.focus();
  };
  return (
    <div class="trial-prompts" ref={row}>
      {next !== undefined && (
        <button type="button" class="link" onClick={() => press(conversation.send(next))}>
          {labTexts.test.sameAgain(next)}
        </button>
      )}
      {said > 0 && !over && (
        <button type="button" class="link" onClick={() => press(conversation.end())}>
          {labTexts.test.recap}
        </button>
      )}
    </div>
  );
}
