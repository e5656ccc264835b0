import { useEffect, useState } from "preact/hooks";
import type { Store } from "../create-store";
import { texts } from "../texts";
import type { Actions } from "./actions";
import type { Entry } from "./entries";
import { Fold, MessageView } from "./message";

/** The newest messages that are drawn at once; the ones before them follow when the browser has time. */
const AT_ONCE = 30;
const MORE = 6;

type Props = {
  entries: Entry[];
  bot: { id: string; name: string };
  writing: Store<string>;
  busy: boolean;
  /** A notice right below says already that the last one broke off. */
  explained: boolean;
  /** Null where nothing can be done to them. */
  actions: Actions | null;
};

/** What was said, oldest first. What was cleared away is folded up. */
export function Messages({ entries, bot, writing, busy, explained, actions }: Props) {
  const [unfolded, setUnfolded] = useState(false);
  const cleared = entries.filter((entry) => entry.cleared);
  const shown = entries.filter((entry) => !entry.cleared);
  const from = useGradually(shown.length);
  return (
    <ol class="messages" aria-label={texts.chat.with(bot.name)} aria-busy={busy}>
      {cleared.length > 0 && unfolded && <Read entries={cleared} bot={bot} writing={writing} />}
      {cleared.length > 0 && (
        <Fold>
          {texts.chat.cleared(bot.name)}{" "}
          {!unfolded && (
            <button type="button" class="link" onClick={() => setUnfolded(true)}>
              {texts.chat.clearedShow(cleared.length)}
            </button>
          )}
        </Fold>
      )}
      {shown.slice(from).map((entry, at) => {
        const last = from + at === shown.length - 1;
        return (
          <MessageView
            key={entry.id}
            entry={entry}
            bot={bot}
            writing={writing}
            last={last && shown.length > 1}
            explained={last && explained}
            actions={actions}
          />
        );
      })}
    </ol>
  );
}

/** Messages to be read only. */
function Read({ entries, bot, writing }: Pick<Props, "entries" | "bot" | "writing">) {
  return entries.map((entry) => (
    <MessageView
      key={entry.id}
      entry={entry}
      bot={bot}
      writing={writing}
      last={false}
      explained={false}
      actions={null}
    />
  ));
}

/** From which message on a long list is drawn: the end at once, then more and more, so that nobody waits for it. */
function useGradually(count: number): number {
  const [drawn, setDrawn] = useState(AT_ONCE);
  const rest = count - drawn;
  useEffect(() => {
    if (rest <= 0) return;
    const go = () => setDrawn(drawn + MORE);
    if (typeof requestIdleCallback !== "function") {
      const timer = setTimeout(go, 50);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(go, { timeout: 500 });
    return () => cancelIdleCallback(idle);
  }, [drawn, rest > 0]);
  return Math.max(rest, 0);
}
