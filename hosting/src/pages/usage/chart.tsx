import type { ModelUsage } from "../../client/usage";
import { usageTexts } from "../../texts/usage";
import { type Bar, dollarsInSteps, type Measure, measured, ticksFor } from "./bars";
import { modelHue } from "./colours";
import { readingOf, shortDay, spanOfBar } from "./readout";

type Props = {
  bars: Bar[];
  /** In the order in which they are stacked. */
  models: ModelUsage[];
  measure: Measure;
  at: number | null;
  onAt: (at: number | null) => void;
};

/** Bars of what was used, stacked by model. Point at one, tap it, or walk them with the arrow keys. */
export function Chart({ bars, models, measure, at, onAt }: Props) {
  const ticks = ticksFor(Math.max(...bars.map(({ total }) => measured(total, measure))));
  const top = ticks.at(-1) || 1;
  const last = bars.length - 1;
  const point = (event: PointerEvent) => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    onAt(Math.min(last, Math.max(0, Math.floor(((event.clientX - left) / width) * bars.length))));
  };
  return (
    <div class="chart">
      <input
        class="unseen chart-scrub"
        type="range"
        min={0}
        max={last}
        value={at ?? last}
        aria-label={usageTexts.scrub}
        aria-valuetext={readingOf(bars[at ?? last])}
        onFocus={() => onAt(at ?? last)}
        onBlur={() => onAt(null)}
        onInput={(event) => onAt(Number(event.currentTarget.value))}
      />
      <Axis ticks={ticks} top={top} measure={measure} />
      <svg
        class="chart-bars"
        viewBox={`0 0 ${bars.length} 100`}
        preserveAspectRatio="none"
        role="img"
        aria-label={usageTexts.chart(spanOfBar(bars[0]).from, spanOfBar(bars[last]).to)}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={(event) => event.pointerType === "mouse" && onAt(null)}
      >
        {ticks.slice(1).map((tick) => (
          <line
            key={tick}
            class="chart-line"
            x1={0}
            x2={bars.length}
            y1={yOf(tick, top)}
            y2={yOf(tick, top)}
          />
        ))}
        {at !== null && <rect class="chart-here" x={at} y={0} width={1} height={100} />}
        {bars.map((bar, i) => (
          <Stack key={bar.from} bar={bar} x={i} models={models} measure={measure} top={top} />
        ))}
      </svg>
      <DayLabels bars={bars} />
    </div>
  );
}

const yOf = (value: number, top: number) => 100 - (value / top) * 100;

const BAR_WIDTH = 0.72;
/** Of a hundred: so that the cheapest day can be seen, too, and one model from the next. */
const LOWEST = 0.7;
const GAP = 0.5;

type StackProps = Pick<Props, "models" | "measure"> & { bar: Bar; x: number; top: number };

function Stack({ bar, x, models, measure, top }: StackProps) {
  let y = 100;
  return (
    <>
      {models.map(({ model }, rank) => {
        const used = bar.models.find((one) => one.model === model);
        const value = used ? measured(used, measure) : 0;
        if (value <= 0) return null;
        const height = Math.max(LOWEST, (value / top) * 100);
        const gap = y < 100 ? GAP : 0;
        y -= height + gap;
        const place = { x: x + (1 - BAR_WIDTH) / 2, y, width: BAR_WIDTH, height };
        return <rect key={model} class="chart-bar hued" style={modelHue(rank)} {...place} />;
      })}
    </>
  );
}

function Axis({ ticks, top, measure }: { ticks: number[]; top: number; measure: Measure }) {
  const show = measure === "cost" ? dollarsInSteps(ticks[1] ?? 1) : usageTexts.number;
  return (
    <div class="chart-axis" aria-hidden="true">
      {ticks.map((tick) => (
        <span key={tick} style={{ "--at": String(tick / top) }}>
          {show(tick)}
        </span>
      ))}
    </div>
  );
}

/** The first, the middle and the last day: enough to find one's way. */
function DayLabels({ bars }: { bars: Bar[] }) {
  const middle = bars.length > 4 ? [bars[Math.floor((bars.length - 1) / 2)]] : [];
  const last = bars.length > 1 ? [bars.at(-1)?.to] : [];
  const days = [bars[0]?.from, ...middle.map((bar) => bar?.from), ...last];
  return (
    <div class="chart-days" aria-hidden="true">
      {days.map((day) => day && <span key={day}>{shortDay(day)}</span>)}
    </div>
  );
}
