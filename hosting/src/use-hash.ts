import { useEffect } from "preact/hooks";
import { address } from "./router";
import { useStore } from "./store";

/** Goes to the part of the page that the address names, also where the page was loaded after the address. */
export function useHash(onPart?: (part: HTMLElement) => void) {
  const hash = new URL(useStore(address)).hash;
  useEffect(() => {
    const part = hash === "" ? null : document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!part) return;
    onPart?.(part);
    part.scrollIntoView();
  }, [hash]);
}
