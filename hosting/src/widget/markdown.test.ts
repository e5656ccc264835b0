import fc from "fast-check";
import { type Piece, readMarkdown } from "./markdown";

/** A tree in a line: `p(Hello strong(you))`. */
const show = (pieces: Piece[]): string =>
  pieces
    .map((piece) =>
      typeof piece === "string"
        ? piece
        : `${piece.tag}${piece.href ? `=${piece.href}` : ""}(${show(piece.children)})`,
    )
    .join("");

test.each([
  ["paragraphs and line breaks", "One\ntwo\n\nThree", "p(Onebr()two)p(Three)"],
  [
    "emphasis",
    "a **bold** and *soft* and __x__ and _y_",
    "p(a strong(bold) and em(soft) and strong(x) and em(y))",
  ],
  ["emphasis inside emphasis", "**a *b* c**", "p(strong(a em(b) c))"],
  ["names with underscores and sums stay", "snake_case_name 2 * 3 * 4", "p(snake_case_name 2 * 3 * 4)"],
  ["code", "use `a*b*` or ``x`y``", "p(use code(a*b*) or code(x`y))"],
  ["a fence keeps what is in it", "```js\n**a**\n\n# b\n```\nend", "pre(code(**a**\n\n# b))p(end)"],
  ["an open fence is code to its end", "```\nleft open", "pre(code(left open))"],
  ["a heading", "## Plan ##\ntext", "h3(Plan)p(text)"],
  ["a list", "- one\n- two\n\nafter", "ul(li(one)li(two))p(after)"],
  ["a numbered list", "1. one\n2. two", "ol(li(one)li(two))"],
  ["a list in a list", "- one\n  - deep\n- two", "ul(li(oneul(li(deep)))li(two))"],
  ["a loose list is one list", "1. one\n\n2. two", "ol(li(one)li(two))"],
  ["an item's second line", "- one\ngoes on\n- two", "ul(li(onebr()goes on)li(two))"],
  ["a quote", "> said\n> so", "blockquote(p(saidbr()so))"],
  [
    "a link",
    "[here](https://a.example/b) https://c.example.",
    "p(a=https://a.example/b(here) a=https://c.example(https://c.example).)",
  ],
  ["no link but to web and mail", "[x](javascript:alert`1`) [y](data:text/html,z)", "p(x y)"],
  ["a picture is a link", "![cat](https://a.example/c.png)", "p(a=https://a.example/c.png(cat))"],
  ["HTML is text", "<b onclick=x>hi</b>", "p(<b onclick=x>hi</b>)"],
  ["an escaped mark", "\\*not\\*", "p(*not*)"],
  ["a rule", "a\n\n---\nb", "p(a)hr()p(b)"],
])("%s", (_, text, tree) => expect(show(readMarkdown(text))).toBe(tree));

test("any text is read, in tags of a short list, with links to web and mail alone", () => {
  const letters = fc.constantFrom(..."ab *_`[]()!\\\n>#-1.~", "https://a.b", "javascript:");
  const tags = new Set([
    "p",
    "h3",
    "hr",
    "blockquote",
    "pre",
    "code",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "br",
  ]);
  const check = (piece: Piece): void => {
    if (typeof piece === "string") return;
    expect(tags).toContain(piece.tag);
    if (piece.href !== undefined) expect(piece.href).toMatch(/^(https?:\/\/|mailto:)/i);
    piece.children.forEach(check);
  };
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 60 }), (parts) => readMarkdown(parts.join("")).forEach(check)),
    { numRuns: 2_000 },
  );
});

test.each(["** [a](", "> ", "- ", "*_", "`", "1. "])(
  "a long reply of nothing but %j is read at once",
  (mark) => {
    const started = performance.now();
    readMarkdown(mark.repeat(4_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  },
);
