import { useId, useState } from "preact/hooks";
import { type ApiError, toApiError } from "../../client/errors";
import { type ExportFile, type Imported, importAll, readExport } from "../../client/import";
import { wordsFor } from "../../components/notice";
import { Part } from "../../components/part";
import { accountTexts } from "../../texts/account";
import { ImportOutcome } from "./import-outcome";
import { useAbort } from "./use-abort";

const words = accountTexts.imports;

type Problem = { stopped: boolean; said: string };

/** Brings the conversations of a file in, one by one. */
export function ImportConversations() {
  const [file, setFile] = useState<ExportFile | null>(null);
  const [remake, setRemake] = useState(false);
  const [progress, setProgress] = useState<number | null>(null);
  const [outcome, setOutcome] = useState<Imported | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const abort = useAbort();
  const id = useId();

  const choose = async (chosen: File | undefined) => {
    setOutcome(null);
    setProblem(null);
    setRemake(false);
    const read = chosen ? readExport(await chosen.text()) : null;
    setFile(read);
    if (chosen && !read) setProblem({ stopped: false, said: words.notOurs });
  };
  const bring = async (from: ExportFile) => {
    setProgress(0);
    setOutcome(null);
    setProblem(null);
    try {
      setOutcome(await importAll(from, { remake, signal: abort.signal(), onProgress: setProgress }));
    } catch (thrown) {
      setProblem(problemOf(toApiError(thrown)));
    } finally {
      setProgress(null);
    }
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (progress !== null) return;
    if (file) void bring(file);
    else setProblem({ stopped: false, said: problem?.said ?? words.none });
  };

  return (
    <Part id="import" title={words.title} what={words.what}>
      <form class="part-form" onSubmit={onSubmit} noValidate>
        <label for={id}>{words.label}</label>
        <input
          id={id}
          class="input"
          type="file"
          accept="application/json,.json"
          aria-describedby={`${id}-error`}
          onChange={(event) => void choose(event.currentTarget.files?.[0])}
        />
        {file && <Contents file={file} remake={remake} onRemake={setRemake} />}
        <p id={`${id}-error`} class="field-error" role="alert">
          {problem && !problem.stopped && problem.said}
        </p>
        {progress === null || !file ? (
          <button type="submit" class="button button-quiet">
            {words.start}
          </button>
        ) : (
          <Progress done={progress} of={file.sessions.length} onStop={abort.stop} />
        )}
        <div class="done" role="status">
          {problem?.stopped && <p>{problem.said}</p>}
          {outcome && <ImportOutcome outcome={outcome} />}
        </div>
      </form>
    </Part>
  );
}

const problemOf = (error: ApiError): Problem =>
  error.code === "stopped"
    ? { stopped: true, said: words.stopped }
    : { stopped: false, said: words.whatFailed(wordsFor(error)) };

type ContentsProps = { file: ExportFile; remake: boolean; onRemake: (remake: boolean) => void };

function Contents({ file: { sessions, bots }, remake, onRemake }: ContentsProps) {
  const hintId = useId();
  return (
    <>
      <p>{words.contents(sessions.length, bots.length)}</p>
      {bots.length > 0 && (
        <div>
          <label class="check">
            <input
              type="checkbox"
              checked={remake}
              aria-describedby={hintId}
              onChange={(event) => onRemake(event.currentTarget.checked)}
            />
            <span>{words.remake(bots.length)}</span>
          </label>
          <p id={hintId} class="hint check-hint">
            {words.remakeHint}
          </p>
        </div>
      )}
    </>
  );
}

function Progress({ done, of, onStop }: { done: number; of: number; onStop: () => void }) {
  return (
    <div class="progress">
      <progress max={of} value={done} aria-label={words.title} />
      <span class="whisper">{words.busy(done, of)}</span>
      <button type="button" class="link" onClick={onStop}>
        {words.stop}
      </button>
    </div>
  );
}
