import type { ComponentChildren } from "preact";
import { texts } from "../texts";

/** A paragraph, or a list of points. May hold `code`, **strong** words and [links](/faq). */
export type Prose = readonly (string | readonly string[])[];

const MARKS = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\][]+)\]\(([^()]+)\)/g;

/** Our own longer texts as elements. What visitors or models write is never drawn by this. */
export function Rich({ prose }: { prose: Prose }) {
  return (
    <>
      {prose.map((block, i) =>
        typeof block === "string" ? (
          <p key={i}>{inline(block)}</p>
        ) : (
          <ul key={i}>
            {block.map((point) => (
              <li key={point}>{inline(point)}</li>
            ))}
          </ul>
        ),
      )}
    </>
  );
}

function inline(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const found of text.matchAll(MARKS)) {
    parts.push(text.slice(end, found.index));
    const [whole, code, strong, label, href = ""] = found;
    if (code) parts.push(<code>{code}</code>);
    else if (strong) parts.push(<strong>{strong}</strong>);
    else parts.push(<Link href={href}>{label}</Link>);
    end = found.index + whole.length;
  }
  return [...parts, text.slice(end)];
}

function Link({ href, children }: { href: string; children: ComponentChildren }) {
  if (href.startsWith("/")) return <a href={href}>{children}</a>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
      <span class="unseen"> {texts.site.newTab}</span>
    </a>
  );
}
