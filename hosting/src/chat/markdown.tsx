import { marked, type Token, type Tokens } from "marked";
import type { ComponentChildren, VNode } from "preact";
import { useRef } from "preact/hooks";
import { CopyButton } from "../components/copy-button";
import { texts } from "../texts";
import { heal } from "./heal";

/** Deeper than this no honest reply is nested; what is would exhaust the stack. */
const MOST_DEEP = 24;
/** The same, told before it is read: that many marks of quotes and lists in one line. */
const ABSURD = /^(?:[^\S\n]*(?:>|[-+*]\s|\d{1,9}[.)]\s)){25}/m;
/** So many blocks at the end of a reply that is being written may still change: a list goes on, a line becomes a table. */
const UNSETTLED = 3;

/** The blocks of a growing reply that no further word changes, and where the rest begins. */
type Settled = { from: number; drawn: ComponentChildren[] };

const NOTHING: Settled = { from: 0, drawn: [] };

/**
 * Markdown as elements, never as a string of HTML: what the model writes cannot become code, HTML in it is
 * shown as text, links go to the web or to mail only, and pictures are links (nothing foreign is loaded).
 * While it grows only its end is read and drawn again.
 */
export function Markdown({ text, growing }: { text: string; growing: boolean }) {
  const settled = useRef(NOTHING);
  if (!growing) settled.current = NOTHING;
  const whole = text.replace(/\r\n?/g, "\n");
  if (settled.current.from > whole.length) settled.current = NOTHING;
  const { from, drawn } = settled.current;
  const rest = whole.slice(from);
  const tokens = read(growing ? heal(rest) : rest);
  const end = blocks(tokens);
  if (growing && tokens.length > UNSETTLED) {
    const done = tokens.length - UNSETTLED;
    const length = tokens.slice(0, done).reduce((sum, { raw }) => sum + raw.length, 0);
    settled.current = { from: from + length, drawn: [...drawn, ...end.slice(0, done)] };
  }
  return <div class="prose">{[...drawn, ...end]}</div>;
}

/** The text's blocks; one plain block where it is nested beyond reason. */
function read(text: string): Token[] {
  const tokens = ABSURD.test(text) ? null : lex(text);
  return tokens && !isTooDeep(tokens, MOST_DEEP) ? tokens : [{ type: "plain", raw: text }];
}

/** Null where the reader, which recurses too, had to give up. */
function lex(text: string): Token[] | null {
  try {
    return marked.lexer(text);
  } catch {
    return null;
  }
}

const isTooDeep = (tokens: Token[], left: number): boolean =>
  left === 0 || tokens.some((token) => isTooDeep(within(token), left - 1));

function within(token: Token): Token[] {
  if (token.type === "list") return (token as Tokens.List).items;
  if (token.type !== "table") return (token as Tokens.Generic).tokens ?? [];
  const { header, rows } = token as Tokens.Table;
  return [...header, ...rows.flat()].flatMap((cell) => cell.tokens);
}

type Draw = (token: never) => ComponentChildren;

const draw: Record<string, Draw> = {
  space: () => null,
  def: () => null,
  hr: () => <hr />,
  br: () => <br />,
  checkbox: () => null,
  plain: (t: Token) => asItIs(t.raw),
  html: (t: Tokens.HTML) => (t.block ? asItIs(t.raw) : t.raw),
  escape: (t: Tokens.Escape) => t.text,
  code: (t: Tokens.Code) => <CodeBlock text={t.text} />,
  codespan: (t: Tokens.Codespan) => <code>{t.text}</code>,
  paragraph: (t: Tokens.Paragraph) => <p dir="auto">{inside(t)}</p>,
  heading: (t: Tokens.Heading) => heading(t),
  blockquote: (t: Tokens.Blockquote) => <blockquote dir="auto">{inside(t)}</blockquote>,
  list: (t: Tokens.List) => list(t),
  table: (t: Tokens.Table) => table(t),
  strong: (t: Tokens.Strong) => <strong>{inside(t)}</strong>,
  em: (t: Tokens.Em) => <em>{inside(t)}</em>,
  del: (t: Tokens.Del) => <del>{inside(t)}</del>,
  link: (t: Tokens.Link) => link(t.href, inside(t)),
  image: (t: Tokens.Image) => link(t.href, t.text || t.href),
  text: (t: Tokens.Text) => (t.tokens ? inside(t) : t.text),
};

function blocks(tokens: Token[]): ComponentChildren[] {
  return tokens.map((token) => (draw[token.type] ?? plain)(token as never));
}

const plain = (token: Token) => token.raw;

const asItIs = (text: string) => (
  <p class="prose-plain" dir="auto">
    {text}
  </p>
);

const inside = (token: { tokens?: Token[] | undefined }) => blocks(token.tokens ?? []);

/** A reply's headings sit below the page's own. */
function heading(t: Tokens.Heading): VNode {
  const Level = (["h2", "h3", "h4"] as const)[Math.min(t.depth, 3) - 1] ?? "h4";
  return <Level dir="auto">{inside(t)}</Level>;
}

function list(t: Tokens.List): VNode {
  const items = t.items.map((item, at) => (
    <li key={at} dir="auto">
      {blocks(item.tokens)}
    </li>
  ));
  if (!t.ordered) return <ul dir="auto">{items}</ul>;
  return (
    <ol dir="auto" start={t.start === "" ? 1 : t.start}>
      {items}
    </ol>
  );
}

function table(t: Tokens.Table): VNode {
  const align = (cell: Tokens.TableCell) => (cell.align ? `to-${cell.align}` : undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it.
    <div class="prose-table" tabIndex={0}>
      <table dir="auto">
        <thead>
          <tr>
            {t.header.map((cell) => (
              <th class={align(cell)}>{inside(cell)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {t.rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td class={align(cell)}>{inside(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A link says where it leads (its words may say something else). */
function link(href: string, children: ComponentChildren): ComponentChildren {
  if (!/^(https?:\/\/|mailto:)/i.test(href) || !URL.canParse(href)) return children;
  return (
    <a href={href} title={new URL(href).href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
      <span class="unseen"> {texts.site.newTab}</span>
    </a>
  );
}

function CodeBlock({ text }: { text: string }) {
  return (
    <div class="prose-code" dir="ltr">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it. */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <CopyButton text={() => text} label={texts.chat.copyCode} />
    </div>
  );
}
