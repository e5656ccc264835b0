import { useState } from "preact/hooks";
import { type ApiError, toApiError } from "../../client/errors";
import { exportAccount } from "../../client/export";
import { saveFile } from "../../client/files";
import { Notice } from "../../components/notice";
import { Part } from "../../components/part";
import { accountTexts } from "../../texts/account";
import { useAbort } from "./use-abort";

const words = accountTexts.exports;

/** Everything of the account as one file. */
export function ExportAccount() {
  const [said, setSaid] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const abort = useAbort();
  const download = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    setSaid([words.busy(0)]);
    try {
      const { file, conversations, damaged } = await exportAccount(abort.signal(), (n) =>
        setSaid([words.busy(n)]),
      );
      const today = new Date().toISOString().slice(0, 10);
      saveFile(`gptlab-account_${today}.json`, file, "application/json");
      setSaid([words.done(conversations), ...(damaged > 0 ? [words.damaged(damaged)] : [])]);
    } catch (thrown) {
      setSaid([]);
      setError(toApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Part id="export" title={words.title} what={words.what}>
      <button type="button" class="button button-quiet" aria-disabled={busy} onClick={() => void download()}>
        {words.start}
      </button>
      <div class="done" role="status">
        {said.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {error && <Notice error={error} />}
    </Part>
  );
}
