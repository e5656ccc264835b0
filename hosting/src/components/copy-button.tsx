import { useState } from "preact/hooks";
import { texts } from "../texts";
import { Icon } from "./icon";

const SAYS_SO_MS = 2000;

/** Copies a text and says that it did. */
export function CopyButton({ text, label }: { text: () => string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text());
    setCopied(true);
    setTimeout(() => setCopied(false), SAYS_SO_MS);
  };
  return (
    <button type="button" class="tool" aria-label={label} onClick={() => void copy().catch(() => {})}>
      <Icon name={copied ? "check" : "copy"} />
      <span aria-live="polite">{copied ? texts.chat.copied : texts.chat.copy}</span>
    </button>
  );
}
