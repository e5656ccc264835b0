import type { ApiError } from "../client/errors";
import type { Session } from "../client/shapes";
import type { Entry } from "./entries";

/** A conversation as the page shows it; the text that is being written has a store of its own. */
export type View = {
  loading: boolean;
  session: Session | null;
  entries: Entry[];
  /** What is on its way: an opening, a reply or a recap. */
  busy: "opening" | "reply" | "recap" | null;
  /** A reply is on its way that another tab asked for. */
  elsewhere: boolean;
  /** The connection was lost and the same request goes out again. */
  reconnecting: boolean;
  recap: string | null;
  /** The model picked for what is said next, until it is said. */
  model: string | null;
  problem: { error: ApiError; again: (() => void) | null } | null;
};

export const EMPTY: View = {
  loading: true,
  session: null,
  entries: [],
  busy: null,
  elsewhere: false,
  reconnecting: false,
  recap: null,
  model: null,
  problem: null,
};
