const SENTENCE_END = /[.!?…]["'”’»)\]*_]*\s|[。！？]|\n/g;

/** The whole sentences that stand in `text` after `from`, for reading aloud while it is being written. */
export function sentencesAfter(text: string, from: number): { said: string; upTo: number } {
  let upTo = from;
  for (const { index, 0: end } of text.slice(from).matchAll(SENTENCE_END)) upTo = from + index + end.length;
  return { said: aloud(text.slice(from, upTo)), upTo };
}

/** Markdown as it is read aloud: without its marks, a link by its words. */
export const aloud = (text: string) =>
  text
    .replace(/!?\[([^\][]*)\]\([^()]*\)/g, "$1")
    .replace(/[*_`~#>|]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
