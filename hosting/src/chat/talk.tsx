import { useEffect, useState } from "preact/hooks";
import type { Bot } from "../client/shapes";
import { Icon } from "../components/icon";
import { Notice } from "../components/notice";
import { hued } from "../hue";
import { NEW_SESSION } from "../router";
import { useStore } from "../store";
import { texts } from "../texts";
import { useTitle } from "../title";
import { Composer } from "./composer";
import type { Conversation, View } from "./conversation";
import { ChatHead } from "./head";
import { MessageView } from "./message";
import { Recap } from "./recap";
import { useFollowing } from "./use-following";
import { Waiting } from "./waiting";

/** After so many messages a conversation is one that can be concluded. */
const CONCLUDE_AFTER = 5;

type Props = { code: string; conversation: Conversation; bot: Bot | undefined };

/** A conversation on the page. */
export function Talk({ code, conversation, bot }: Props) {
  const view = useStore(conversation.view);
  const { away, catchUp } = useFollowing(view);
  const who = bot ?? view.session?.bot ?? { id: code, name: "", tag_line: "" };
  const [goingOn, setGoingOn] = useState(false);
  useTitle(who.name);
  const concluded = view.session?.status === "completed" && !goingOn;
  const canConclude = !view.busy && !concluded && view.entries.length >= CONCLUDE_AFTER;
  return (
    <div class="chat hued" style={hued(who.id)}>
      <ChatHead
        code={code}
        bot={who}
        session={view.session}
        onConclude={canConclude ? () => void conversation.end() : null}
      />
      <ol class="messages" aria-label={texts.chat.with(who.name)} aria-busy={view.busy !== null}>
        {view.entries.map((entry, at) => (
          <MessageView
            key={entry.id}
            entry={entry}
            bot={who}
            explained={view.problem !== null && at === view.entries.length - 1}
          />
        ))}
      </ol>
      {isWaiting(view) && <Waiting bot={who} reconnecting={view.reconnecting} />}
      {view.problem && <Notice error={view.problem.error} again={view.problem.again} />}
      {(concluded || view.busy === "recap") && view.recap && (
        <Recap
          name={who.name}
          recap={view.recap}
          writing={view.busy === "recap"}
          liked={view.session?.liked ?? null}
          onRate={(liked) => void conversation.rate(liked)}
          onGoOn={() => setGoingOn(true)}
        />
      )}
      <Spoken view={view} name={who.name} />
      {!concluded && (view.session || view.busy) && (
        <div class="chat-foot">
          {away && <ToLatest onPress={catchUp} />}
          <Composer
            name={who.name}
            session={view.session?.id ?? NEW_SESSION}
            busy={view.busy !== null}
            onStop={() => conversation.stop()}
            onSend={(text) => {
              catchUp();
              setGoingOn(false);
              void conversation.send(text);
            }}
          />
        </div>
      )}
    </div>
  );
}

function isWaiting(view: View): boolean {
  if (view.reconnecting) return true;
  if (view.busy === "recap") return !view.recap;
  return view.busy !== null && view.entries.at(-1)?.state !== "streaming";
}

function ToLatest({ onPress }: { onPress: () => void }) {
  return (
    <button type="button" class="to-latest" aria-label={texts.chat.latest} onClick={onPress}>
      <Icon name="down" />
    </button>
  );
}

/** For whoever listens: each reply once, whole, when it is there. */
export function Spoken({ view, name }: { view: View; name: string }) {
  const [said, setSaid] = useState("");
  const [wasBusy, setWasBusy] = useState(false);
  const busy = view.busy !== null;
  useEffect(() => {
    const last = view.entries.at(-1);
    if (wasBusy && !busy && last?.role === "assistant") setSaid(`${texts.chat.they(name)}: ${last.content}`);
    setWasBusy(busy);
  }, [busy]);
  return (
    <p class="unseen" role="log" aria-live="polite">
      {said}
    </p>
  );
}
