import { useEffect, useRef, useState } from "preact/hooks";
import { type AppKey, listAppKeys, type ShownAppKey } from "../../client/app-keys";
import { useLoad } from "../../client/use-load";
import { CopyButton } from "../../components/copy-button";
import { Notice } from "../../components/notice";
import { Part } from "../../components/part";
import { appKeyTexts as words } from "../../texts/app-keys";
import { useHash } from "../../use-hash";
import { AppKeyForm } from "./app-key-form";
import { AppKeyRow } from "./app-key-row";

/** Keys for programs and pages. Nothing at all where this server has none to give. */
export function AppKeys() {
  const { data, error, reload } = useLoad(listAppKeys, []);
  if (!data && !error) return null;
  return (
    <Part id="app-keys" title={words.title} what={words.what}>
      {error && <Notice error={error} again={reload} />}
      {data && <Keys loaded={data} />}
    </Part>
  );
}

function Keys({ loaded }: { loaded: AppKey[] }) {
  const [keys, setKeys] = useState(loaded);
  const [shown, setShown] = useState<ShownAppKey | null>(null);
  const [making, setMaking] = useState(false);
  const [done, setDone] = useState("");
  const makeButton = useRef<HTMLButtonElement>(null);
  useHash(); // this part of the page comes after the others

  const list = (key: AppKey, said: string) => {
    const isNew = !keys.some(({ id }) => id === key.id);
    setKeys(isNew ? [key, ...keys] : keys.map((one) => (one.id === key.id ? key : one)));
    setDone(said);
  };
  const show = (key: ShownAppKey) => {
    const { key: _, ...listed } = key;
    list(listed, "");
    setShown(key);
    setMaking(false);
  };
  const drop = (gone: AppKey) => {
    setKeys(keys.filter(({ id }) => id !== gone.id));
    if (shown?.id === gone.id) setShown(null);
    setDone(words.revoked);
    makeButton.current?.focus();
  };
  return (
    <>
      <div role="status">
        {shown && <Shown appKey={shown} />}
        {done && <p class="done">{done}</p>}
      </div>
      {keys.length > 0 ? (
        <ul class="rows">
          {keys.map((key) => (
            <AppKeyRow
              key={key.id}
              appKey={key}
              onShown={show}
              onChanged={(changed) => list(changed, words.changed)}
              onRevoked={() => drop(key)}
            />
          ))}
        </ul>
      ) : (
        !making && <p class="whisper">{words.none}</p>
      )}
      {making ? (
        <AppKeyForm onMade={show} onCancel={() => setMaking(false)} />
      ) : (
        <button
          ref={makeButton}
          type="button"
          class="button button-quiet"
          onClick={() => {
            setMaking(true);
            setShown(null);
          }}
        >
          {words.make}
        </button>
      )}
    </>
  );
}

function Shown({ appKey: { key, name } }: { appKey: ShownAppKey }) {
  const box = useRef<HTMLDivElement>(null);
  // The form that asked for it was long: it must not be shown, once, out of sight.
  useEffect(() => box.current?.focus(), [key]);
  return (
    <div ref={box} class="shown-once" tabIndex={-1}>
      <p>
        <strong>{words.once}</strong> {words.keep}
      </p>
      <p class="whisper">{words.shown(name)}</p>
      <p class="secret">
        <code data-testid="app-key">{key}</code>
      </p>
      <p class="shown-once-ways">
        <CopyButton text={() => key} label={words.copy} />
      </p>
    </div>
  );
}
