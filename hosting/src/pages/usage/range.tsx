import { useId, useRef, useState } from "preact/hooks";
import { navigate, paths } from "../../router";
import { usageTexts } from "../../texts/usage";
import type { Measure } from "./bars";
import { lengthOf, MAX_DAYS, type Span, USUAL } from "./span";

/** Which days: the usual spans as links, so that they can be kept and shared, or any others. */
export function RangeChoice({ span }: { span: Span }) {
  const [asking, setAsking] = useState(span.days === null);
  return (
    <div class="range">
      <nav class="choices" aria-label={usageTexts.range}>
        {USUAL.map((days) => (
          <a
            key={days}
            href={`${paths.usage}?days=${days}`}
            aria-current={days === span.days && !asking ? "page" : undefined}
            onClick={() => setAsking(false)}
          >
            {usageTexts.days(days)}
          </a>
        ))}
        <button type="button" aria-expanded={asking} onClick={() => setAsking(!asking)}>
          {usageTexts.custom}
        </button>
      </nav>
      {asking && <OtherDays span={span} />}
    </div>
  );
}

function OtherDays({ span }: { span: Span }) {
  const from = useRef<HTMLInputElement>(null);
  const to = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState("");
  const id = useId();
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const asked = { from: from.current?.value ?? "", to: to.current?.value ?? "" };
    const length = lengthOf(asked);
    const wrong = length > MAX_DAYS ? usageTexts.longSpan : length >= 1 ? "" : usageTexts.wrongSpan;
    setProblem(wrong);
    if (wrong === "") navigate(`${paths.usage}?${new URLSearchParams(asked)}`, { replace: true });
    else from.current?.focus();
  };
  const described = problem ? { "aria-invalid": true, "aria-describedby": `${id}-error` } : {};
  return (
    <form class="other-days" onSubmit={onSubmit} noValidate>
      <span class="other-day">
        <label for={`${id}-from`}>{usageTexts.from}</label>
        <input
          ref={from}
          id={`${id}-from`}
          class="input"
          type="date"
          defaultValue={span.from}
          {...described}
        />
      </span>
      <span class="other-day">
        <label for={`${id}-to`}>{usageTexts.to}</label>
        <input ref={to} id={`${id}-to`} class="input" type="date" defaultValue={span.to} {...described} />
      </span>
      <button type="submit" class="button button-quiet button-small">
        {usageTexts.show}
      </button>
      <p id={`${id}-error`} class="field-error" role="alert">
        {problem}
      </p>
    </form>
  );
}

type MeasureProps = { measure: Measure; onMeasure: (measure: Measure) => void };

/** Whether the bars are dollars or tokens. */
export function MeasureChoice({ measure, onMeasure }: MeasureProps) {
  return (
    <fieldset class="choices">
      <legend class="unseen">{usageTexts.measure}</legend>
      {(["cost", "tokens"] as const).map((each) => (
        <label key={each}>
          <input
            class="unseen"
            type="radio"
            name="measure"
            checked={each === measure}
            onChange={() => onMeasure(each)}
          />
          <span>{usageTexts[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}
