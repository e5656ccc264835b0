import { useState } from "preact/hooks";
import type { FileFormat } from "../client/api";
import type { Session } from "../client/shapes";
import { Avatar } from "../components/avatar";
import { Confirm } from "../components/confirm";
import { Icon } from "../components/icon";
import { Menu } from "../components/menu";
import { dollars } from "../format";
import { paths } from "../router";
import { texts } from "../texts";

type Props = {
  code: string;
  bot: { id: string; name: string; tag_line: string };
  session: Session | null;
  onConclude: (() => void) | null;
  /** What its menu offers; no menu without. */
  options?: Options;
};

type Options = {
  onDownload: (format: FileFormat) => void;
  onClear: (() => void) | null;
  onLeave: (() => void) | null;
};

/** The head of a conversation: with whom, what it has cost so far, what can be done with it, and the way to its end. */
export function ChatHead({ code, bot, session, onConclude, options }: Props) {
  return (
    <header class="chat-head">
      <a class="chat-who" href={paths.assistant(code)}>
        <Avatar id={bot.id} size="small" />
        <h1>
          <span class="unseen">{texts.chat.with(bot.name)}</span>
          <span aria-hidden="true">{bot.name}</span>
        </h1>
        <span class="chat-tag">{bot.tag_line}</span>
      </a>
      {session && <Total session={session} />}
      {onConclude && (
        <button type="button" class="button button-quiet button-small" onClick={onConclude}>
          {texts.chat.conclude}
        </button>
      )}
      {options && <OptionsMenu name={bot.name} {...options} />}
    </header>
  );
}

function Total({ session }: { session: Session }) {
  const { input_tokens, output_tokens, cost_usd } = session.usage;
  const cost = cost_usd === null ? null : dollars(cost_usd);
  return (
    <p class="whisper total" data-testid="total">
      <span class="unseen">{texts.chat.soFar}: </span>
      {[texts.chat.tokens(input_tokens + output_tokens), cost].filter(Boolean).join(" · ")}
    </p>
  );
}

function OptionsMenu({ name, onDownload, onClear, onLeave }: Options & { name: string }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Menu label={texts.chat.options} look="tool chat-more" button={<Icon name="more" />}>
        {(close) => {
          const then = (go: () => void) => () => {
            close();
            go();
          };
          return (
            <>
              <Downloads onDownload={(format) => then(() => onDownload(format))()} />
              {onClear && (
                <button type="button" class="menu-item" onClick={then(() => setAsking(true))}>
                  {texts.chat.clear}
                </button>
              )}
              {onLeave && (
                <button type="button" class="menu-item" onClick={then(onLeave)}>
                  {texts.chat.leave}
                </button>
              )}
            </>
          );
        }}
      </Menu>
      {asking && onClear && (
        <Confirm
          title={texts.chat.clearAsk(name)}
          what={texts.chat.clearWhat(name)}
          act={texts.chat.clearYes}
          keep={texts.chat.clearNo}
          onKeep={() => setAsking(false)}
          onAct={() => {
            setAsking(false);
            onClear();
          }}
        />
      )}
    </>
  );
}

/** The conversation as a file, in each of its formats. */
function Downloads({ onDownload }: { onDownload: (format: FileFormat) => void }) {
  return (
    <div class="menu-part">
      <p class="eyebrow">{texts.chat.download}</p>
      {(["md", "csv", "json"] as const).map((format) => (
        <button
          key={format}
          type="button"
          class="menu-item"
          aria-label={texts.chat.downloadAs(texts.chat.formats[format])}
          onClick={() => onDownload(format)}
        >
          {texts.chat.formats[format]}
        </button>
      ))}
    </div>
  );
}
