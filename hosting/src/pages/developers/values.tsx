import { useId, useState } from "preact/hooks";
import { listBots } from "../../client/api";
import { key } from "../../client/key";
import type { Bot } from "../../client/shapes";
import { useLoad } from "../../client/use-load";
import { CopyButton } from "../../components/copy-button";
import { useStore } from "../../store";
import { developersTexts } from "../../texts/developers";
import { keyLine } from "./samples";

const words = developersTexts.values;

type Bots = { mine: Bot[]; lounge: Bot[] };

/** The assistants that an example can name: the reader's own, and those in the lounge. */
export function useBots(): Bots {
  const signedIn = useStore(key) !== null;
  const lounge = useLoad(() => listBots("showcased"), []);
  const mine = useLoad(async () => (signedIn ? listBots("mine") : []), [signedIn]);
  return { mine: mine.data ?? [], lounge: lounge.data ?? [] };
}

type Props = { base: string; bots: Bots; bot: string; onBot: (bot: string) => void };

/** What the examples are filled with: where, who, and on request the key. */
export function YourValues({ base, bots, bot, onBot }: Props) {
  return (
    <section class="values sheet" aria-labelledby="values">
      <h2 id="values">{words.title}</h2>
      <dl>
        <div>
          <dt>{words.base}</dt>
          <dd>
            <code>{base}</code> <CopyButton text={() => base} label={words.copyBase} />
          </dd>
        </div>
        <BotValue bots={bots} bot={bot} onBot={onBot} />
        <div>
          <dt>{words.key}</dt>
          <dd>
            <KeyValue />
          </dd>
        </div>
      </dl>
    </section>
  );
}

function BotValue({ bots: { mine, lounge }, bot, onBot }: Omit<Props, "base">) {
  const id = useId();
  const others = lounge.filter((one) => !mine.some((own) => own.id === one.id));
  if (mine.length + others.length === 0) {
    return (
      <div>
        <dt>{words.bot}</dt>
        <dd class="whisper">{words.noBot}</dd>
      </div>
    );
  }
  return (
    <div>
      <dt>
        <label for={id}>{words.bot}</label>
      </dt>
      <dd>
        <select id={id} value={bot} onChange={(event) => onBot(event.currentTarget.value)}>
          <Group label={words.mine} bots={mine} />
          <Group label={words.lounge} bots={others} />
        </select>{" "}
        <code>{bot}</code>
      </dd>
    </div>
  );
}

function Group({ label, bots }: { label: string; bots: Bot[] }) {
  if (bots.length === 0) return null;
  return (
    <optgroup label={label}>
      {bots.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </optgroup>
  );
}

/** The key is not shown before somebody asks: pages get photographed, and screens shared. */
function KeyValue() {
  const mine = useStore(key);
  const [shown, setShown] = useState(false);
  if (mine === null) return <span class="whisper">{words.noKey}</span>;
  return (
    <>
      {shown ? (
        <>
          <code class="key-line">{keyLine(mine)}</code>{" "}
          <CopyButton text={() => keyLine(mine)} label={words.copyKey} />
        </>
      ) : (
        <span class="whisper">{words.hidden}</span>
      )}{" "}
      <button type="button" class="link" onClick={() => setShown(!shown)}>
        {shown ? words.hide : words.show}
      </button>
    </>
  );
}
