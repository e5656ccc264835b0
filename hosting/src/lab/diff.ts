/** A stretch of text that both versions have, or that only one has. */
export type Piece = { kind: "same" | "added" | "removed"; text: string };

/** A table of this many cells is drawn up at once; past it, a stretch counts as rewritten as a whole. */
const MOST_CELLS = 4_000_000;

/**
 * What changed from one text to the other, to be read: first by line, then by word where lines changed. The pieces
 * that are not `added` make up the first text, those that are not `removed` the second.
 */
export function compareTexts(from: string, to: string): Piece[] {
  const byLine = compareParts(linesOf(from), linesOf(to));
  const pieces: Piece[] = [];
  for (let at = 0; at < byLine.length; at++) {
    const [one, next] = [byLine[at], byLine[at + 1]];
    if (one?.kind === "removed" && next?.kind === "added") {
      pieces.push(...compareParts(wordsOf(one.text), wordsOf(next.text)));
      at++;
    } else if (one) pieces.push(one);
  }
  return joined(pieces);
}

const linesOf = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
/** Words with the space after them; each break is a part of its own. */
const wordsOf = (text: string) => text.match(/\n|[^\S\n]+|\S+[^\S\n]?/g) ?? [];

/** The longest common subsequence of the parts, as pieces; a removed one stands before the added one. */
function compareParts(from: string[], to: string[]): Piece[] {
  const head = commonHead(from, to);
  const tail = commonHead(from.slice(head).reverse(), to.slice(head).reverse());
  const middle = compareMiddle(from.slice(head, from.length - tail), to.slice(head, to.length - tail));
  return joined([
    { kind: "same", text: from.slice(0, head).join("") },
    ...middle,
    { kind: "same", text: from.slice(from.length - tail).join("") },
  ]);
}

function commonHead(one: string[], other: string[]): number {
  let length = 0;
  while (length < Math.min(one.length, other.length) && one[length] === other[length]) length++;
  return length;
}

function compareMiddle(from: string[], to: string[]): Piece[] {
  if (from.length * to.length > MOST_CELLS) {
    return [
      { kind: "removed", text: from.join("") },
      { kind: "added", text: to.join("") },
    ];
  }
  const width = to.length + 1;
  const common = commonLengths(from, to);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    const [old = "", fresh = ""] = [from[i], to[j]];
    const skipsOld = common[(i + 1) * width + j] ?? 0;
    const skipsNew = common[i * width + j + 1] ?? 0;
    if (i < from.length && j < to.length && old === fresh) {
      pieces.push({ kind: "same", text: old });
      i++;
      j++;
    } else if (j === to.length || (i < from.length && skipsOld >= skipsNew)) {
      pieces.push({ kind: "removed", text: old });
      i++;
    } else {
      pieces.push({ kind: "added", text: fresh });
      j++;
    }
  }
  return pieces;
}

/** Cell i, j: how many parts the rest of `from` after i and the rest of `to` after j have in common, in order. */
function commonLengths(from: string[], to: string[]): Uint32Array {
  const width = to.length + 1;
  const cells = new Uint32Array((from.length + 1) * width);
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      const at = i * width + j;
      cells[at] =
        from[i] === to[j]
          ? (cells[at + width + 1] ?? 0) + 1
          : Math.max(cells[at + width] ?? 0, cells[at + 1] ?? 0);
    }
  }
  return cells;
}

/** The space that both end with: it did not change, and marks read better without it. */
const sharedSpace = (one: string, other: string) =>
  /\s$/.test(one) && one.at(-1) === other.at(-1) ? one.at(-1) : "";

/** Neighbours of a kind as one; within a changed stretch everything removed stands before everything added. */
function joined(pieces: Piece[]): Piece[] {
  const whole: Piece[] = [];
  let [removed, added] = ["", ""];
  const flush = () => {
    const space = removed && added && sharedSpace(removed, added);
    if (space) [removed, added] = [removed.slice(0, -1), added.slice(0, -1)];
    if (removed) whole.push({ kind: "removed", text: removed });
    if (added) whole.push({ kind: "added", text: added });
    if (space) whole.push({ kind: "same", text: space });
    [removed, added] = ["", ""];
  };
  for (const { kind, text } of pieces) {
    if (text === "") continue;
    if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else {
      flush();
      const last = whole.at(-1);
      if (last?.kind === "same") last.text += text;
      else whole.push({ kind, text });
    }
  }
  flush();
  return whole;
}
