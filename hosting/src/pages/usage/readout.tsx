import type { Counts, ModelUsage } from "../../client/usage";
import { dollars } from "../../format";
import { usageTexts } from "../../texts/usage";
import { type Bar, tokensOf } from "./bars";
import { modelHue } from "./colours";

const utc = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
const long = utc({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const middle = utc({ day: "numeric", month: "short", year: "numeric" });
const short = utc({ day: "numeric", month: "short" });

/** "21 Nov". */
export const shortDay = (date: string) => short.format(new Date(date));
/** "21 Nov 2026". */
export const dayOf = (date: string) => middle.format(new Date(date));

/** The first and the last day of a bar, as words. */
export const spanOfBar = (bar: Bar | undefined) => ({
  from: bar ? dayOf(bar.from) : "",
  to: bar ? dayOf(bar.to) : "",
});

function nameOf(bar: Bar): string {
  const { from, to } = spanOfBar(bar);
  return bar.from === bar.to ? long.format(new Date(bar.from)) : usageTexts.week(from, to);
}

const { figures } = usageTexts;
const inWords = (counts: Counts) =>
  [
    dollars(counts.cost_usd),
    `${usageTexts.number(tokensOf(counts))} ${figures.tokens(tokensOf(counts))}`,
    `${usageTexts.number(counts.messages)} ${figures.messages(counts.messages)}`,
  ].join(" · ");

/** A bar as one sentence, for those who do not see it. */
export const readingOf = (bar: Bar | undefined) => (bar ? `${nameOf(bar)}: ${inWords(bar.total)}` : "");

type Props = { bar: Bar | null; sum: Pick<Bar, "total" | "models"> };

/** What the bar that is pointed at stands for, or all of them; the rows stay where they are. */
export function Readout({ bar, sum }: Props) {
  const used = (model: string) => (bar ?? sum).models.find((one) => one.model === model);
  return (
    <div class="readout" data-testid="readout">
      <p class="readout-head">
        <strong>{bar ? nameOf(bar) : usageTexts.allDays}</strong> <span>{inWords((bar ?? sum).total)}</span>
      </p>
      <ul>
        {sum.models.map(({ model }, rank) => (
          <li key={model} class="hued" style={modelHue(rank)}>
            <span class="swatch" aria-hidden="true" />
            <span class="readout-model">{model}</span>
            <span class="whisper">{wordsFor(used(model))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const wordsFor = (used: ModelUsage | undefined) => (used ? inWords(used) : "–");
