import "../styles/chat.css";
import "../styles/prose.css";
import { useActions } from "../chat/actions";
import { Composer } from "../chat/composer";
import type { Conversation } from "../chat/conversation";
import { Messages } from "../chat/messages";
import { Spoken } from "../chat/spoken";
import { Waiting } from "../chat/waiting";
import { Icon } from "../components/icon";
import { Notice } from "../components/notice";
import { hued } from "../hue";
import { NEW_SESSION } from "../router";
import { useStore } from "../store";
import { labTexts } from "../texts/lab";
import { TrialHead } from "./trial-head";
import { TrialPrompts } from "./trial-prompts";
import { TrialRecap } from "./trial-recap";
import { useFollowingBox } from "./use-following-box";

type Props = {
  conversation: Conversation | null;
  /** What the avatar is drawn from. */
  face: string;
  name: string;
  /** The draft has changed since this conversation was opened. */
  outdated: boolean;
  /** What was said in the conversation before this one. */
  before: string[];
  onStart: () => void;
};

/** The test chat in a panel of its own. */
export function TestChat({ conversation, face, name, ...rest }: Props) {
  return (
    <section class="trial hued" style={hued(face)} aria-labelledby="trial">
      {conversation ? (
        <Talking key={conversation} conversation={conversation} bot={{ id: face, name }} {...rest} />
      ) : (
        <Quiet onStart={rest.onStart} />
      )}
    </section>
  );
}

function Quiet({ onStart }: { onStart: () => void }) {
  return (
    <div class="trial-quiet">
      <h2 id="trial">{labTexts.test.empty}</h2>
      <p class="whisper">{labTexts.test.emptyWhat}</p>
      <button type="button" class="button" onClick={onStart}>
        {labTexts.test.start} <Icon name="right" />
      </button>
    </div>
  );
}

type TalkingProps = Omit<Props, "conversation" | "face" | "name"> & {
  conversation: Conversation;
  bot: { id: string; name: string };
};

function Talking({ conversation, bot, outdated, before, onStart }: TalkingProps) {
  const view = useStore(conversation.view);
  const scroller = useFollowingBox(view);
  const actions = useActions(conversation);
  const thinking = view.busy === "opening" || view.busy === "reply";
  const waiting = thinking && view.entries.at(-1)?.state !== "streaming";
  return (
    <>
      <TrialHead view={view} outdated={outdated} onStart={onStart} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it. */}
      <div class="trial-words" ref={scroller} tabIndex={0}>
        <Messages
          entries={view.entries}
          bot={bot}
          writing={conversation.writing}
          busy={view.busy !== null}
          explained={view.problem !== null}
          actions={actions}
        />
        <TrialRecap view={view} writing={conversation.writing} />
        {(waiting || view.reconnecting) && (
          <Waiting bot={bot} reconnecting={view.reconnecting} elsewhere={false} />
        )}
        {view.problem && <Notice error={view.problem.error} again={view.problem.again} />}
        <Spoken name={bot.name} busy={view.busy !== null} writing={conversation.writing} />
      </div>
      <TrialPrompts conversation={conversation} view={view} before={before} />
      <Composer
        name={bot.name}
        session={view.session?.id ?? `lab-${NEW_SESSION}`}
        busy={view.busy !== null}
        onStop={() => conversation.stop()}
        onSend={(text) => void conversation.send(text)}
      />
    </>
  );
}
