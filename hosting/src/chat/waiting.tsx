import { useEffect, useState } from "preact/hooks";
import { online } from "../client/online";
import { Avatar } from "../components/avatar";
import { useStore } from "../store";
import { texts } from "../texts";

const SAY_SOMETHING_AFTER_MS = 8000;

type Props = { bot: { id: string; name: string }; reconnecting: boolean; elsewhere: boolean };

/** While nothing has come yet: a gentle pulse, and after a while a sentence. */
export function Waiting({ bot, reconnecting, elsewhere }: Props) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), SAY_SOMETHING_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const offline = !useStore(online);
  const patience = long ? texts.chat.longer(bot.name) : null;
  const said =
    reconnecting && !offline ? texts.chat.reconnecting : elsewhere ? texts.chat.elsewhere : patience;
  return (
    <div class="replied waiting" data-testid="waiting">
      <Avatar id={bot.id} size="small" />
      <p role="status">
        <span class="pulse" aria-hidden="true" />
        {said ? (
          <span class="whisper">{said}</span>
        ) : (
          <span class="unseen">{texts.chat.waiting(bot.name)}</span>
        )}
      </p>
    </div>
  );
}
