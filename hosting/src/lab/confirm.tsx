import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

type Props = {
  words: { title: string; what: string; yes: string; no: string };
  /** False while something is still to be done before "yes" is an answer. */
  ready?: boolean;
  onYes: () => void;
  /** Called when the dialog is gone, whatever the answer was. */
  onClose: () => void;
  children?: ComponentChildren;
};

/** Asks before something is lost. The browser's own dialog: it keeps the focus and gives it back. */
export function Confirm({ words, ready = true, onYes, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const answer = (yes: boolean) => {
    if (yes && !ready) return;
    dialog.current?.close();
    if (yes) onYes();
  };
  return (
    <dialog ref={dialog} class="confirm" aria-labelledby={`${id}-title`} onClose={onClose}>
      <h2 id={`${id}-title`}>{words.title}</h2>
      <p>{words.what}</p>
      {children}
      <p class="confirm-ways">
        <button type="button" class="button button-quiet" onClick={() => answer(false)}>
          {words.no}
        </button>
        <button type="button" class="button button-loss" aria-disabled={!ready} onClick={() => answer(true)}>
          {words.yes}
        </button>
      </p>
    </dialog>
  );
}
