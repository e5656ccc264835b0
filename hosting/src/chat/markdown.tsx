import { marked, type Token, type Tokens } from "marked";
import type { ComponentChildren, VNode } from "preact";
import { CopyButton } from "../components/copy-button";
import { texts } from "../texts";
import { heal } from "./heal";

/**
 * Markdown as elements, never as a string of HTML: what the model writes cannot become code, HTML in it is
 * shown as text, links go to the web or to mail only, and pictures are links (nothing foreign is loaded).
 */
export function Markdown({ text, growing }: { text: string; growing: boolean }) {
  return <div class="prose">{blocks(marked.lexer(growing ? heal(text) : text))}</div>;
}

type Draw = (token: never) => ComponentChildren;

const draw: Record<string, Draw> = {
  space: () => null,
  def: () => null,
  hr: () => <hr />,
  br: () => <br />,
  checkbox: () => null,
  html: (t: Tokens.HTML) => t.raw,
  escape: (t: Tokens.Escape) => t.text,
  code: (t: Tokens.Code) => <CodeBlock text={t.text} />,
  codespan: (t: Tokens.Codespan) => <code>{t.text}</code>,
  paragraph: (t: Tokens.Paragraph) => <p>{inside(t)}</p>,
  heading: (t: Tokens.Heading) => heading(t),
  blockquote: (t: Tokens.Blockquote) => <blockquote>{inside(t)}</blockquote>,
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

const inside = (token: { tokens?: Token[] | undefined }) => blocks(token.tokens ?? []);

/** A reply's headings sit below the page's own two levels. */
function heading(t: Tokens.Heading): VNode {
  const Level = (["h3", "h4", "h5"] as const)[Math.min(t.depth, 3) - 1] ?? "h5";
  return <Level>{inside(t)}</Level>;
}

function list(t: Tokens.List): VNode {
  const items = t.items.map((item, at) => <li key={at}>{blocks(item.tokens)}</li>);
  return t.ordered ? <ol start={t.start === "" ? 1 : t.start}>{items}</ol> : <ul>{items}</ul>;
}

function table(t: Tokens.Table): VNode {
  const align = (cell: Tokens.TableCell) => (cell.align ? `to-${cell.align}` : undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it.
    <div class="prose-table" tabIndex={0}>
      <table>
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

function link(href: string, children: ComponentChildren): ComponentChildren {
  if (!/^(https?:\/\/|mailto:)/i.test(href)) return children;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
      <span class="unseen"> {texts.site.newTab}</span>
    </a>
  );
}

function CodeBlock({ text }: { text: string }) {
  return (
    <div class="prose-code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it. */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <CopyButton text={() => text} label={texts.chat.copyCode} />
    </div>
  );
}
