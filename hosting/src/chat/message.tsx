import { useMemo } from "preact/hooks";
import { Avatar } from "../components/avatar";
import { CopyButton } from "../components/copy-button";
import { dollars } from "../format";
import { texts } from "../texts";
import type { Entry } from "./entries";
import { Markdown } from "./markdown";

type Props = {
  entry: Entry;
  bot: { id: string; name: string };
  /** A notice right below says already that it broke off. */
  explained: boolean;
};

/** One message: the visitor's in a quiet bubble, the assistant's as text on the page. */
export function MessageView({ entry, bot, explained }: Props) {
  return entry.role === "user" ? (
    <Said entry={entry} />
  ) : (
    <Replied entry={entry} bot={bot} explained={explained} />
  );
}

function Said({ entry }: { entry: Entry }) {
  return (
    <li class="said" data-testid="message-user">
      <span class="unseen">{texts.chat.you}: </span>
      <p class="bubble">{entry.content}</p>
      <span class="tools">
        <CopyButton text={() => entry.content} label={texts.chat.copyMessage} />
      </span>
    </li>
  );
}

function Replied({ entry, bot, explained }: Props) {
  const growing = entry.state === "streaming";
  // Drawn again only when its text changes: a long conversation stays quick while a reply streams in.
  const words = useMemo(() => <Markdown text={entry.content} growing={growing} />, [entry.content, growing]);
  return (
    <li class="replied" data-testid="message-assistant" data-state={entry.state}>
      <Avatar id={bot.id} size="small" />
      <div class="replied-words">
        <span class="unseen">{texts.chat.they(bot.name)}: </span>
        {words}
        {entry.state === "interrupted" && !explained && <p class="mark">{texts.chat.interrupted}</p>}
        {entry.state === "blocked" && <p class="mark">{texts.chat.blocked}</p>}
        <div class="replied-foot">
          {!growing && (
            <>
              <Price entry={entry} />
              <span class="tools">
                <CopyButton text={() => entry.content} label={texts.chat.copyMessage} />
              </span>
            </>
          )}
        </div>
      </div>
    </li>
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
