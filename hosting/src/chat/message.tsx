import { Avatar } from "../components/avatar";
import { CopyButton } from "../components/copy-button";
import { Icon } from "../components/icon";
import { memo } from "../components/memo";
import type { Store } from "../create-store";
import { dollars } from "../format";
import { useStore } from "../store";
import { texts } from "../texts";
import type { Actions } from "./actions";
import type { Entry } from "./entries";
import { Markdown } from "./markdown";
import { Said } from "./said";
import { still } from "./still";

type Props = {
  entry: Entry;
  bot: { id: string; name: string };
  /** The text of the reply that is being written. */
  writing: Store<string>;
  /** It is the newest one. */
  last: boolean;
  /** A notice right below says already that it broke off. */
  explained: boolean;
  actions: Actions | null;
};

/** One message: the visitor's in a quiet bubble, the assistant's as text on the page. */
export const MessageView = memo((props: Props) => {
  const { entry, bot } = props;
  if (entry.role === "user") return <Said {...props} />;
  return (
    <>
      <Replied {...props} />
      {entry.condensed && <Fold>{texts.chat.condensed(bot.name)}</Fold>}
    </>
  );
});

/** A fold in the paper: something changed here for what comes after. */
export function Fold({ children }: { children: preact.ComponentChildren }) {
  return (
    <li class="fold" data-testid="fold">
      <p>{children}</p>
    </li>
  );
}

function Replied({ entry, bot, writing, last, explained, actions }: Props) {
  const growing = entry.state === "streaming";
  const written = useStore(growing ? writing : still);
  return (
    <li class={last ? "replied newest" : "replied"} data-testid="message-assistant" data-state={entry.state}>
      <Avatar id={bot.id} size="small" />
      <div class="replied-words">
        <span class="unseen">{texts.chat.they(bot.name)}: </span>
        <Markdown text={growing ? written : entry.content} growing={growing} />
        {entry.state === "interrupted" && !explained && <p class="mark">{texts.chat.interrupted}</p>}
        {entry.state === "blocked" && <p class="mark">{texts.chat.blocked}</p>}
        <div class="replied-foot">
          {!growing && (
            <>
              <Price entry={entry} />
              <span class="tools">
                <CopyButton text={() => entry.content} label={texts.chat.copyMessage} />
                {last && entry.stored && actions && <Retry again={actions.again} stored={entry.stored} />}
              </span>
            </>
          )}
        </div>
      </div>
    </li>
  );
}

function Retry({ again, stored }: { again: Actions["again"]; stored: string }) {
  return (
    <button
      type="button"
      class="tool tool-change"
      aria-label={texts.chat.retryMessage}
      onClick={() => again(stored)}
    >
      <Icon name="again" />
      <span>{texts.chat.retry}</span>
    </button>
  );
}

function Price({ entry }: { entry: Entry }) {
  if (!entry.usage) return null;
  const { input_tokens, output_tokens, cost_usd, estimated } = entry.usage;
  const parts = [
    entry.model,
    texts.chat.inOut(input_tokens, output_tokens),
    cost_usd === null ? null : dollars(cost_usd),
    estimated ? texts.chat.estimated : null,
  ];
  return <span class="whisper price">{parts.filter(Boolean).join(" · ")}</span>;
}
