import { useId, useState } from "preact/hooks";
import { minding } from "../client/account";
import { presets } from "../client/api";
import { type ApiError, toApiError } from "../client/errors";
import { saveFile } from "../client/files";
import { Confirm } from "../components/confirm";
import { Notice } from "../components/notice";
import { navigate, paths } from "../router";
import { labTexts } from "../texts/lab";
import { deleteBot, duplicateBot, exportBot } from "./calls";
import type { OwnBot } from "./shapes";
import { noteMade } from "./step-share";
import { keepDraft } from "./use-desk";
import { forgetTrial } from "./use-trial";

/** What can be done with an assistant as a whole: copy it, take it along, delete it. */
export function Keep({ bot }: { bot: OwnBot }) {
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const attempt = (work: () => Promise<void>) => () => {
    setError(null);
    void minding(work()).catch((thrown) => setError(toApiError(thrown)));
  };
  const remove = attempt(async () => {
    setAsking(false);
    await deleteBot(bot.id);
    keepDraft(bot.id, null);
    forgetTrial(bot.id);
    navigate(paths.mine);
  });
  return (
    <section class="keep" aria-labelledby="keep">
      <h2 id="keep">{labTexts.keep.title}</h2>
      <ul>
        <Deed
          name={labTexts.keep.duplicate}
          what={labTexts.keep.duplicateWhat}
          onPress={attempt(() => duplicate(bot))}
        />
        <Deed
          name={labTexts.keep.export}
          what={labTexts.keep.exportWhat}
          onPress={attempt(() => download(bot))}
        />
        <Deed
          name={labTexts.keep.remove}
          what={labTexts.keep.removeWhat}
          onPress={() => setAsking(true)}
          loss
        />
      </ul>
      {error && <Notice error={error} />}
      {asking && <Removal name={bot.name} onRemove={remove} onKeep={() => setAsking(false)} />}
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
  const name = labTexts.keep.copyName(bot.name);
  const { limits } = await presets();
  const copy = await duplicateBot(bot.id, name.length <= (limits.name ?? 0) ? name : bot.name);
  noteMade(copy.id);
  navigate(paths.lab(copy.id, "share"));
}

async function download(bot: OwnBot) {
  const name = bot.name.replace(/[^\p{L}\p{N}]+/gu, "-");
  saveFile(`${name}.json`, [JSON.stringify(await exportBot(bot.id), null, 2)], "application/json");
}

type RemovalProps = { name: string; onRemove: () => void; onKeep: () => void };

/** Deleting an assistant takes its link from everyone who has it: whoever does it types its name. */
function Removal({ name, onRemove, onKeep }: RemovalProps) {
  const [typed, setTyped] = useState("");
  const id = useId();
  const ready = typed.trim() === name;
  return (
    <Confirm
      title={labTexts.remove.title(name)}
      what={
        <>
          <p>{labTexts.remove.what}</p>
          <p class="field">
            <label for={id}>{labTexts.remove.type(name)}</label>
            <input
              id={id}
              class="input"
              autocomplete="off"
              spellcheck={false}
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </p>
        </>
      }
      act={labTexts.remove.yes}
      keep={labTexts.remove.no}
      busy={!ready}
      onAct={() => ready && onRemove()}
      onKeep={onKeep}
    />
  );
}
