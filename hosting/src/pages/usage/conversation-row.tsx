import { useState } from "preact/hooks";
import { minding } from "../../client/account";
import { deleteConversation, type TranscriptFormat, transcriptOf } from "../../client/conversations";
import { type ApiError, toApiError } from "../../client/errors";
import { saveFile } from "../../client/files";
import type { Session } from "../../client/shapes";
import { Avatar } from "../../components/avatar";
import { Confirm } from "../../components/confirm";
import { Notice } from "../../components/notice";
import { dollars, when } from "../../format";
import { hued } from "../../hue";
import { paths } from "../../router";
import { usageTexts } from "../../texts/usage";

const words = usageTexts.conversations;

type Props = { session: Session; onRemoved: () => void };

/** One conversation: with whom, when, what it came to; back into it, out as a file, away. */
export function ConversationRow({ session, onRemoved }: Props) {
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const { name } = session.bot;
  const at = when(session.updated_at);
  const remove = () => {
    setBusy(true);
    minding(deleteConversation(session.id)).then(onRemoved, (thrown) => {
      setAsking(false);
      setBusy(false);
      setError(toApiError(thrown));
    });
  };
  return (
    <li class="row hued" style={hued(session.bot.id)} data-testid="conversation">
      <Avatar id={session.bot.id} size="small" />
      <p class="row-who">
        <strong>{name}</strong> <span>{at}</span>
        <span class="whisper">{factsOf(session)}</span>
      </p>
      <div class="row-ways">
        <Onward session={session} at={at} />
        <Downloads session={session} at={at} onError={setError} />
        <button
          type="button"
          class="link"
          aria-label={words.labelled(words.remove, name, at)}
          onClick={() => setAsking(true)}
        >
          {words.remove}
        </button>
      </div>
      {error && <Notice error={error} />}
      {asking && (
        <Confirm
          title={words.removeTitle}
          what={<p>{words.removeWhat(name, at)}</p>}
          act={words.remove}
          keep={words.keep}
          busy={busy}
          onAct={remove}
          onKeep={() => setAsking(false)}
        />
      )}
    </li>
  );
}

function factsOf({ message_count, model, usage: { cost_usd }, status }: Session): string {
  const facts = [words.messages(message_count), model, cost_usd === null ? "" : dollars(cost_usd)];
  return [...facts, words.status[status]].filter(Boolean).join(" · ");
}

/** Back into it: to go on where that is possible, else to read. */
function Onward({ session, at }: { session: Session; at: string }) {
  if (session.status === "failed_upstream") return null;
  const act = session.status === "completed" ? words.read : words.resume;
  const { bot } = session;
  return (
    <a href={paths.chat(bot.id, session.id)} aria-label={words.labelled(act, bot.name, at)}>
      {act}
    </a>
  );
}

const TYPES = { csv: "text/csv", md: "text/markdown", json: "application/json" };

type DownloadProps = { session: Session; at: string; onError: (error: ApiError | null) => void };

function Downloads({ session, at, onError }: DownloadProps) {
  const save = (format: TranscriptFormat) => {
    onError(null);
    minding(transcriptOf(session.id, format)).then(
      (file) => saveFile(fileName(session, format), [file], TYPES[format]),
      (thrown) => onError(toApiError(thrown)),
    );
  };
  return (
    <details class="menu">
      <summary aria-label={words.labelled(words.download, session.bot.name, at)}>{words.download}</summary>
      <ul>
        {(["csv", "md", "json"] as const).map((format) => (
          <li key={format}>
            <button type="button" class="link" onClick={() => save(format)}>
              {words.formats[format]}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** conversation_20261121T120000Z.csv: the moment of the last word, so that two downloads are the same file. */
const fileName = ({ updated_at }: Session, format: TranscriptFormat) =>
  `conversation_${updated_at.replace(/[-:]|\.\d+/g, "")}.${format}`;
