import { useId, useRef, useState } from "preact/hooks";
import { signOut } from "../../client/account";
import { toApiError } from "../../client/errors";
import { deleteAccount } from "../../client/my-account";
import { wordsFor } from "../../components/notice";
import { Part } from "../../components/part";
import { accountTexts } from "../../texts/account";

const words = accountTexts.remove;

/** The end of an account: what goes is said first, and a word has to be typed. */
export function DeleteAccount({ onGone }: { onGone: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();
  const remove = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await deleteAccount();
      onGone();
      signOut();
    } catch (thrown) {
      setBusy(false);
      setProblem(wordsFor(toApiError(thrown)));
    }
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    if (field.current?.value.trim().toLowerCase() === words.word) return void remove();
    setProblem(words.wrong(words.word));
    field.current?.focus();
  };
  return (
    <Part id="delete" title={words.title} what={words.advice}>
      <form class="part-form" onSubmit={onSubmit} noValidate>
        <p>{words.what}</p>
        <ul class="plain-list">
          {words.gone.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <div class="field">
          <label for={id}>{words.label(words.word)}</label>
          <input
            ref={field}
            id={id}
            class="input"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            aria-describedby={`${id}-error`}
            aria-invalid={problem !== null}
          />
        </div>
        <p id={`${id}-error`} class="field-error" role="alert">
          {problem}
        </p>
        <button type="submit" class="button button-quiet button-loss" aria-disabled={busy}>
          {busy ? words.busy : words.submit}
        </button>
      </form>
    </Part>
  );
}
