import type { Session } from "../client/shapes";
import { Avatar } from "../components/avatar";
import { dollars } from "../format";
import { paths } from "../router";
import { texts } from "../texts";

type Props = {
  code: string;
  bot: { id: string; name: string; tag_line: string };
  session: Session | null;
  onConclude: (() => void) | null;
};

/** The head of a conversation: with whom, what it has cost so far, and the way to its end. */
export function ChatHead({ code, bot, session, onConclude }: Props) {
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
