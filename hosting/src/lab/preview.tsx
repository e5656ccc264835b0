import "../styles/chat.css";
import { ChatHead } from "../chat/head";
import type { Bot } from "../client/shapes";
import { BotCard } from "../components/bot-card";
import { hued } from "../hue";
import { labTexts } from "../texts/lab";
import type { Draft } from "./draft";

/** How the lounge and a chat will show the draft: the very components, out of reach. */
export function Preview({ draft, code }: { draft: Draft; code: string | null }) {
  const bot = cardOf(draft, code);
  return (
    <aside class="preview" aria-label={labTexts.card.preview}>
      <figure>
        <figcaption class="eyebrow">{labTexts.card.previewCard}</figcaption>
        <div inert>
          <BotCard bot={bot} />
        </div>
      </figure>
      <figure>
        <figcaption class="eyebrow">{labTexts.card.previewChat}</figcaption>
        <div inert class="preview-chat hued" style={hued(bot.id)}>
          <ChatHead code={bot.id} bot={bot} session={null} onConclude={null} />
        </div>
      </figure>
      {code === null && <p class="whisper">{labTexts.card.face}</p>}
    </aside>
  );
}

function cardOf({ name, tag_line, description }: Draft, code: string | null): Bot {
  return {
    id: code ?? "new",
    name: name.trim() || labTexts.card.noName,
    tag_line: tag_line.trim() || labTexts.card.noTagLine,
    description: description.trim() || labTexts.card.noDescription,
    active: true,
    version: 1,
    sessions_started: 0,
    mine: false,
  };
}
