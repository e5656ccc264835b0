import { useEffect, useState } from "preact/hooks";
import { minding } from "../client/account";
import { listSessions } from "../client/api";
import { type ApiError, toApiError } from "../client/errors";
import type { Session } from "../client/shapes";
import { Notice } from "../components/notice";
import { dollars, when } from "../format";
import { paths } from "../router";
import { texts } from "../texts";

/** An opening that nobody answered is no conversation to come back to. */
const WORTH_SHOWING = 3;

/** The visitor's earlier conversations with an assistant, newest first. Nothing at all where there are none. */
export function PastSessions({ code, bot }: { code: string; bot: string }) {
  const [sessions, setSessions] = useState<Session[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);

  const load = (from: string | null) =>
    minding(listSessions(bot, from)).then(
      ({ data, has_more, next_cursor }) => {
        setError(null);
        setSessions((shown) => (from === null ? data : [...shown, ...data]));
        setCursor(has_more ? next_cursor : null);
      },
      (thrown) => setError(toApiError(thrown)),
    );
  useEffect(() => void load(null), [bot]);

  const worth = sessions.filter((session) => session.message_count >= WORTH_SHOWING);
  if (error) return <Notice error={error} again={() => void load(cursor)} />;
  if (worth.length === 0 && cursor === null) return null;
  return (
    <section class="past" aria-labelledby="past">
      <h2 id="past" class="eyebrow">
        {texts.assistant.past}
      </h2>
      <ul>
        {worth.map((session) => (
          <PastSession key={session.id} code={code} session={session} />
        ))}
      </ul>
      {cursor !== null && (
        <button type="button" class="link" onClick={() => void load(cursor)}>
          {texts.assistant.more}
        </button>
      )}
    </section>
  );
}

function PastSession({ code, session }: { code: string; session: Session }) {
  const { assistant } = texts;
  const over = session.status === "completed";
  const date = when(session.updated_at);
  const cost = session.usage.cost_usd;
  return (
    <li>
      <a class="past-row" href={paths.chat(code, session.id)}>
        <span class="past-when">{date}</span>
        <span class="whisper">
          {[
            assistant.pastOne(session.message_count),
            session.model,
            ...(cost === null ? [] : [dollars(cost)]),
            ...(over ? [assistant.concluded] : []),
          ].join(" · ")}
        </span>
        <span class="past-go">{over ? assistant.read : assistant.resume}</span>
      </a>
    </li>
  );
}
