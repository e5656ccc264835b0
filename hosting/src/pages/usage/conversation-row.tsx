import { useState } from "preact/hooks";
import { minding } from "../../client/account";
import { type FileFormat, saveTranscript } from "../../client/api";
import { type Conversation, deleteConversation } from "../../client/conversations";
import { type ApiError, toApiError } from "../../client/errors";
import { Avatar } from "../../components/avatar";
import { Confirm } from "../../components/confirm";
import { Menu } from "../../components/menu";
import { Notice } from "../../components/notice";
import { dollars, when } from "../../format";
import { hued } from "../../hue";
import { paths } from "../../router";
import { usageTexts } from "../../texts/usage";

const words = usageTexts.conversations;

type Props = { session: Conversation; onRemoved: () => void };

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

function factsOf({ message_count, model, usage: { cost_usd }, status }: Conversation): string {
  const facts = [words.messages(message_count), model, cost_usd === null ? "" : dollars(cost_usd)];
  return [...facts, words.status[status]].filter(Boolean).join(" · ");
}

/** Back into it: to go on where that is possible, else to read. */
function Onward({ session, at }: { session: Conversation; at: string }) {
  if (session.status === "failed_upstream") return null;
  const act = session.status === "completed" ? words.read : words.resume;
  const { bot } = session;
  return (
    <a href={paths.chat(bot.id, session.id)} aria-label={words.labelled(act, bot.name, at)}>
      {act}
    </a>
  );
}

type DownloadProps = { session: Conversation; at: string; onError: (error: ApiError | null) => void };

function Downloads({ session, at, onError }: DownloadProps) {
  const save = (format: FileFormat) => {
    onError(null);
    minding(saveTranscript(session.id, format)).catch((thrown) => onError(toApiError(thrown)));
  };
  return (
    <Menu
      label={words.labelled(words.download, session.bot.name, at)}
      look="link"
      button={words.download}
      place="below-row"
    >
      {(close) =>
        (["csv", "md", "json"] as const).map((format) => (
          <button
            key={format}
            type="button"
            class="menu-item"
            onClick={() => {
              close();
              save(format);
            }}
          >
            {words.formats[format]}
          </button>
        ))
      }
    </Menu>
  );
}
