import { useId, useState } from "preact/hooks";
import type { ExportFile } from "../../client/import";
import { Part } from "../../components/part";
import { accountTexts } from "../../texts/account";
import { ImportOutcome } from "./import-outcome";
import { useImport } from "./use-import";

const words = accountTexts.imports;

/** Brings the conversations of a file in, one by one. */
export function ImportConversations() {
  const { file, progress, outcome, problem, choose, bring, stop } = useImport();
  const [remake, setRemake] = useState(false);
  const id = useId();
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void bring(remake);
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
          onChange={(event) => {
            setRemake(false);
            void choose(event.currentTarget.files?.[0]);
          }}
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
          <Progress done={progress} of={file.sessions.length} onStop={stop} />
        )}
        <div class="done" role="status">
          {problem?.stopped && <p>{problem.said}</p>}
          {outcome && <ImportOutcome outcome={outcome} />}
        </div>
      </form>
    </Part>
  );
}

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
