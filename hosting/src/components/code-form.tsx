import { useId, useRef, useState } from "preact/hooks";
import { navigate, paths, routeOf } from "../router";
import { texts } from "../texts";

/** The code in what was pasted: a code, or a link that holds one. */
function codeIn(pasted: string): string {
  const text = pasted.trim();
  if (!URL.canParse(text)) return text;
  const route = routeOf(new URL(text));
  return route.page === "assistant" || route.page === "chat" ? route.code : "";
}

/** Finds an assistant by the code that somebody shared. */
export function CodeForm() {
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState(false);
  const id = useId();
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const code = codeIn(field.current?.value ?? "");
    setProblem(code === "");
    if (code === "") field.current?.focus();
    else navigate(paths.assistant(code));
  };
  return (
    <form class="code-form" onSubmit={onSubmit} noValidate>
      <label for={id}>{texts.code.label}</label>
      <div class="code-form-row">
        <input
          ref={field}
          id={id}
          class="input"
          name="code"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-invalid={problem}
          aria-describedby={problem ? `${id}-error` : undefined}
        />
        <button type="submit" class="button button-quiet">
          {texts.code.submit}
        </button>
      </div>
      <p id={`${id}-error`} class="field-error" role="alert">
        {problem && texts.code.empty}
      </p>
    </form>
  );
}
