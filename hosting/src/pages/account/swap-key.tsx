import { useId, useRef, useState } from "preact/hooks";
import { swapKey } from "../../client/my-account";
import { SecretField, whatIsWrongWith } from "../../components/key-fields";
import { Part } from "../../components/part";
import { accountTexts } from "../../texts/account";
import { wordsForNewKey } from "./new-key";

const words = accountTexts.swap;

/** Moves the account to another provider key. */
export function SwapKey() {
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [state, setState] = useState<"" | "busy" | "done">("");
  const errorId = useId();

  const change = async (newKey: string) => {
    setState("busy");
    setProblem(null);
    try {
      await swapKey(newKey);
      if (field.current) field.current.value = "";
      setState("done");
    } catch (thrown) {
      setState("");
      setProblem(wordsForNewKey(thrown));
      field.current?.focus();
    }
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (state === "busy") return;
    const newKey = field.current?.value.trim() ?? "";
    const wrong = whatIsWrongWith(newKey);
    if (wrong === null) return void change(newKey);
    setState("");
    setProblem(wrong);
    field.current?.focus();
  };

  return (
    <Part id="key" title={words.title} what={words.what}>
      <form class="part-form" onSubmit={onSubmit} noValidate>
        <SecretField
          field={field}
          label={words.label}
          hint={words.hint}
          autocomplete="new-password"
          errorId={problem ? errorId : undefined}
        />
        <p id={errorId} class="field-error" role="alert">
          {problem}
        </p>
        <button type="submit" class="button button-quiet" aria-disabled={state === "busy"}>
          {state === "busy" ? words.busy : words.submit}
        </button>
        <p class="done" role="status">
          {state === "done" && words.done}
        </p>
      </form>
    </Part>
  );
}
