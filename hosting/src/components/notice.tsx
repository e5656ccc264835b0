import type { ComponentChildren } from "preact";
import type { ApiError } from "../client/errors";
import { inTime } from "../format";
import { texts } from "../texts";

/** What an error says to a person: what happened, what is safe, what to do next. */
export const wordsFor = (error: ApiError): string =>
  texts.errors[error.code] ?? (error.message || texts.errors.internal || "");

/** The same once more would end the same way. */
const POINTLESS = new Set([
  "session_ended",
  "assistant_paused",
  "message_flagged",
  "context_too_long",
  "too_large",
  "invalid_request",
]);

type Props = { error: ApiError; again?: (() => void) | null; children?: ComponentChildren };

/** A failure in its place on the page, with a way on where there is one. */
export function Notice({ error, again, children }: Props) {
  const mild = error.code === "stopped" || error.code === "interrupted";
  return (
    <div class={mild ? "notice notice-mild" : "notice"} role={mild ? "status" : "alert"}>
      <p>
        {wordsFor(error)} <Help error={error} />
      </p>
      {children}
      {error.details.requestId && (
        <p class="whisper">{texts.failed.code(error.code, error.details.requestId)}</p>
      )}
      {again && !POINTLESS.has(error.code) && (
        <button type="button" class="button button-quiet" onClick={again}>
          {texts.failed.again}
        </button>
      )}
    </div>
  );
}

/** A shorter wait is over before it is read. */
const WORTH_SAYING_S = 30;

/** When to come back, and where the way out lies, as far as that is known. */
export function Help({ error }: { error: ApiError }) {
  const { retryAfterS } = error.details;
  const help = texts.help[error.code];
  return (
    <>
      {retryAfterS !== undefined && retryAfterS >= WORTH_SAYING_S && (
        <>{texts.failed.in(inTime(retryAfterS))} </>
      )}
      {help && (
        <a href={help.href} target="_blank" rel="noopener noreferrer">
          {help.text}
          <span class="unseen"> {texts.site.newTab}</span>
        </a>
      )}
    </>
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
