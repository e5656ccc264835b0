import { useEffect, useRef } from "preact/hooks";
import type { FileFormat } from "../client/api";
import { Icon } from "../components/icon";
import type { Store } from "../create-store";
import { paths } from "../router";
import { useStore } from "../store";
import { texts } from "../texts";
import { Markdown } from "./markdown";
import { still } from "./still";

type Props = {
  name: string;
  recap: string | null;
  /** The recap as it is being written; null when it is there. */
  writing: Store<string> | null;
  liked: boolean | null;
  onRate: (liked: boolean) => void;
  onDownload: (format: FileFormat) => void;
  onGoOn: (() => void) | null;
};

/** What remains of a concluded conversation: the recap, a word on how it was, the way back. */
export function Recap({ name, recap, writing, liked, onRate, onDownload, onGoOn }: Props) {
  const written = useStore(writing ?? still);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The button that asked for it is gone: whoever uses a keyboard or a screen reader goes on from here.
    if (document.activeElement === document.body) title.current?.focus({ preventScroll: true });
  }, []);
  const words = writing ? written : (recap ?? "");
  return (
    <section class="recap sheet" aria-labelledby="recap" data-testid="recap">
      <h2 id="recap" ref={title} tabIndex={-1}>
        {texts.recap.title}
      </h2>
      {words === "" ? (
        <p class="recap-wait" role="status">
          <span class="pulse" aria-hidden="true" />
          <span class="whisper">{texts.chat.concluding}</span>
        </p>
      ) : (
        <Markdown text={words} growing={writing !== null} />
      )}
      {!writing && (
        <>
          <fieldset class="rating">
            <legend>{texts.recap.ask(name)}</legend>
            <Thumb up pressed={liked === true} onPress={() => onRate(true)} />
            <Thumb up={false} pressed={liked === false} onPress={() => onRate(false)} />
            <span class="whisper" role="status">
              {liked === null ? "" : texts.recap.thanks}
            </span>
          </fieldset>
          <p class="recap-ways">
            <a class="button" href={paths.lounge}>
              {texts.recap.lounge}
            </a>
            <button type="button" class="button button-quiet" onClick={() => onDownload("md")}>
              {texts.chat.download}
            </button>
            {onGoOn && (
              <button type="button" class="button button-quiet" onClick={onGoOn}>
                {texts.recap.goOn}
              </button>
            )}
          </p>
        </>
      )}
    </section>
  );
}

function Thumb({ up, pressed, onPress }: { up: boolean; pressed: boolean; onPress: () => void }) {
  return (
    <button type="button" class="button button-quiet thumb" aria-pressed={pressed} onClick={onPress}>
      <Icon name="up" flipped={!up} />
      {up ? texts.recap.yes : texts.recap.no}
    </button>
  );
}
