import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type AppKeyKind, createAppKey, type ShownAppKey } from "../../client/app-keys";
import { toApiError } from "../../client/errors";
import { wordsFor } from "../../components/notice";
import { appKeyTexts as words } from "../../texts/app-keys";
import { BotsField, Field, KindField } from "./app-key-fields";
import { readSettings } from "./app-key-settings";

type Props = { onMade: (key: ShownAppKey) => void; onCancel: () => void };
type Problem = { field: string | null; said: string };

const SUGGESTED_BUDGET = "5";

/** Makes an app key: what it is for, and its bounds. */
export function AppKeyForm({ onMade, onCancel }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState<AppKeyKind>("secret");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const titleId = useId();
  useEffect(() => form.current?.querySelector<HTMLInputElement>("[name=name]")?.focus(), []);

  const fail = (field: string | undefined, said: string) => {
    setProblem({ field: field ?? null, said });
    form.current?.querySelector<HTMLElement>(`[name=${field}]`)?.focus();
  };
  const make = async (settings: Parameters<typeof createAppKey>[0]) => {
    setBusy(true);
    setProblem(null);
    try {
      onMade(await createAppKey(settings));
    } catch (thrown) {
      setBusy(false);
      const error = toApiError(thrown);
      const field = error.details.param?.split(".")[0];
      fail(field, words.errors[field ?? ""] ?? wordsFor(error));
    }
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (busy || !form.current) return;
    const read = readSettings(new FormData(form.current), kind);
    if ("wrong" in read) fail(read.wrong, words.errors[read.wrong] ?? "");
    else void make(read);
  };
  const said = (field: string) => (problem?.field === field ? problem.said : null);

  return (
    <form ref={form} class="part-form app-key-form" aria-labelledby={titleId} onSubmit={onSubmit} noValidate>
      <h3 id={titleId}>{words.makeTitle}</h3>
      <Field name="name" label={words.name} hint={words.nameHint} problem={said("name")} maxLength={60} />
      <KindField kind={kind} onKind={setKind} />
      <BotsField hint={words.botsHint[kind]} problem={said("bots")} />
      {kind === "publishable" && (
        <Field
          name="origins"
          label={words.origins}
          hint={words.originsHint}
          problem={said("origins")}
          lines
        />
      )}
      <Bounds said={said} />
      <p class="field-error" role="alert">
        {problem?.field === null && problem.said}
      </p>
      <p class="app-key-ways">
        <button type="submit" class="button" aria-disabled={busy}>
          {busy ? words.busy : words.submit}
        </button>
        <button type="button" class="button button-quiet" onClick={onCancel}>
          {words.cancel}
        </button>
      </p>
    </form>
  );
}

/** How much, how often, how long. */
function Bounds({ said }: { said: (field: string) => string | null }) {
  return (
    <>
      <Field
        name="budget_usd"
        label={words.budget}
        hint={words.budgetHint}
        problem={said("budget_usd")}
        inputMode="decimal"
        defaultValue={SUGGESTED_BUDGET}
      />
      <Field
        name="requests_per_day"
        label={words.perDay}
        hint={words.perDayHint}
        problem={said("requests_per_day")}
        inputMode="numeric"
      />
      <Field
        name="expires_at"
        label={words.expires}
        hint={words.expiresHint}
        problem={said("expires_at")}
        type="date"
      />
    </>
  );
}
