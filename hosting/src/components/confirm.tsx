import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

type Props = {
  title: string;
  what: ComponentChildren;
  /** What the button that goes on says; it stands for a loss. */
  act: string;
  keep: string;
  busy?: boolean;
  onAct: () => void;
  onKeep: () => void;
};

/** Asks before something is lost. Esc, or the quiet button, keeps everything as it is. */
export function Confirm({ title, what, act, keep, busy = false, onAct, onKeep }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="confirm" aria-labelledby={id} onClose={onKeep}>
      <h2 id={id}>{title}</h2>
      <div class="confirm-what">{what}</div>
      <p class="confirm-ways">
        <button type="button" class="button button-quiet" onClick={() => dialog.current?.close()}>
          {keep}
        </button>
        <button type="button" class="button button-loss" aria-disabled={busy} onClick={onAct}>
          {act}
        </button>
      </p>
    </dialog>
  );
}
