import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "./client/errors";
import { Notice } from "./components/notice";
import { texts } from "./texts";

/** A page whose program is fetched when it is first shown. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  return function Later(props: Props) {
    const [Page, setPage] = useState<ComponentType<Props> | null>(null);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      load().then(
        (page) => setPage(() => page),
        () => setFailed(true),
      );
    }, []);
    // A new version may have been put up since: its files have other names, which a reload finds.
    if (failed) return <Notice error={new ApiError("network", "")} again={() => location.reload()} />;
    return Page ? <Page {...props} /> : <p class="unseen">{texts.site.wait}</p>;
  };
}
