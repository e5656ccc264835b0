import "../../styles/own.css";
import "../../styles/usage.css";
import { useState } from "preact/hooks";
import { key } from "../../client/key";
import { readUsage } from "../../client/usage";
import { useLoad } from "../../client/use-load";
import { KeyNeeded } from "../../components/key-needed";
import { Notice } from "../../components/notice";
import { address } from "../../router";
import { useStore } from "../../store";
import { usageTexts } from "../../texts/usage";
import { useTitle } from "../../title";
import { OwnTabs } from "../account/tabs";
import type { Measure } from "./bars";
import { Conversations } from "./conversations";
import { MeasureChoice, RangeChoice } from "./range";
import { Report, ReportSkeleton } from "./report";
import { dateOf, type Span, spanOf } from "./span";

/** What a key has used, day by day, and all its conversations. */
export function UsagePage() {
  const signedIn = useStore(key) !== null;
  useTitle(usageTexts.title);
  if (!signedIn) return <KeyNeeded title={usageTexts.keyTitle} what={usageTexts.keyWhat} />;
  return (
    <>
      <header class="page-head">
        <h1 class="display">{usageTexts.title}</h1>
        <p class="lede">{usageTexts.what}</p>
        <OwnTabs here="usage" />
      </header>
      <Used />
      <Conversations />
    </>
  );
}

function Used() {
  const span = spanOf(new URL(useStore(address)), dateOf(Date.now()));
  const [measure, setMeasure] = useState<Measure>("cost");
  return (
    <section class="used" aria-label={usageTexts.title}>
      <div class="used-choices">
        <RangeChoice span={span} />
        <MeasureChoice measure={measure} onMeasure={setMeasure} />
      </div>
      <Days key={`${span.from} ${span.to}`} span={span} measure={measure} />
    </section>
  );
}

function Days({ span: { from, to }, measure }: { span: Span; measure: Measure }) {
  const { data, error, reload } = useLoad(() => readUsage(from, to), [from, to]);
  if (error) return <Notice error={error} again={reload} />;
  return data ? <Report report={data} measure={measure} /> : <ReportSkeleton />;
}
