import { useState } from "preact/hooks";
import { type ApiError, toApiError } from "../../client/errors";
import { type ExportFile, type Imported, importAll, readExport } from "../../client/import";
import { wordsFor } from "../../components/notice";
import { accountTexts } from "../../texts/account";
import { useAbort } from "./use-abort";

const words = accountTexts.imports;

/** What stands in the way; `stopped` was the visitor's own wish. */
type Problem = { stopped: boolean; said: string };

/** A chosen file and what becomes of it: how far it is, what came of it, what went wrong. */
export function useImport() {
  const [file, setFile] = useState<ExportFile | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const [outcome, setOutcome] = useState<Imported | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const abort = useAbort();
  const begin = () => {
    setOutcome(null);
    setProblem(null);
  };
  return {
    file,
    progress,
    outcome,
    problem,
    stop: abort.stop,
    async choose(chosen: File | undefined) {
      begin();
      const read = chosen ? readExport(await chosen.text()) : null;
      setFile(read);
      if (chosen && !read) setProblem({ stopped: false, said: words.notOurs });
    },
    async bring(remake: boolean) {
      if (progress !== null) return;
      if (!file) return setProblem(problem ?? { stopped: false, said: words.none });
      begin();
      setProgress(0);
      try {
        setOutcome(await importAll(file, { remake, signal: abort.signal(), onProgress: setProgress }));
      } catch (thrown) {
        setProblem(problemOf(toApiError(thrown)));
      } finally {
        setProgress(null);
      }
    },
  };
}

const problemOf = (error: ApiError): Problem =>
  error.code === "stopped"
    ? { stopped: true, said: words.stopped }
    : { stopped: false, said: words.whatFailed(wordsFor(error)) };
