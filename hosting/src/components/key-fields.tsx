import type { RefObject } from "preact";
import { useId, useState } from "preact/hooks";
import { texts } from "../texts";
import { Icon } from "./icon";

const WHERE_KEYS_ARE_MADE = "https://platform.openai.com/api-keys";

/** The agreement, with the terms in short where they are asked for. */
export function Terms({ agreed, onAgree }: { agreed: boolean; onAgree: (agreed: boolean) => void }) {
  return (
    <div class="terms">
      <label class="check">
        <input type="checkbox" checked={agreed} onChange={(event) => onAgree(event.currentTarget.checked)} />
        <span>{texts.key.agree}</span>
      </label>
      <details>
        <summary>{texts.key.terms}</summary>
        <ul>
          {texts.key.termsList.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}

type FieldProps = { field: RefObject<HTMLInputElement | null>; errorId: string | undefined };

/** The key itself: hidden until asked, kept by the browser's password manager if the visitor likes. */
export function KeyField({ field, errorId }: FieldProps) {
  const [shown, setShown] = useState(false);
  const id = useId();
  const hintId = useId();
  return (
    <div class="field">
      <label for={id}>{texts.key.label}</label>
      <div class="field-with-tool">
        <input
          ref={field}
          id={id}
          class="input"
          type={(shown ? "text" : "password") as "password"}
          name="password"
          autocomplete="current-password"
          autocapitalize="off"
          spellcheck={false}
          placeholder="sk-…"
          aria-describedby={errorId ? `${errorId} ${hintId}` : hintId}
          aria-invalid={errorId !== undefined}
        />
        <button
          type="button"
          class="tool"
          aria-label={shown ? texts.key.hide : texts.key.show}
          onClick={() => setShown(!shown)}
        >
          <Icon name={shown ? "eyeOff" : "eye"} />
        </button>
      </div>
      <p id={hintId} class="hint">
        {texts.key.keep}{" "}
        <a href={WHERE_KEYS_ARE_MADE} target="_blank" rel="noopener noreferrer">
          {texts.key.where}
          <span class="unseen"> {texts.site.newTab}</span>
        </a>{" "}
        {texts.key.free}
      </p>
    </div>
  );
}
