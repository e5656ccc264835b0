import "../../styles/own.css";
import "../../styles/account.css";
import type { RefObject } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { toApiError } from "../../client/errors";
import { recover } from "../../client/my-account";
import { SecretField, whatIsWrongWith } from "../../components/key-fields";
import { Empty } from "../../components/notice";
import { paths } from "../../router";
import { accountTexts } from "../../texts/account";
import { useTitle } from "../../title";
import { wordsForNewKey } from "./new-key";

const words = accountTexts.recover;

/** The way back into an account whose key is lost: a recovery code and a new key. */
export function RecoverPage() {
  const [done, setDone] = useState(false);
  useTitle(words.title);
  if (done) return <BackIn />;
  return (
    <div class="key-needed">
      <section>
        <h1 class="display">{words.title}</h1>
        <p class="lede">{words.what}</p>
        <p class="whisper">
          {words.noCode} <a href={`${paths.faq}#lost-key`}>{words.noCodeLink}</a>
        </p>
      </section>
      <section class="sheet" aria-label={words.title}>
        <RecoverForm onDone={() => setDone(true)} />
      </section>
    </div>
  );
}

type Problem = { at: "code" | "key"; said: string };

function RecoverForm({ onDone }: { onDone: () => void }) {
  const code = useRef<HTMLInputElement>(null);
  const newKey = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const errorId = useId();
  const said = (at: Problem["at"]) => (problem?.at === at ? problem.said : null);

  const onSubmit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const found = await tryToOpen(code.current?.value.trim() ?? "", newKey.current?.value.trim() ?? "");
    if (found === null) return onDone();
    setBusy(false);
    setProblem(found);
    (found.at === "code" ? code : newKey).current?.focus();
  };
  return (
    <form class="part-form" onSubmit={(event) => void onSubmit(event)} noValidate>
      <CodeField field={code} problem={said("code")} />
      <SecretField
        field={newKey}
        label={words.key}
        hint={words.keyHint}
        autocomplete="new-password"
        errorId={said("key") ? errorId : undefined}
      />
      <p id={errorId} class="field-error" role="alert">
        {said("key")}
      </p>
      <button type="submit" class="button" aria-disabled={busy}>
        {busy ? words.busy : words.submit}
      </button>
    </form>
  );
}

/** Opens the account, or says what stands in the way and at which field. */
async function tryToOpen(code: string, newKey: string): Promise<Problem | null> {
  if (code === "") return { at: "code", said: words.emptyCode };
  const wrong = whatIsWrongWith(newKey);
  if (wrong) return { at: "key", said: wrong };
  try {
    await recover(code, newKey);
    return null;
  } catch (thrown) {
    const at = toApiError(thrown).details.param === "code" ? "code" : "key";
    return { at, said: wordsForNewKey(thrown) };
  }
}

type CodeProps = { field: RefObject<HTMLInputElement | null>; problem: string | null };

function CodeField({ field, problem }: CodeProps) {
  const id = useId();
  return (
    <>
      <div class="field">
        <label for={id}>{words.code}</label>
        <input
          ref={field}
          id={id}
          class="input code-input"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          placeholder="XXXX-XXXX-…"
          aria-describedby={`${id}-error ${id}-hint`}
          aria-invalid={problem !== null}
        />
        <p id={`${id}-hint`} class="hint">
          {words.codeHint}
        </p>
      </div>
      <p id={`${id}-error`} class="field-error" role="alert">
        {problem}
      </p>
    </>
  );
}

function BackIn() {
  return (
    <Empty level={1} title={words.doneTitle} what={words.doneWhat}>
      <a class="button" href={paths.usage}>
        {words.toConversations}
      </a>
      <a href={`${paths.account}#recovery`}>{words.another}</a>
    </Empty>
  );
}
