import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { CopyButton } from "../components/copy-button";
import { Icon } from "../components/icon";
import { texts } from "../texts";
import type { Actions } from "./actions";
import { Earlier } from "./earlier";
import type { Entry } from "./entries";
import { useGrowing } from "./use-growing";

type Props = {
  entry: Entry;
  bot: { name: string };
  /** It is the newest message: nothing answers it yet. */
  last: boolean;
  /** A notice right below says already what went wrong. */
  explained: boolean;
  actions: Actions | null;
};

/** What the visitor said, with what was found about it and what it replaced. */
export function Said({ entry, bot, last, explained, actions }: Props) {
  const [editing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const { stored, content, earlier } = entry;
  const cancel = () => {
    setEditing(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  const unanswered = entry.state === "interrupted" && last && !explained;
  if (editing && stored && actions) {
    const send = (text: string) => {
      if (text === content) return cancel();
      setEditing(false);
      actions.edit(stored, text);
    };
    return (
      <li class="said said-editing" data-testid="message-user">
        <Editing text={content} onSend={send} onCancel={cancel} />
      </li>
    );
  }
  return (
    <li class="said" data-testid="message-user">
      <span class="unseen">{texts.chat.you}: </span>
      <p class="bubble" dir="auto">
        {content}
      </p>
      <Found entry={entry} name={bot.name} />
      {unanswered && stored && actions && (
        <p class="mark said-mark">
          {texts.chat.unanswered}{" "}
          <button type="button" class="link" onClick={() => actions.again(stored)}>
            {texts.chat.retry}
          </button>
        </p>
      )}
      <span class="said-foot">
        <span class="tools">
          {stored && actions && (
            <button
              type="button"
              class="tool tool-change"
              ref={opener}
              aria-label={texts.chat.editMessage}
              onClick={() => setEditing(true)}
            >
              <Icon name="edit" />
              <span>{texts.chat.edit}</span>
            </button>
          )}
          <CopyButton text={() => content} label={texts.chat.copyMessage} />
        </span>
        {earlier && <Earlier entries={earlier} name={bot.name} />}
      </span>
    </li>
  );
}

/** What the checks made of it, told kindly; the message went out all the same. */
function Found({ entry, name }: { entry: Entry; name: string }) {
  const about = [...new Set(entry.moderation?.categories.map((each) => each.split("/")[0]))];
  return (
    <>
      {entry.moderation?.flagged && (
        <p class="mark said-mark">
          {texts.chat.flagged(about.join(", "))}
          {about.includes("self-harm") && <strong> {texts.chat.flaggedCare}</strong>}
        </p>
      )}
      {entry.suspected && <p class="mark said-mark">{texts.chat.suspected(name)}</p>}
    </>
  );
}

type EditingProps = { text: string; onSend: (text: string) => void; onCancel: () => void };

function Editing({ text, onSend, onCancel }: EditingProps) {
  const [draft, setDraft] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  useGrowing(field, draft);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(text.length, text.length);
  }, []);
  const send = () => draft.trim() !== "" && onSend(draft.trim());
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "Escape") onCancel();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  };
  return (
    <div class="editing">
      <textarea
        ref={field}
        dir="auto"
        rows={1}
        maxLength={32_000}
        value={draft}
        aria-label={texts.chat.editing}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <p class="editing-ways">
        <span class="whisper">{texts.chat.editWhat}</span>
        <button type="button" class="button button-quiet button-small" onClick={onCancel}>
          {texts.chat.editCancel}
        </button>
        <button type="button" class="button button-small" aria-disabled={draft.trim() === ""} onClick={send}>
          {texts.chat.editSend}
        </button>
      </p>
    </div>
  );
}
