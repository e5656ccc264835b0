import { useId, useRef, useState } from "preact/hooks";
import type { Conversation } from "../../client/conversations";
import { Notice } from "../../components/notice";
import { usageTexts } from "../../texts/usage";
import { ConversationRow } from "./conversation-row";
import { useConversations } from "./use-conversations";

const words = usageTexts.conversations;

/** Every conversation of this key, newest first, of everyone or of one assistant: read, keep, delete. */
export function Conversations() {
  const [bot, setBot] = useState<string | null>(null);
  const { sessions, more, error, loading, people, load, drop } = useConversations(bot);
  const [removed, setRemoved] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const onRemoved = (session: Conversation) => {
    drop(session);
    setRemoved(true);
    title.current?.focus();
  };
  return (
    <section class="conversations" aria-labelledby="conversations">
      <div class="conversations-head">
        <h2 id="conversations" ref={title} tabIndex={-1}>
          {words.title}
        </h2>
        {people.length > 1 && <WithChoice people={people} bot={bot} onBot={setBot} />}
      </div>
      <p class="whisper" role="status">
        {removed && words.removed}
      </p>
      <ul class="rows">
        {sessions.map((session) => (
          <ConversationRow key={session.id} session={session} onRemoved={() => onRemoved(session)} />
        ))}
      </ul>
      {error && <Notice error={error} again={load} />}
      {loading && sessions.length === 0 && <Skeleton />}
      {!loading && !error && sessions.length === 0 && <NoneYet narrowed={bot !== null} />}
      {more && !error && (
        <button type="button" class="button button-quiet" aria-disabled={loading} onClick={load}>
          {words.more}
        </button>
      )}
    </section>
  );
}

type Person = Conversation["bot"];
type ChoiceProps = { people: Person[]; bot: string | null; onBot: (bot: string | null) => void };

function WithChoice({ people, bot, onBot }: ChoiceProps) {
  const id = useId();
  return (
    <p class="with-choice">
      <label for={id}>{words.with}</label>
      <select id={id} value={bot ?? ""} onChange={(event) => onBot(event.currentTarget.value || null)}>
        <option value="">{words.everyone}</option>
        {people.map((person) => (
          <option key={person.id} value={person.id}>
            {person.name}
          </option>
        ))}
      </select>
    </p>
  );
}

const NoneYet = ({ narrowed }: { narrowed: boolean }) => (
  <div class="none-yet">
    <p>{narrowed ? words.emptyWith : words.empty}</p>
    <p class="whisper">{narrowed ? words.emptyWithWhat : words.emptyWhat}</p>
  </div>
);

function Skeleton() {
  return (
    <div class="skeleton" role="status" aria-label={words.loading}>
      <span class="bone bone-row" />
      <span class="bone bone-row" />
      <span class="bone bone-row" />
    </div>
  );
}
