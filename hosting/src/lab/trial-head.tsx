import type { View } from "../chat/view";
import { dollars } from "../format";
import { texts } from "../texts";
import { labTexts } from "../texts/lab";

type Props = { view: View; outdated: boolean; onStart: () => void };

/** What it has cost, and the way to begin anew: the one thing to do once the draft says something else. */
export function TrialHead({ view, outdated, onStart }: Props) {
  return (
    <>
      <header class="trial-head">
        <h2 id="trial">{labTexts.test.chat}</h2>
        <Total view={view} />
        <button
          type="button"
          class={outdated ? "button button-small" : "button button-quiet button-small"}
          onClick={onStart}
        >
          {outdated ? labTexts.test.retry : labTexts.test.again}
        </button>
      </header>
      <p class="trial-changed" role="status">
        {outdated && labTexts.test.changed}
      </p>
    </>
  );
}

function Total({ view: { session } }: { view: View }) {
  if (!session) return null;
  const { input_tokens, output_tokens, cost_usd } = session.usage;
  const cost = cost_usd === null ? null : dollars(cost_usd);
  return (
    <p class="whisper total">
      <span class="unseen">{texts.chat.soFar}: </span>
      {[texts.chat.tokens(input_tokens + output_tokens), cost].filter(Boolean).join(" · ")}
    </p>
  );
}
