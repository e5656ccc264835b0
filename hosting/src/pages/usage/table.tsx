import type { Counts, DayUsage } from "../../client/usage";
import { dollars } from "../../format";
import { usageTexts } from "../../texts/usage";
import { dayOf } from "./readout";

const { columns, number } = usageTexts;

/** Every day and model on which something was used, newest first. */
export function UsageTable({ days }: { days: DayUsage[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
    <section class="table-frame" tabIndex={0} aria-label={usageTexts.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.day}</th>
            <th scope="col">{columns.model}</th>
            <th scope="col">{columns.messages}</th>
            <th scope="col">{columns.input}</th>
            <th scope="col">{columns.cached}</th>
            <th scope="col">{columns.output}</th>
            <th scope="col">{columns.cost}</th>
          </tr>
        </thead>
        <tbody>
          {[...days].reverse().flatMap(({ date, models }) =>
            models.map(({ model, ...counts }) => (
              <tr key={`${date} ${model}`}>
                <th scope="row">{dayOf(date)}</th>
                <td>{model}</td>
                <Cells counts={counts} />
              </tr>
            )),
          )}
        </tbody>
      </table>
    </section>
  );
}

function Cells({ counts }: { counts: Counts }) {
  const { messages, input_tokens, cached_tokens, output_tokens, cost_usd, unpriced_messages } = counts;
  const unknown = unpriced_messages === messages && cost_usd === 0;
  return (
    <>
      <td>{number(messages)}</td>
      <td>{number(input_tokens)}</td>
      <td>{number(cached_tokens)}</td>
      <td>{number(output_tokens)}</td>
      <td>{unknown ? "–" : dollars(cost_usd)}</td>
    </>
  );
}
