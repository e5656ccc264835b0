import { useEffect, useState } from "preact/hooks";
import { type FileFormat, saveTranscript } from "../client/api";
import { ApiError } from "../client/errors";
import type { Bot } from "../client/shapes";
import { Notice } from "../components/notice";
import { hued } from "../hue";
import { navigate, paths } from "../router";
import { useStore } from "../store";
import { texts } from "../texts";
import { useTitle } from "../title";
import { useActions } from "./actions";
import { focusComposer } from "./composer";
import type { Conversation } from "./conversation";
import { isCutShort } from "./entries";
import { ChatFoot } from "./foot";
import { ChatHead } from "./head";
import { Messages } from "./messages";
import { Recap } from "./recap";
import { Spoken } from "./spoken";
import { useFollowing } from "./use-following";
import type { View } from "./view";
import { Waiting } from "./waiting";

/** After so many messages a conversation is one that can be concluded. */
const CONCLUDE_AFTER = 5;

type Props = { code: string; conversation: Conversation; bot: Bot | undefined };

/** A conversation on the page. */
export function Talk({ code, conversation, bot }: Props) {
  const view = useStore(conversation.view);
  const { away, catchUp } = useFollowing();
  const [goingOn, setGoingOn] = useState(false);
  const who = bot ?? view.session?.bot ?? { id: code, name: "", tag_line: "" };
  useTitle(who.name);
  useFreshness(conversation);
  const actions = useActions(conversation, () => {
    catchUp();
    // What was pressed goes away; the next thing to do is to write.
    focusComposer(document);
  });
  const concluded = view.session?.status === "completed" && !goingOn;
  const cutShort =
    view.busy === null &&
    (view.problem?.error.code === "session_ended" || isCutShort(view.session, view.entries));
  const over = bot?.active === false || cutShort;
  const open = !concluded && !over;
  return (
    <div class="chat hued" style={hued(who.id)}>
      <Head code={code} who={who} view={view} conversation={conversation} open={open} />
      <Messages
        entries={view.entries}
        bot={who}
        writing={conversation.writing}
        busy={view.busy !== null}
        explained={view.problem !== null}
        actions={open ? actions : null}
      />
      {isWaiting(view) && (
        <Waiting
          bot={who}
          reconnecting={view.reconnecting}
          elsewhere={view.elsewhere && view.busy === null}
        />
      )}
      <Troubles code={code} view={view} cutShort={cutShort} down={bot?.active === false} />
      {(concluded || view.busy === "recap") && (
        <Ending
          name={who.name}
          view={view}
          conversation={conversation}
          onGoOn={over ? null : () => setGoingOn(true)}
        />
      )}
      <Spoken name={who.name} busy={view.busy !== null} writing={conversation.writing} />
      {open && (view.session || view.busy) && (
        <ChatFoot
          name={who.name}
          conversation={conversation}
          view={view}
          away={away}
          onCatchUp={catchUp}
          onSend={(text) => {
            setGoingOn(false);
            catchUp();
            void conversation.send(text);
          }}
        />
      )}
    </div>
  );
}

type PartProps = { view: View; conversation: Conversation };
type HeadProps = PartProps & {
  code: string;
  who: { id: string; name: string; tag_line: string };
  open: boolean;
};

function Head({ code, who, view, conversation, open }: HeadProps) {
  const { session, busy, entries } = view;
  const free = open && busy === null && session !== null;
  const options = {
    onDownload: (format: FileFormat) => save(conversation, format),
    onClear: free && entries.length > 1 ? () => void conversation.clear() : null,
    onLeave: free ? () => void leave(conversation) : null,
  };
  const canConclude = free && entries.length >= CONCLUDE_AFTER;
  return (
    <ChatHead
      code={code}
      bot={who}
      session={session}
      onConclude={canConclude ? () => void conversation.end() : null}
      {...(session ? { options } : {})}
    />
  );
}

/** Told before somebody writes into a conversation that cannot go on. */
const ENDED = { error: new ApiError("session_ended", ""), again: null };

type TroublesProps = { code: string; view: View; cutShort: boolean; down: boolean };

/** What went wrong, and where it goes on if not here. */
function Troubles({ code, view, cutShort, down }: TroublesProps) {
  const problem = view.problem ?? (cutShort && !down ? ENDED : null);
  return (
    <>
      {problem && (
        <Notice error={problem.error} again={problem.again}>
          {cutShort && !down && <a href={paths.assistant(code)}>{texts.chat.anew}</a>}
          {problem.error.code === "assistant_paused" && <a href={paths.lounge}>{texts.assistant.toLounge}</a>}
        </Notice>
      )}
      {down && <p class="mark">{texts.chat.down}</p>}
    </>
  );
}

type EndingProps = PartProps & { name: string; onGoOn: (() => void) | null };

function Ending({ name, view, conversation, onGoOn }: EndingProps) {
  return (
    <Recap
      name={name}
      recap={view.recap}
      writing={view.busy === "recap" ? conversation.writing : null}
      liked={view.session?.liked ?? null}
      onRate={(liked) => void conversation.rate(liked)}
      onDownload={(format) => save(conversation, format)}
      onGoOn={onGoOn}
    />
  );
}

/** Whoever comes back to this tab sees what was said in another one. */
function useFreshness(conversation: Conversation) {
  useEffect(() => {
    const look = () => void (document.hidden || conversation.refresh());
    addEventListener("focus", look);
    addEventListener("online", look);
    return () => {
      removeEventListener("focus", look);
      removeEventListener("online", look);
    };
  }, [conversation]);
}

const save = (conversation: Conversation, format: FileFormat) =>
  void conversation.attempt((session) => saveTranscript(session, format));

async function leave(conversation: Conversation) {
  if (await conversation.leaveForGood()) navigate(paths.lounge);
}

function isWaiting(view: View): boolean {
  if (view.reconnecting || (view.elsewhere && view.busy === null)) return true;
  return view.busy !== null && view.busy !== "recap" && view.entries.at(-1)?.state !== "streaming";
}
