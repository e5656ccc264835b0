import { useEffect, useRef, useState } from "preact/hooks";
import { minding } from "../../client/account";
import { type Conversation, listConversations } from "../../client/conversations";
import { type ApiError, toApiError } from "../../client/errors";

type State = { sessions: Conversation[]; cursor: string | null; error: ApiError | null; loading: boolean };

const START: State = { sessions: [], cursor: null, error: null, loading: true };

/** The conversations loaded so far, and everyone that was met in them; `load` brings the next page. */
export function useConversations(bot: string | null) {
  const [state, setState] = useState<State>(START);
  const [people, setPeople] = useState<Conversation["bot"][]>([]);
  const asked = useRef(bot);

  const load = (from: string | null) => {
    setState((before) => ({ ...(from === null ? START : before), loading: true, error: null }));
    minding(listConversations(bot, from)).then(
      ({ data, has_more, next_cursor }) => {
        if (asked.current !== bot) return;
        const cursor = has_more ? next_cursor : null;
        setState((before) => ({
          sessions: from === null ? data : [...before.sessions, ...data],
          cursor,
          error: null,
          loading: false,
        }));
        setPeople((met) => meet(met, data));
      },
      (thrown) => {
        if (asked.current === bot) {
          setState((before) => ({ ...before, loading: false, error: toApiError(thrown) }));
        }
      },
    );
  };
  useEffect(() => {
    asked.current = bot;
    load(null);
  }, [bot]);

  return {
    ...state,
    people,
    more: state.cursor !== null,
    load: () => !state.loading && load(state.cursor),
    /** Takes one out of the list that was deleted. */
    drop: (gone: Conversation) =>
      setState((before) => ({ ...before, sessions: before.sessions.filter(({ id }) => id !== gone.id) })),
  };
}

function meet(met: Conversation["bot"][], sessions: Conversation[]): Conversation["bot"][] {
  const byId = new Map(met.map((bot) => [bot.id, bot]));
  for (const { bot } of sessions) if (!byId.has(bot.id)) byId.set(bot.id, bot);
  return [...byId.values()].sort((a, b) => a.name.localeCompare(b.name));
}
