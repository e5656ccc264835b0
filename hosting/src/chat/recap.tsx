import { useMemo } from "preact/hooks";
import { Icon } from "../components/icon";
import { paths } from "../router";
import { texts } from "../texts";
import { Markdown } from "./markdown";

type Props = {
  name: string;
  recap: string;
  writing: boolean;
  liked: boolean | null;
  onRate: (liked: boolean) => void;
  onGoOn: (() => void) | null;
};

/** What remains of a concluded conversation: the recap, a word on how it was, the way back. */
export function Recap({ name, recap, writing, liked, onRate, onGoOn }: Props) {
  const words = useMemo(() => <Markdown text={recap} growing={writing} />, [recap, writing]);
  return (
    <section class="recap sheet" aria-labelledby="recap" data-testid="recap">
      <h2 id="recap">{texts.recap.title}</h2>
      {words}
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
