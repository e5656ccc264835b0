import { useEffect, useState } from "preact/hooks";
import { minding } from "./account";
import { type ApiError, toApiError } from "./errors";

type Loaded<T> = { data: T | undefined; error: ApiError | undefined; reload: () => void };

/** Loads something when the component appears and when `about` changes; `known` is shown meanwhile. */
export function useLoad<T>(load: () => Promise<T>, about: unknown[], known?: T): Loaded<T> {
  const [tries, setTries] = useState(0);
  const [state, setState] = useState<{ for: string; data?: T; error?: ApiError }>({ for: "" });
  const what = JSON.stringify([...about, tries]);
  useEffect(() => {
    let current = true;
    minding(load()).then(
      (data) => current && setState({ for: what, data }),
      (thrown) => current && setState({ for: what, error: toApiError(thrown) }),
    );
    return () => {
      current = false;
    };
  }, [what]);
  // The answer to an earlier question is no answer to this one.
  const fresh = state.for === what;
  return {
    data: fresh ? (state.data ?? undefined) : known,
    error: fresh ? state.error : undefined,
    reload: () => setTries(tries + 1),
  };
}
