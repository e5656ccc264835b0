import { useEffect, useId, useRef, useState } from "preact/hooks";
import {
  type AppKey,
  type AppKeyKind,
  createAppKey,
  type ShownAppKey,
  updateAppKey,
} from "../../client/app-keys";
import { toApiError } from "../../client/errors";
import { wordsFor } from "../../components/notice";
import { appKeyTexts as words } from "../../texts/app-keys";
import { BotsField, Field, KindField } from "./app-key-fields";
import { dayOf, readSettings } from "./app-key-settings";

type Props = { onCancel: () => void } & (
  | { appKey?: undefined; onMade: (key: ShownAppKey) => void }
  | { appKey: AppKey; onChanged: (key: AppKey) => void }
);
type Problem = { field: string | null; said: string };

const SUGGESTED_BUDGET = "5";

/** Makes an app key, or changes one: what it is for, and its bounds. */
export function AppKeyForm(props: Props) {
  const { appKey, onCancel } = props;
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState<AppKeyKind>(appKey?.kind ?? "secret");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const titleId = useId();
  useEffect(() => form.current?.querySelector<HTMLInputElement>("[name=name]")?.focus(), []);

  const fail = (field: string | undefined, said: string) => {
    setProblem({ field: field ?? null, said });
    form.current?.querySelector<HTMLElement>(`[name=${field}]`)?.focus();
  };
  const keep = async ({ kind, ...bounds }: Parameters<typeof createAppKey>[0]) => {
    setBusy(true);
    setProblem(null);
    try {
      if (props.appKey) props.onChanged(await updateAppKey(props.appKey.id, bounds));
      else props.onMade(await createAppKey({ kind, ...bounds }));
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
    else void keep(read);
  };
  const said = (field: string) => (problem?.field === field ? problem.said : null);

  return (
    <form ref={form} class="part-form app-key-form" aria-labelledby={titleId} onSubmit={onSubmit} noValidate>
      <h3 id={titleId}>{appKey ? words.changeTitle(appKey.name) : words.makeTitle}</h3>
      <Field
        name="name"
        label={words.name}
        hint={words.nameHint}
        problem={said("name")}
        maxLength={60}
        defaultValue={appKey?.name ?? ""}
      />
      {!appKey && <KindField kind={kind} onKind={setKind} />}
      <BotsField hint={words.botsHint[kind]} problem={said("bots")} chosen={appKey?.bots ?? []} />
      {kind === "publishable" && (
        <Field
          name="origins"
          label={words.origins}
          hint={words.originsHint}
          problem={said("origins")}
          defaultValue={appKey?.origins.join("\n") ?? ""}
          lines
        />
      )}
      <Bounds said={said} appKey={appKey} />
      <p class="field-error" role="alert">
        {problem?.field === null && problem.said}
      </p>
      <p class="app-key-ways">
        <button type="submit" class="button" aria-disabled={busy}>
          {wordsOf(busy, appKey !== undefined)}
        </button>
        <button type="button" class="button button-quiet" onClick={onCancel}>
          {words.cancel}
        </button>
      </p>
    </form>
  );
}

const wordsOf = (busy: boolean, changing: boolean) => {
  if (changing) return busy ? words.changeBusy : words.changeSubmit;
  return busy ? words.busy : words.submit;
};

type BoundsProps = { said: (field: string) => string | null; appKey: AppKey | undefined };

/** How much, how often, how long. */
function Bounds({ said, appKey }: BoundsProps) {
  const filled = (value: number | null | undefined) =>
    value === null || value === undefined ? "" : String(value);
  return (
    <>
      <Field
        name="budget_usd"
        label={words.budget}
        hint={words.budgetHint}
        problem={said("budget_usd")}
        inputMode="decimal"
        defaultValue={appKey ? filled(appKey.budget_usd) : SUGGESTED_BUDGET}
      />
      <Field
        name="requests_per_day"
        label={words.perDay}
        hint={words.perDayHint}
        problem={said("requests_per_day")}
        inputMode="numeric"
        defaultValue={filled(appKey?.requests_per_day)}
      />
      <Field
        name="expires_at"
        label={words.expires}
        hint={words.expiresHint}
        problem={said("expires_at")}
        type="date"
        defaultValue={dayOf(appKey?.expires_at ?? null)}
      />
    </>
  );
}
