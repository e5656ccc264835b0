import { useMemo, useState } from "preact/hooks";
import { saveFile } from "../../client/files";
import type { Counts, UsageReport } from "../../client/usage";
import { Empty } from "../../components/notice";
import { dollars } from "../../format";
import { paths } from "../../router";
import { usageTexts } from "../../texts/usage";
import { barsOf, type Measure, sumOf, tokensOf } from "./bars";
import { Chart } from "./chart";
import { csvOf } from "./csv";
import { Readout } from "./readout";
import { UsageTable } from "./table";

/** The figures of a span of days: in total, as a chart, as a table, as a file. */
export function Report({ report, measure }: { report: UsageReport; measure: Measure }) {
  const bars = useMemo(() => barsOf(report), [report]);
  const sum = useMemo(() => sumOf(bars), [bars]);
  const [at, setAt] = useState<number | null>(null);
  if (sum.total.messages === 0) return <NothingUsed />;
  return (
    <>
      <Figures totals={report.totals} />
      <Chart bars={bars} models={sum.models} measure={measure} at={at} onAt={setAt} />
      <Readout bar={at === null ? null : (bars[at] ?? null)} sum={sum} />
      <details class="used-table">
        <summary>{usageTexts.table}</summary>
        <UsageTable days={report.days} />
      </details>
      <p class="used-foot">
        <button type="button" class="button button-quiet button-small" onClick={() => saveCsv(report)}>
          {usageTexts.csv}
        </button>
        <span class="whisper">
          {usageTexts.utc} <a href={`${paths.account}#app-keys`}>{usageTexts.appKeys}</a>
        </span>
      </p>
    </>
  );
}

const saveCsv = (report: UsageReport) =>
  saveFile(`usage_${report.from}_${report.to}.csv`, [csvOf(report.days)], "text/csv;charset=utf-8");

function Figures({ totals }: { totals: Counts }) {
  const { figures } = usageTexts;
  return (
    <>
      <ul class="figures" data-testid="figures">
        <li>
          <strong>{dollars(totals.cost_usd)}</strong> {figures.cost}
        </li>
        <li>
          <strong>{usageTexts.number(tokensOf(totals))}</strong> {figures.tokens(tokensOf(totals))}
        </li>
        <li>
          <strong>{usageTexts.number(totals.messages)}</strong> {figures.messages(totals.messages)}
        </li>
      </ul>
      {totals.unpriced_messages > 0 && <p class="hint">{usageTexts.unpriced(totals.unpriced_messages)}</p>}
    </>
  );
}

function NothingUsed() {
  return (
    <Empty title={usageTexts.empty} what={usageTexts.emptyWhat}>
      <a class="button" href={paths.lounge}>
        {usageTexts.emptyGo}
      </a>
    </Empty>
  );
}

/** The shape of figures that are on their way. */
export function ReportSkeleton() {
  return (
    <div class="skeleton" role="status" aria-label={usageTexts.loading}>
      <span class="bone bone-title" />
      <span class="bone bone-chart" />
    </div>
  );
}
