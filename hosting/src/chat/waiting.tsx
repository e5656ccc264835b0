import { useEffect, useState } from "preact/hooks";
import { Avatar } from "../components/avatar";
import { texts } from "../texts";

const SAY_SOMETHING_AFTER_MS = 8000;

/** While nothing has come yet: a gentle pulse, and after a while a sentence. */
export function Waiting({ bot, reconnecting }: { bot: { id: string; name: string }; reconnecting: boolean }) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), SAY_SOMETHING_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const said = reconnecting ? texts.chat.reconnecting : long ? texts.chat.longer(bot.name) : null;
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
