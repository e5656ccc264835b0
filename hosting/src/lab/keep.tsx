import { useId, useState } from "preact/hooks";
import { minding } from "../client/account";
import { presets } from "../client/api";
import { type ApiError, toApiError } from "../client/errors";
import { Notice } from "../components/notice";
import { navigate, paths } from "../router";
import { deleteBot, duplicateBot, exportBot } from "./calls";
import { Confirm } from "./confirm";
import type { OwnBot } from "./shapes";
import { noteMade } from "./step-share";
import { lab } from "./texts";
import { keepDraft } from "./use-desk";

/** What can be done with an assistant as a whole: copy it, take it along, delete it. */
export function Keep({ bot }: { bot: OwnBot }) {
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const attempt = (work: () => Promise<void>) => () => {
    setError(null);
    void minding(work()).catch((thrown) => setError(toApiError(thrown)));
  };
  const remove = attempt(async () => {
    await deleteBot(bot.id);
    keepDraft(bot.id, null);
    navigate(paths.mine);
  });
  return (
    <section class="keep" aria-labelledby="keep">
      <h2 id="keep">{lab.keep.title}</h2>
      <ul>
        <Deed
          name={lab.keep.duplicate}
          what={lab.keep.duplicateWhat}
          onPress={attempt(() => duplicate(bot))}
        />
        <Deed name={lab.keep.export} what={lab.keep.exportWhat} onPress={attempt(() => download(bot))} />
        <Deed name={lab.keep.remove} what={lab.keep.removeWhat} onPress={() => setAsking(true)} loss />
      </ul>
      {error && <Notice error={error} />}
      {asking && <Removal name={bot.name} onYes={remove} onClose={() => setAsking(false)} />}
    </section>
  );
}

type DeedProps = { name: string; what: string; onPress: () => void; loss?: boolean };

function Deed({ name, what, onPress, loss = false }: DeedProps) {
  return (
    <li>
      <button
        type="button"
        class={`button button-quiet button-small${loss ? " loss" : ""}`}
        onClick={onPress}
      >
        {name}
      </button>
      <span class="hint">{what}</span>
    </li>
  );
}

async function duplicate(bot: OwnBot) {
  const name = lab.keep.copyName(bot.name);
  const { limits } = await presets();
  const copy = await duplicateBot(bot.id, name.length <= (limits.name ?? 0) ? name : bot.name);
  noteMade(copy.id);
  navigate(paths.lab(copy.id, "share"));
}

/** A file of the browser's own making: what is in it passes by no server again. */
async function download(bot: OwnBot) {
  const whole = JSON.stringify(await exportBot(bot.id), null, 2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([whole], { type: "application/json" }));
  link.download = `${bot.name.replace(/[^\p{L}\p{N}]+/gu, "-")}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Deleting an assistant takes its link from everyone who has it: whoever does it types its name. */
function Removal({ name, onYes, onClose }: { name: string; onYes: () => void; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const id = useId();
  const words = { ...lab.remove, title: lab.remove.title(name) };
  return (
    <Confirm words={words} ready={typed.trim() === name} onYes={onYes} onClose={onClose}>
      <div class="field">
        <label for={id}>{lab.remove.type(name)}</label>
        <input
          id={id}
          class="input"
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
    </Confirm>
  );
}
