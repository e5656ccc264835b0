import { useId } from "preact/hooks";
import { listBots } from "../../client/api";
import type { AppKeyKind } from "../../client/app-keys";
import { useLoad } from "../../client/use-load";
import { appKeyTexts as words } from "../../texts/app-keys";

type FieldProps = {
  name: string;
  label: string;
  hint: string;
  problem: string | null;
  /** Takes several lines. */
  lines?: boolean;
  type?: "text" | "date";
  inputMode?: "decimal" | "numeric";
  maxLength?: number;
  defaultValue?: string;
};

/** A field with its hint and, where it is wrong, why. */
export function Field({ label, hint, problem, lines, ...rest }: FieldProps) {
  const id = useId();
  const input = {
    ...rest,
    id,
    class: "input",
    autocomplete: "off" as const,
    "aria-describedby": `${id}-error ${id}-hint`,
    "aria-invalid": problem !== null,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {lines ? <textarea rows={3} {...(input as object)} /> : <input {...(input as object)} />}
      <p id={`${id}-error`} class="field-error" role="alert">
        {problem}
      </p>
      <p id={`${id}-hint`} class="hint">
        {hint}
      </p>
    </div>
  );
}

const KINDS = ["secret", "publishable"] as const;

/** Where the key will be: on a server, or in a page that everyone can read. */
export function KindField({ kind, onKind }: { kind: AppKeyKind; onKind: (kind: AppKeyKind) => void }) {
  const id = useId();
  return (
    <fieldset class="checks">
      <legend>{words.kind}</legend>
      {KINDS.map((each) => (
        <div key={each}>
          <label class="check">
            <input
              type="radio"
              name="kind"
              checked={each === kind}
              aria-describedby={`${id}-${each}`}
              onChange={() => onKind(each)}
            />
            <span>{words.kinds[each].label}</span>
          </label>
          <p id={`${id}-${each}`} class="hint check-hint">
            {words.kinds[each].hint}
          </p>
        </div>
      ))}
    </fieldset>
  );
}

type BotsProps = { hint: string; problem: string | null; chosen: string[] };

/** Assistants to choose from: one's own first, then those in the lounge. A chosen one stays chosen where it is not listed. */
export function BotsField({ hint, problem, chosen }: BotsProps) {
  const id = useId();
  const { data } = useLoad(
    () => Promise.all([listBots("mine"), listBots("showcased")]).then((lists) => lists.flat()),
    [],
  );
  const bots = [...new Map((data ?? []).filter(({ active }) => active).map((bot) => [bot.id, bot])).values()];
  const unlisted = chosen.filter((one) => !bots.some(({ id: listed }) => listed === one));
  return (
    <fieldset class="checks" aria-describedby={`${id}-error ${id}-hint`}>
      <legend>{words.bots}</legend>
      {unlisted.map((bot) => (
        <input key={bot} type="hidden" name="bots" value={bot} />
      ))}
      {bots.map((bot) => (
        <label key={bot.id} class="check">
          <input type="checkbox" name="bots" value={bot.id} defaultChecked={chosen.includes(bot.id)} />
          <span>
            {bot.name} <span class="whisper">{bot.tag_line}</span>
          </span>
        </label>
      ))}
      <p id={`${id}-error`} class="field-error" role="alert">
        {problem}
      </p>
      <p id={`${id}-hint`} class="hint">
        {hint}
      </p>
    </fieldset>
  );
}
