import type { ComponentChildren, RefObject } from "preact";
import { useId, useState } from "preact/hooks";
import { paths } from "../router";
import { texts } from "../texts";
import { Icon } from "./icon";

const WHERE_KEYS_ARE_MADE = "https://platform.openai.com/api-keys";
/** The server refuses shorter ones; so nothing is sent. */
const SHORTEST_KEY = 20;

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
        <p>
          <a href={paths.terms}>{texts.key.termsWhole}</a>
        </p>
      </details>
    </div>
  );
}

type SecretProps = {
  field: RefObject<HTMLInputElement | null>;
  label: string;
  hint: ComponentChildren;
  autocomplete: "current-password" | "new-password";
  errorId: string | undefined;
};

/** A key: hidden until asked, kept by the browser's password manager if the visitor likes. */
export function SecretField({ field, label, hint, autocomplete, errorId }: SecretProps) {
  const [shown, setShown] = useState(false);
  const id = useId();
  const hintId = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-with-tool">
        <input
          ref={field}
          id={id}
          class="input"
          type={(shown ? "text" : "password") as "password"}
          name="password"
          autocomplete={autocomplete}
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
        {hint}
      </p>
    </div>
  );
}

type KeyProps = Pick<SecretProps, "field" | "errorId">;

/** The visitor's own key, with help for those who have none or lost it. */
export function KeyField(props: KeyProps) {
  const hint = (
    <>
      {texts.key.keep}{" "}
      <a href={WHERE_KEYS_ARE_MADE} target="_blank" rel="noopener noreferrer">
        {texts.key.where}
        <span class="unseen"> {texts.site.newTab}</span>
      </a>{" "}
      {texts.key.free} <a href={paths.recover}>{texts.key.lost}</a>
    </>
  );
  return <SecretField {...props} label={texts.key.label} hint={hint} autocomplete="current-password" />;
}

/** What is wrong with a key before anything is sent, or null. */
export function whatIsWrongWith(providerKey: string): string | null {
  if (providerKey === "") return texts.key.errors.empty;
  if (providerKey.length < SHORTEST_KEY) return texts.key.errors.short;
  // What no header can carry never was a key.
  if (!/^[\x21-\x7e]+$/.test(providerKey)) return texts.errors.invalid_key ?? "";
  return null;
}
