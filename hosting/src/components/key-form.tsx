import { useId, useRef, useState } from "preact/hooks";
import { signedOutBecause, signIn } from "../client/account";
import { presets } from "../client/api";
import { type ApiError, toApiError } from "../client/errors";
import { useLoad } from "../client/use-load";
import { useStore } from "../store";
import { texts } from "../texts";
import { KeyField, Terms, whatIsWrongWith } from "./key-fields";
import { Help, wordsFor } from "./notice";

/** What is wrong, in words, and the error where the server found it. */
type Problem = { words: string; error: ApiError | null };
const told = (error: ApiError): Problem => ({ words: wordsFor(error), error });

type Props = { submit?: string; onSignedIn?: () => void };

/** Where a visitor comes in with a key of their own; used wherever a page needs one. */
export function KeyForm({ submit = texts.key.submit, onSignedIn }: Props) {
  const { data } = useLoad(presets, []);
  const because = useStore(signedOutBecause);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [agreed, setAgreed] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const errorId = useId();
  const shown = problem ?? (because && told(because));

  const comeIn = async (providerKey: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await signIn(providerKey);
      onSignedIn?.();
    } catch (thrown) {
      setProblem(told(toApiError(thrown)));
      setBusy(false);
      field.current?.focus();
    }
  };

  const onSubmit = (event: Event) => {
    event.preventDefault();
    const providerKey = field.current?.value.trim() ?? "";
    const mistake = agreed ? whatIsWrongWith(providerKey) : texts.key.errors.terms;
    if (mistake === null) return void comeIn(providerKey);
    setProblem({ words: mistake, error: null });
    if (agreed) field.current?.focus();
  };

  const demoKey = data?.demo_key;
  return (
    <form class="key-form" onSubmit={onSubmit} noValidate>
      <Terms agreed={agreed} onAgree={setAgreed} />
      {/* So that a password manager knows what this key is the key of. */}
      <input
        class="unseen"
        type="text"
        name="username"
        autocomplete="username"
        value={texts.key.account}
        tabIndex={-1}
        aria-hidden="true"
        readOnly
      />
      <KeyField field={field} errorId={shown ? errorId : undefined} />
      <p id={errorId} class="field-error" role="alert">
        {shown && (
          <>
            {shown.words} {shown.error && <Help error={shown.error} />}
          </>
        )}
      </p>
      <button type="submit" class="button" aria-disabled={busy}>
        {busy ? texts.key.checking : submit}
      </button>
      {demoKey && <DemoKey onUse={() => void comeIn(demoKey)} />}
    </form>
  );
}

function DemoKey({ onUse }: { onUse: () => void }) {
  return (
    <div class="demo-key">
      <button type="button" class="button button-quiet" onClick={onUse}>
        {texts.key.demo}
      </button>
      <p class="whisper">{texts.key.demoWhat}</p>
    </div>
  );
}
