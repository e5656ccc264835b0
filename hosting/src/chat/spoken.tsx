import { useEffect, useRef, useState } from "preact/hooks";
import type { Store } from "../create-store";
import { texts } from "../texts";
import { aloud, sentencesAfter } from "./sentences";

type Props = { name: string; busy: boolean; writing: Store<string> };

/** For whoever listens: a reply sentence by sentence while it is being written. */
export function Spoken({ name, busy, writing }: Props) {
  const [said, setSaid] = useState<string[]>([]);
  const upTo = useRef(0);
  useEffect(() => {
    if (!busy) return;
    upTo.current = 0;
    setSaid([]);
    const say = (text: string, last: boolean) => {
      const { said: more, upTo: end } = last
        ? { said: aloud(text.slice(upTo.current)), upTo: text.length }
        : sentencesAfter(text, upTo.current);
      const first = upTo.current === 0 ? `${texts.chat.they(name)}: ` : "";
      upTo.current = end;
      if (more) setSaid((before) => [...before, first + more]);
    };
    const stop = writing.subscribe(() => say(writing.get(), false));
    return () => {
      stop();
      say(writing.get(), true);
    };
  }, [busy]);
  return (
    <div class="unseen" role="log" aria-live="polite">
      {said.map((each, at) => (
        <p key={at}>{each}</p>
      ))}
    </div>
  );
}
