import { useState } from "preact/hooks";
import { minding } from "../client/account";
import { type ApiError, toApiError } from "../client/errors";
import { useLoad } from "../client/use-load";
import { Notice } from "../components/notice";
import { dollars } from "../format";
import { labTexts } from "../texts/lab";
import { checkBot } from "./calls";
import type { Check, CheckResult, OwnBot } from "./shapes";

/** Tries known tricks on the assistant and says in plain words what they got. Says first what that costs. */
export function PromptCheck({ bot }: { bot: OwnBot }) {
  const { data: estimate, error: unknown } = useLoad(() => checkBot(bot.id, true), [bot.id, bot.version]);
  const [check, setCheck] = useState<Check | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  // A server of an earlier version has no check, and then there is nothing to offer.
  if (!estimate || unknown) return null;
  const run = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      setCheck(await minding(checkBot(bot.id, false)));
    } catch (thrown) {
      setError(toApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  const cost = estimate.estimated_cost_usd;
  return (
    <section class="check-prompt" aria-labelledby="check-prompt">
      <h2 id="check-prompt">{labTexts.check.title}</h2>
      <p>{labTexts.check.what(estimate.attempts, cost === null ? null : dollars(cost))}</p>
      <div role="status">
        {busy && <p class="whisper">{labTexts.check.busy}</p>}
        {check && !busy && <Findings check={check} />}
      </div>
      {error && <Notice error={error} />}
      <button type="button" class="button button-quiet" aria-disabled={busy} onClick={() => void run()}>
        {check ? labTexts.check.again : labTexts.check.run}
      </button>
    </section>
  );
}

function Findings({ check: { results, cost_usd, model } }: { check: Check }) {
  return (
    <>
      <p class="check-sum">{summary(results)}</p>
      <ul class="check-list">
        {results.map((result) => (
          <li key={result.id}>
            <strong>{result.title}</strong>
            <span class={outcome(result) === labTexts.check.out ? "loss" : undefined}>{outcome(result)}</span>
          </li>
        ))}
      </ul>
      {cost_usd !== null && <p class="whisper">{labTexts.check.cost(dollars(cost_usd), model)}</p>}
    </>
  );
}

const gotOut = ({ leaked, blocked }: CheckResult) => leaked && !blocked;

function outcome(result: CheckResult): string {
  if (result.error) return labTexts.check.untried;
  if (gotOut(result)) return labTexts.check.out;
  return result.blocked ? labTexts.check.blocked : labTexts.check.kept;
}

function summary(results: CheckResult[]): string {
  const out = results.filter(gotOut).length;
  const held = results.filter(({ blocked }) => blocked).length;
  if (out > 0) return labTexts.check.leaked(out);
  if (results.some(({ error }) => error)) return labTexts.check.incomplete;
  return held > 0 ? labTexts.check.guarded(held) : labTexts.check.safe;
}
