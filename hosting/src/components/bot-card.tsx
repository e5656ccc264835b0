import type { Bot } from "../client/shapes";
import { hued } from "../hue";
import { paths } from "../router";
import { texts } from "../texts";
import { Avatar } from "./avatar";
import { CopyButton } from "./copy-button";
import { Icon } from "./icon";

/** One assistant in the lounge. The whole card is its link. */
export function BotCard({ bot }: { bot: Bot }) {
  return (
    <article class="card hued" style={hued(bot.id)} data-opens data-testid="bot-card">
      <Avatar id={bot.id} />
      <h2 class="card-title">
        <a href={paths.assistant(bot.id)} aria-label={texts.card.talk(bot.name)}>
          {bot.name}
        </a>
      </h2>
      <p class="tag-line">{bot.tag_line}</p>
      <p class="card-what">{bot.description}</p>
      <footer class="card-foot">
        <span class="whisper">{texts.card.starts(bot.sessions_started)}</span>
        {bot.mine && (
          <span class="card-code">
            <code>{bot.id}</code>
            <CopyButton text={() => bot.id} label={texts.card.copyCode} />
            <a class="tool" href={paths.lab(bot.id)} aria-label={texts.card.editName(bot.name)}>
              {texts.card.edit}
            </a>
          </span>
        )}
        <span class="card-go" aria-hidden="true">
          {texts.card.talk(bot.name)} <Icon name="right" />
        </span>
      </footer>
    </article>
  );
}

/** The shape of a card that is on its way. */
export function CardSkeleton() {
  return (
    <div class="card skeleton" aria-hidden="true">
      <span class="bone bone-window" />
      <span class="bone bone-title" />
      <span class="bone bone-tag" />
      <span class="bone bone-text" />
    </div>
  );
}
