import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { labTexts } from "../texts/lab";
import { compareTexts, type Piece } from "./diff";
import type { ModelConfig, Version } from "./shapes";

type Props = { versions: Version[]; first: [from: number, to: number] };

/** Two versions beside each other in one text: what went is struck, what came is marked. */
export function Compare({ versions, first }: Props) {
  const [from, setFrom] = useState(first[0]);
  const [to, setTo] = useState(first[1]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const of = (number: number) => versions.find(({ version }) => version === number);
  const [older, newer] = [of(from), of(to)];
  return (
    <section class="compare sheet" aria-labelledby="compare">
      <h2 id="compare" ref={heading} tabIndex={-1}>
        {labTexts.versions.compare}
      </h2>
      <div class="compare-pair">
        <Choice label={labTexts.versions.from} versions={versions} value={from} onChoose={setFrom} />
        <Choice label={labTexts.versions.to} versions={versions} value={to} onChoose={setTo} />
      </div>
      {older && newer && <Changes older={older} newer={newer} />}
    </section>
  );
}

type ChoiceProps = {
  label: string;
  versions: Version[];
  value: number;
  onChoose: (version: number) => void;
};

function Choice({ label, versions, value, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <p>
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        {versions.map(({ version }) => (
          <option key={version} value={version}>
            {labTexts.versions.version(version)}
          </option>
        ))}
      </select>
    </p>
  );
}

function Changes({ older, newer }: { older: Version; newer: Version }) {
  const parts = [
    [labTexts.versions.prompt, older.initial_prompt, newer.initial_prompt],
    [labTexts.versions.summary, older.summary_prompt, newer.summary_prompt],
    [labTexts.versions.settings, settings(older.model_config), settings(newer.model_config)],
  ] as const;
  const changed = parts.filter(([, before, after]) => before !== after);
  if (changed.length === 0) return <p role="status">{labTexts.versions.same}</p>;
  return (
    <>
      {changed.map(([name, before, after]) => (
        <div key={name} class="change">
          <h3 class="eyebrow">{name}</h3>
          <Difference from={before} to={after} />
        </div>
      ))}
    </>
  );
}

const settings = (config: ModelConfig) =>
  Object.entries(config)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${value}`)
    .join("\n");

function Difference({ from, to }: { from: string; to: string }) {
  const pieces = useMemo(() => compareTexts(from, to), [from, to]);
  return (
    <p class="difference">
      {pieces.map((piece, at) => (
        <Words key={at} piece={piece} first={at === 0} last={at === pieces.length - 1} />
      ))}
    </p>
  );
}

/** So many characters of what stayed the same are shown beside a change; the rest is told by its length. */
const CONTEXT = 160;

function Words({ piece, first, last }: { piece: Piece; first: boolean; last: boolean }) {
  const { kind, text } = piece;
  if (kind === "same") return <Same text={text} head={first ? 0 : CONTEXT} tail={last ? 0 : CONTEXT} />;
  const Mark = kind === "added" ? "ins" : "del";
  return (
    <Mark>
      <span class="unseen">{kind === "added" ? labTexts.versions.added : labTexts.versions.removed}: </span>
      {text}
    </Mark>
  );
}

function Same({ text, head, tail }: { text: string; head: number; tail: number }) {
  const hidden = text.length - head - tail;
  if (hidden < CONTEXT) return <>{text}</>;
  return (
    <>
      {text.slice(0, head)}
      <span class="difference-gap whisper">{labTexts.versions.gap(hidden)}</span>
      {text.slice(text.length - tail)}
    </>
  );
}
