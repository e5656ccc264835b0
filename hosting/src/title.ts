import { useEffect } from "preact/hooks";
import { texts } from "./texts";

/** Names the page in the browser's tab and history. */
export function useTitle(title: string | undefined) {
  useEffect(() => {
    document.title = title ? `${title} · ${texts.site.name}` : texts.site.name;
  }, [title]);
}
