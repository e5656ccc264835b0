import { useEffect, useRef } from "preact/hooks";

/** A way to stop long work: when asked, and when its page is left. Each `signal` belongs to one piece of work. */
export function useAbort() {
  const current = useRef<AbortController | null>(null);
  const stop = () => current.current?.abort();
  useEffect(() => stop, []);
  return {
    signal: () => {
      current.current = new AbortController();
      return current.current.signal;
    },
    stop,
  };
}
