import { useEffect, useState } from "preact/hooks";
import { minding } from "../client/account";
import { type ApiError, toApiError } from "../client/errors";
import { Notice } from "../components/notice";
import { when } from "../format";
import { labTexts } from "../texts/lab";
import { listVersions, restoreVersion } from "./calls";
import { Compare } from "./compare";
import { Keep } from "./keep";
import type { OwnBot, Version } from "./shapes";
import { StepHead } from "./step-head";

type Props = { bot: OwnBot; onRestored: (bot: OwnBot) => void };

/** What an assistant has been so far: every version with how it fared, what changed between them, the way back. */
export function StepVersions({ bot, onRestored }: Props) {
  const { versions, more, error, load } = useVersions(bot);
  const [pair, setPair] = useState<[from: number, to: number] | null>(null);
  const [said, setSaid] = useState("");
  const [failure, setFailure] = useState<ApiError | null>(null);
  const restore = async (version: number) => {
    setFailure(null);
    try {
      onRestored(await minding(restoreVersion(bot.id, version)));
      setSaid(labTexts.versions.restored(version));
    } catch (thrown) {
      setFailure(toApiError(thrown));
    }
  };
  return (
    <>
      <StepHead title={labTexts.versions.title(bot.name)} what={labTexts.versions.what} />
      <ol class="versions" reversed aria-label={labTexts.versions.list}>
        {versions.map((version) => (
          <VersionRow
            key={version.version}
            version={version}
            current={version.version === bot.version}
            onCompare={(to) => setPair([to - 1, to])}
            onRestore={(number) => void restore(number)}
          />
        ))}
      </ol>
      {more && (
        <button type="button" class="link" onClick={more}>
          {labTexts.versions.more}
        </button>
      )}
      <p class="saved-line" role="status">
        {said}
      </p>
      {(error ?? failure) && <Notice error={(error ?? failure) as ApiError} again={error ? load : null} />}
      {pair && <Compare key={pair.join()} versions={versions} first={pair} />}
      <Keep bot={bot} />
    </>
  );
}

function useVersions(bot: OwnBot) {
  const [versions, setVersions] = useState<Version[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const load = (from: string | null) =>
    minding(listVersions(bot.id, from)).then(
      ({ data, next_cursor }) => {
        setError(null);
        setVersions((shown) => (from === null ? data : [...shown, ...data]));
        setCursor(next_cursor);
      },
      (thrown) => setError(toApiError(thrown)),
    );
  useEffect(() => void load(null), [bot.id, bot.version]);
  return {
    versions,
    error,
    load: () => void load(null),
    more: cursor === null ? null : () => void load(cursor),
  };
}

type RowProps = {
  version: Version;
  current: boolean;
  onCompare: (version: number) => void;
  onRestore: (version: number) => void;
};

function VersionRow({ version, current, onCompare, onRestore }: RowProps) {
  const { version: number, created_at, sessions_started, sessions_ended } = version;
  return (
    <li class="version" data-current={current}>
      <p>
        <strong>{labTexts.versions.version(number)}</strong>
        {current && <span class="version-now">{labTexts.versions.current}</span>}
      </p>
      <p class="whisper">
        {when(created_at)} · {labTexts.versions.counts(sessions_started, sessions_ended)}
      </p>
      <p class="version-ways">
        {number > 1 && (
          <button
            type="button"
            class="button button-quiet button-small"
            aria-label={labTexts.versions.compareOne(number)}
            onClick={() => onCompare(number)}
          >
            {labTexts.versions.compare}
          </button>
        )}
        {!current && (
          <button
            type="button"
            class="button button-quiet button-small"
            aria-label={labTexts.versions.restoreOne(number)}
            onClick={() => onRestore(number)}
          >
            {labTexts.versions.restore}
          </button>
        )}
      </p>
    </li>
  );
}
