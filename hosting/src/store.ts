import { useEffect, useState } from "preact/hooks";
import type { Store } from "./create-store";

/** The store's value, kept current while the component is mounted. */
export function useStore<T>(store: Store<T>): T {
  const [, redraw] = useState({});
  const value = store.get();
  useEffect(() => {
    // What was set between drawing and subscribing would be missed otherwise.
    if (!Object.is(store.get(), value)) redraw({});
    return store.subscribe(() => redraw({}));
  }, [store]);
  return value;
}
