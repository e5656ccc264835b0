import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

type Props = {
  /** What the button that opens it is called. */
  label: string;
  button: ComponentChildren;
  /** The class of the button. */
  look: string;
  /** Where the sheet opens; `row` is the nearest positioned element around, for a narrow screen's sake. */
  place?: "below" | "above-row" | "below-row";
  children: (close: () => void) => ComponentChildren;
};

/** A button and a sheet that it opens; Esc, a click elsewhere and leaving it by keyboard close it. */
export function Menu({ label, button, look, place = "below", children }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const onElsewhere = ({ target }: Event) => {
      // A press on plain text within puts the focus on the page's main part, which is not elsewhere.
      const around = (target as Node).contains(box.current);
      if (!box.current?.contains(target as Node) && !around) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && close();
    const listening = new AbortController();
    document.addEventListener("pointerdown", onElsewhere, listening);
    document.addEventListener("focusin", onElsewhere, listening);
    document.addEventListener("keydown", onKey, listening);
    return () => listening.abort();
  }, [open]);
  return (
    <div class={`menu menu-${place}`} ref={box}>
      <button
        type="button"
        class={look}
        ref={opener}
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div class="menu-sheet" id={id}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
