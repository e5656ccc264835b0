import type { ComponentChildren } from "preact";
import type { ApiError } from "../client/errors";
import { texts } from "../texts";

/** What an error says to a person: what happened, what is safe, what to do next. */
export const wordsFor = (error: ApiError): string =>
  texts.errors[error.code] ?? (error.message || texts.errors.internal || "");

/** A failure in its place on the page, with a way on where there is one. */
export function Notice({ error, again }: { error: ApiError; again?: (() => void) | null }) {
  const mild = error.code === "stopped" || error.code === "interrupted";
  return (
    <div class={mild ? "notice notice-mild" : "notice"} role={mild ? "status" : "alert"}>
      <p>{wordsFor(error)}</p>
      {error.details.requestId && (
        <p class="whisper">{texts.failed.code(error.code, error.details.requestId)}</p>
      )}
      {again && (
        <button type="button" class="button button-quiet" onClick={again}>
          {texts.failed.again}
        </button>
      )}
    </div>
  );
}

type EmptyProps = { title: string; what: string; level?: 1 | 2; children?: ComponentChildren };

/** A page or a part of one that has nothing to show: says so, and invites. */
export function Empty({ title, what, level = 2, children }: EmptyProps) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div class="empty">
      <EmptyWindow />
      <Heading>{title}</Heading>
      <p class="lede">{what}</p>
      {children}
    </div>
  );
}

function EmptyWindow() {
  return (
    <svg class="empty-window" viewBox="0 0 72 88" aria-hidden="true">
      <path d="M1 36a35 35 0 0 1 70 0v44a7 7 0 0 1-7 7H8a7 7 0 0 1-7-7Z" />
      <path d="M36 1v86M1 38h70" />
    </svg>
  );
}
