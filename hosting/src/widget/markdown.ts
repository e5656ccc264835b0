/**
 * The small part of Markdown that replies in a chat use, read into plain values: paragraphs, headings, lists, quotes,
 * code, emphasis, links. HTML is text, pictures are links, and a link goes to the web or to mail only.
 */
export type Piece = string | { tag: string; href?: string; start?: number; children: Piece[] };

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}#{1,6} +(.*?)(?: +#+)? *$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|(\d{1,9})[.)]) +/;
const RULE = /^ {0,3}([-*_])( *\1){2,} *$/;

/** Deeper than this nobody nests; a text that does is shown as it was written. */
const DEEPEST = 8;

/** Text as blocks. Never throws, whatever the text is. */
export function readMarkdown(text: string): Piece[] {
  return blocks(text.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").split("\n"), 0);
}

function blocks(lines: string[], depth: number): Piece[] {
  const pieces: Piece[] = [];
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length > 0) pieces.push({ tag: "p", children: inline(paragraph.join("\n").trim()) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const block = depth < DEEPEST ? blockAt(lines, at, depth) : null;
    if (block) {
      flush();
      pieces.push(block.piece);
      at = block.next;
    } else {
      if (line.trim() === "") flush();
      else paragraph.push(line.trim());
      at++;
    }
  }
  flush();
  return pieces;
}

type Block = { piece: Piece; next: number };

/** The block that starts at a line, unless that is a paragraph's. */
function blockAt(lines: string[], at: number, depth: number): Block | null {
  const line = lines[at] ?? "";
  const fence = FENCE.exec(line)?.[1];
  if (fence) return code(lines, at, fence);
  const heading = HEADING.exec(line)?.[1];
  if (heading !== undefined) return { piece: { tag: "h3", children: inline(heading) }, next: at + 1 };
  if (RULE.test(line)) return { piece: { tag: "hr", children: [] }, next: at + 1 };
  if (QUOTE.test(line)) {
    const next = endOf(lines, at, (one) => QUOTE.test(one));
    const quoted = lines.slice(at, next).map((one) => one.replace(QUOTE, ""));
    return { piece: { tag: "blockquote", children: blocks(quoted, depth + 1) }, next };
  }
  return ITEM.test(line) ? list(lines, at, depth) : null;
}

function endOf(lines: string[], from: number, goesOn: (line: string, at: number) => boolean): number {
  let at = from;
  while (at < lines.length && goesOn(lines[at] ?? "", at)) at++;
  return at;
}

function code(lines: string[], at: number, fence: string): Block {
  const end = endOf(lines, at + 1, (line) => !line.trimStart().startsWith(fence));
  const text = lines.slice(at + 1, end).join("\n");
  return { piece: { tag: "pre", children: [{ tag: "code", children: [text] }] }, next: end + 1 };
}

/** Items of one kind; what stands deeper than an item's mark, or follows it without a gap, belongs to that item. */
function list(lines: string[], at: number, depth: number): Block {
  const first = ITEM.exec(lines[at] ?? "");
  const ordered = first?.[3] !== undefined;
  const items: Piece[] = [];
  let next = at;
  for (;;) {
    const mark = ITEM.exec(lines[next] ?? "");
    if (!mark || (mark[3] !== undefined) !== ordered) break;
    const width = mark[0].length;
    const end = endOf(lines, next + 1, (line, where) => belongs(lines, line, where));
    const [head = "", ...rest] = lines.slice(next, end);
    const own = [head.slice(width), ...rest.map((line) => line.replace(new RegExp(`^ {0,${width}}`), ""))];
    items.push({ tag: "li", children: unwrap(blocks(own, depth + 1)) });
    next = end;
    const after = endOf(lines, next, (line) => line.trim() === "");
    if (ITEM.test(lines[after] ?? "")) next = after;
  }
  const start = ordered ? { start: Number(first?.[3]) } : {};
  return { piece: { tag: ordered ? "ol" : "ul", ...start, children: items }, next };
}

const STARTS = [FENCE, HEADING, RULE, QUOTE, ITEM];

function belongs(lines: string[], line: string, at: number): boolean {
  if (/^ {2,}\S/.test(line)) return true;
  if (line.trim() === "") return /^ {2,}\S/.test(lines[at + 1] ?? "");
  return (lines[at - 1] ?? "").trim() !== "" && !STARTS.some((start) => start.test(line));
}

/** A tight item's words stand in it directly. */
function unwrap(pieces: Piece[]): Piece[] {
  const [first, ...rest] = pieces;
  return typeof first === "object" && first.tag === "p" ? [...first.children, ...rest] : pieces;
}

/** What stands between two marks is bounded: a reply of marks alone would otherwise be searched for each of them. */
const SPAN = ".{1,300}?";

const INLINE = new RegExp(
  [
    `(?<ticks>(?<!\`)\`{1,9})(?<code>${SPAN})\\k<ticks>(?!\`)`,
    `\\*\\*(?=\\S)(?<bold>${SPAN})\\*\\*|__(?=\\S)(?<bold2>${SPAN})__(?!\\w)`,
    `\\*(?=[^\\s*])(?<italic>${SPAN})\\*|(?<!\\w)_(?=[^\\s_])(?<italic2>${SPAN})_(?!\\w)`,
    '!?\\[(?<words>[^\\][]{0,300})\\]\\(<?(?<href>[^()\\s<>]{1,2000})>?(?:\\s{1,9}"[^"]{0,300}")?\\)',
    "(?<bare>https?://[^\\s<>()]{0,2000}[^\\s<>().,;:!?'\"*_])",
    "\\\\(?<escaped>[!-/:-@[-`{-~])",
    "(?<line>\\n)",
  ].join("|"),
  "gs",
);

function inline(text: string, depth = 0): Piece[] {
  if (depth > DEEPEST) return [text];
  const pieces: Piece[] = [];
  let last = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > last) pieces.push(text.slice(last, match.index));
    pieces.push(...marked(match[0], match.groups ?? {}, depth + 1));
    last = match.index + match[0].length;
  }
  if (last < text.length) pieces.push(text.slice(last));
  return pieces;
}

function marked(raw: string, groups: Record<string, string | undefined>, depth: number): Piece[] {
  const { code, bold, bold2, italic, italic2, words, href, bare, escaped } = groups;
  if (code !== undefined) return [{ tag: "code", children: [code] }];
  const strong = bold ?? bold2;
  if (strong !== undefined) return [{ tag: "strong", children: inline(strong, depth) }];
  const em = italic ?? italic2;
  if (em !== undefined) return [{ tag: "em", children: inline(em, depth) }];
  if (href !== undefined) return link(href, words ? inline(words, depth) : [href]);
  if (bare !== undefined) return link(bare, [bare]);
  if (escaped !== undefined) return [escaped];
  return raw === "\n" ? [{ tag: "br", children: [] }] : [raw];
}

const link = (href: string, children: Piece[]): Piece[] =>
  /^(https?:\/\/|mailto:)/i.test(href) ? [{ tag: "a", href, children }] : children;
