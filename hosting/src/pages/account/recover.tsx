import "../../styles/own.css";
import "../../styles/account.css";
import { useId, useRef, useState } from "preact/hooks";
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
  const id = useId();

  const fail = (found: Problem) => {
    setProblem(found);
    (found.at === "code" ? code : newKey).current?.focus();
  };
  const open = async (typed: string, withKey: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await recover(typed, withKey);
      onDone();
    } catch (thrown) {
      setBusy(false);
      const { details } = thrown as { details?: { param?: string } };
      fail({ at: details?.param === "code" ? "code" : "key", said: wordsForNewKey(thrown) });
    }
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const typed = code.current?.value.trim() ?? "";
    const withKey = newKey.current?.value.trim() ?? "";
    const wrongKey = whatIsWrongWith(withKey);
    if (typed === "") fail({ at: "code", said: words.emptyCode });
    else if (wrongKey) fail({ at: "key", said: wrongKey });
    else void open(typed, withKey);
  };
  const error = (at: Problem["at"]) => (
    <p id={`${id}-${at}-error`} class="field-error" role="alert">
      {problem?.at === at && problem.said}
    </p>
  );
  return (
    <form class="part-form" onSubmit={onSubmit} noValidate>
      <div class="field">
        <label for={id}>{words.code}</label>
        <input
          ref={code}
          id={id}
          class="input code-input"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          placeholder="XXXX-XXXX-…"
          aria-describedby={`${id}-code-error ${id}-hint`}
          aria-invalid={problem?.at === "code"}
        />
        <p id={`${id}-hint`} class="hint">
          {words.codeHint}
        </p>
      </div>
      {error("code")}
      <SecretField
        field={newKey}
        label={words.key}
        hint={words.keyHint}
        autocomplete="new-password"
        errorId={problem?.at === "key" ? `${id}-key-error` : undefined}
      />
      {error("key")}
      <button type="submit" class="button" aria-disabled={busy}>
        {busy ? words.busy : words.submit}
      </button>
    </form>
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
