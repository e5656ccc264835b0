import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../client/errors";
import { texts } from "../texts";
import { Notice } from "./notice";

/** A page whose script comes when somebody goes there: the first page stays small. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>) {
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
