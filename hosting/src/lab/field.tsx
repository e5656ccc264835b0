import { useId } from "preact/hooks";
import { labTexts } from "../texts/lab";
import type { TextFieldName } from "./problems";
import type { Desk } from "./use-desk";

type Props = {
  desk: Desk;
  name: TextFieldName;
  label: string;
  hint?: string;
  /** Characters at most. */
  limit: number | undefined;
  placeholder?: string;
  /** A field of several lines; `prompt` is the large sheet of step one. */
  lines?: "few" | "prompt";
  onKeyDown?: (event: KeyboardEvent) => void;
};

/** A text of the draft with what it is for, how long it may be, and what is wrong with it. */
export function TextField({ desk, name, label, hint, limit, placeholder, lines, onKeyDown }: Props) {
  const id = useId();
  const value = desk.draft[name];
  const over = limit === undefined ? 0 : value.trim().length - limit;
  const problem = over > 0 ? labTexts.missing.tooLong(over) : desk.problems[name];
  const warning = desk.warnings[name];
  const shared = {
    id,
    name,
    value,
    placeholder,
    autocomplete: "off",
    "aria-invalid": problem !== undefined,
    "aria-describedby": `${id}-hint ${id}-problem ${id}-warning`,
    onKeyDown,
    onInput: (event: { currentTarget: { value: string } }) =>
      desk.change({ [name]: event.currentTarget.value }),
  };
  return (
    <div class={lines ? `field field-${lines}` : "field"}>
      <p class="field-head">
        <label for={id}>{label}</label>
        {limit !== undefined && <Counter length={value.trim().length} limit={limit} />}
      </p>
      {lines ? <textarea class="input" {...shared} /> : <input class="input" type="text" {...shared} />}
      <p id={`${id}-problem`} class="field-error" role="alert">
        {problem}
      </p>
      <p id={`${id}-warning`} class="field-warning">
        {warning}
      </p>
      <p id={`${id}-hint`} class="hint">
        {hint}
      </p>
    </div>
  );
}

const counted = new Intl.NumberFormat("en");

function Counter({ length, limit }: { length: number; limit: number }) {
  return (
    <span class="counter whisper" data-over={length > limit}>
      {counted.format(length)} / {counted.format(limit)}
    </span>
  );
}
