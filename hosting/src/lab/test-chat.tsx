import "../styles/chat.css";
import "../styles/prose.css";
import { useActions } from "../chat/actions";
import { Composer } from "../chat/composer";
import type { Conversation } from "../chat/conversation";
import { Messages } from "../chat/messages";
import { Spoken } from "../chat/spoken";
import type { View } from "../chat/view";
import { Waiting } from "../chat/waiting";
import { Icon } from "../components/icon";
import { Notice } from "../components/notice";
import { dollars } from "../format";
import { hued } from "../hue";
import { NEW_SESSION } from "../router";
import { useStore } from "../store";
import { texts } from "../texts";
import { labTexts } from "../texts/lab";
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
  const waiting = view.busy !== null && (view.reconnecting || view.entries.at(-1)?.state !== "streaming");
  // Two versions of a prompt are compared by what they say to the same words.
  const next = view.session ? before[view.entries.filter(({ role }) => role === "user").length] : undefined;
  const sayAgain = (words: string) => {
    void conversation.send(words);
    // The button goes away with the press; the next thing to do is to write.
    scroller.current?.parentElement?.querySelector("textarea")?.focus();
  };
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
        {waiting && <Waiting bot={bot} reconnecting={view.reconnecting} elsewhere={false} />}
        {view.problem && <Notice error={view.problem.error} again={view.problem.again} />}
        <Spoken name={bot.name} busy={view.busy !== null} writing={conversation.writing} />
      </div>
      {next !== undefined && !view.busy && (
        <button type="button" class="say-again" onClick={() => sayAgain(next)}>
          <span>{labTexts.test.sameAgain(next)}</span> <Icon name="send" />
        </button>
      )}
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

type HeadProps = { view: View; outdated: boolean; onStart: () => void };

/** What it has cost, and the way to begin anew: the one thing to do once the draft says something else. */
function TrialHead({ view, outdated, onStart }: HeadProps) {
  return (
    <>
      <header class="trial-head">
        <h2 id="trial">{labTexts.test.chat}</h2>
        <Total view={view} />
        <button
          type="button"
          class={outdated ? "button button-small" : "button button-quiet button-small"}
          onClick={onStart}
        >
          {outdated ? labTexts.test.retry : labTexts.test.again}
        </button>
      </header>
      <p class="trial-changed" role="status">
        {outdated && labTexts.test.changed}
      </p>
    </>
  );
}

function Total({ view: { session } }: { view: View }) {
  if (!session) return null;
  const { input_tokens, output_tokens, cost_usd } = session.usage;
  const cost = cost_usd === null ? null : dollars(cost_usd);
  return (
    <p class="whisper total">
      <span class="unseen">{texts.chat.soFar}: </span>
      {[texts.chat.tokens(input_tokens + output_tokens), cost].filter(Boolean).join(" · ")}
    </p>
  );
}
