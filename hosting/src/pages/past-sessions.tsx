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
/** So many pages are read by themselves when they hold nothing worth showing. */
const PAGES_AT_ONCE = 3;

type Shown = { sessions: Session[]; cursor: string | null };

/** The visitor's earlier conversations with an assistant, newest first. Nothing at all where there are none. */
export function PastSessions({ code, bot }: { code: string; bot: string }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  const load = async (from: Shown | null) => {
    setBusy(true);
    try {
      setShown(await loadMore(bot, from));
      setError(null);
    } catch (thrown) {
      setError(toApiError(thrown));
    }
    setBusy(false);
  };
  useEffect(() => void load(null), [bot]);

  if (!shown) return error ? <Notice error={error} again={() => void load(null)} /> : <Looking />;
  if (shown.sessions.length === 0 && shown.cursor === null) return null;
  return (
    <section class="past" aria-labelledby="past">
      <h2 id="past" class="eyebrow">
        {texts.assistant.past}
      </h2>
      <ul>
        {shown.sessions.map((session) => (
          <PastSession key={session.id} code={code} session={session} />
        ))}
      </ul>
      {error && <Notice error={error} again={() => void load(shown)} />}
      {shown.cursor !== null && !error && (
        <button
          type="button"
          class="link past-more"
          aria-disabled={busy}
          onClick={() => busy || void load(shown)}
        >
          {busy ? texts.assistant.looking : texts.assistant.more}
        </button>
      )}
    </section>
  );
}

/** The next page that holds something, after what is shown. */
async function loadMore(bot: string, shown: Shown | null): Promise<Shown> {
  let cursor = shown?.cursor ?? null;
  for (let page = 0; page < PAGES_AT_ONCE; page++) {
    const { data, has_more, next_cursor } = await minding(listSessions(bot, cursor));
    const more = data.filter(({ message_count }) => message_count >= WORTH_SHOWING);
    cursor = has_more ? next_cursor : null;
    if (more.length > 0 || cursor === null)
      return { sessions: [...(shown?.sessions ?? []), ...more], cursor };
  }
  return { sessions: shown?.sessions ?? [], cursor };
}

function Looking() {
  return (
    <div class="past skeleton" role="status" aria-label={texts.assistant.looking}>
      <span class="bone bone-line bone-short" />
      <span class="bone bone-line" />
    </div>
  );
}

function PastSession({ code, session }: { code: string; session: Session }) {
  const { assistant } = texts;
  const over = session.status === "completed";
  const cost = session.usage.cost_usd;
  const facts = [
    assistant.pastOne(session.message_count),
    session.model,
    ...(cost === null ? [] : [dollars(cost)]),
    ...(over ? [assistant.concluded] : []),
  ];
  return (
    <li>
      <a class="past-row" href={paths.chat(code, session.id)}>
        <span class="past-when">{when(session.updated_at)}</span>
        <span class="whisper">{facts.join(" · ")}</span>
        <span class="past-go">{over ? assistant.read : assistant.resume}</span>
      </a>
    </li>
  );
}
