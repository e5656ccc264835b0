import { useState } from "preact/hooks";
import { type ApiError, toApiError } from "../../client/errors";
import { saveFile } from "../../client/files";
import { makeRecoveryCode } from "../../client/my-account";
import { CopyButton } from "../../components/copy-button";
import { Notice } from "../../components/notice";
import { Part } from "../../components/part";
import { paths } from "../../router";
import { accountTexts } from "../../texts/account";

const words = accountTexts.recovery;

/** The way back for a lost key: a code that is shown once and replaces the one before. */
export function MakeRecoveryCode() {
  const [code, setCode] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const make = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      setCode(await makeRecoveryCode());
    } catch (thrown) {
      setError(toApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Part id="recovery" title={words.title} what={words.what}>
      <div role="status">{code && <Code code={code} />}</div>
      {error && <Notice error={error} />}
      <button type="button" class="button button-quiet" aria-disabled={busy} onClick={() => void make()}>
        {code ? words.makeAnother : words.make}
      </button>
    </Part>
  );
}

function Code({ code }: { code: string }) {
  const save = () =>
    saveFile(
      "gptlab-recovery-code.txt",
      [words.file(code, location.origin + paths.recover)],
      "text/plain;charset=utf-8",
    );
  return (
    <div class="shown-once">
      <p>
        <strong>{words.once}</strong> {words.keep}
      </p>
      <p class="secret">
        <code data-testid="recovery-code">{code}</code>
      </p>
      <p class="shown-once-ways">
        <CopyButton text={() => code} label={words.copy} />
        <button type="button" class="tool" onClick={save}>
          {words.save}
        </button>
      </p>
    </div>
  );
}
