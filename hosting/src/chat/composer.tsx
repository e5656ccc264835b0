import { useEffect, useId, useRef, useState } from "preact/hooks";
import { recall, remember } from "../client/key";
import { Icon } from "../components/icon";
import { texts } from "../texts";
import { useGrowing } from "./use-growing";

type Props = {
  name: string;
  /** Under which the draft is kept. */
  session: string;
  busy: boolean;
  onSend: (text: string) => void;
  onStop: () => void;
};

/** Where the visitor writes. It grows with the text; Enter sends, Shift + Enter breaks, the draft survives. */
export function Composer({ name, session, busy, onSend, onStop }: Props) {
  const place = `gptlab.draft.${session}`;
  const [text, setText] = useState(() => recall(place) ?? "");
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useGrowing(field, text);
  useEscape(busy, onStop);
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement?.id === "content") {
      focusComposer(document);
    }
  }, [session]);

  const change = (next: string) => {
    setText(next);
    remember(place, next === "" ? null : next);
  };
  const send = () => {
    const message = text.trim();
    if (message === "" || busy) return;
    change("");
    onSend(message);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="unseen" for={id}>
        {texts.chat.label}
      </label>
      <div class="composer-sheet">
        <textarea
          ref={field}
          id={id}
          rows={1}
          value={text}
          placeholder={texts.chat.placeholder(name)}
          enterkeyhint="send"
          maxLength={32_000}
          dir="auto"
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {busy ? (
          <button type="button" class="round" aria-label={texts.chat.stop} onClick={onStop}>
            <Icon name="stop" />
          </button>
        ) : (
          <button type="submit" class="round" aria-label={texts.chat.send} aria-disabled={text.trim() === ""}>
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  );
}

/** Puts the cursor where one writes, unless that would slide a keyboard over the conversation. */
export function focusComposer(within: ParentNode) {
  if (!matchMedia("(pointer: fine)").matches) return;
  within.querySelector<HTMLTextAreaElement>(".composer textarea")?.focus({ preventScroll: true });
}

function useEscape(busy: boolean, onStop: () => void) {
  useEffect(() => {
    if (!busy) return;
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && !event.isComposing && onStop();
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [busy, onStop]);
}
