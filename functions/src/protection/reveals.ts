/** Letters a word must have to say something. */
const LONG_WORD = 5;
/** Words in a row that count as quoted. */
const QUOTE = 6;
/** A reply that has this share of the prompt's telling words, or of its rows of words, gives it away. */
const WORD_SHARE = 0.6;
const QUOTE_SHARE = 0.15;

/**
 * Whether a text gives a prompt away, told in another manner than the leak guard's: by the words that both share, so
 * that close paraphrases are noticed too. Looks at the text as it is, backwards, without its gaps, and decoded.
 * Made for the few texts of a check; not for streams.
 */
export function reveals(text: string, prompt: string): boolean {
  return readings(text).some((reading) => sharesWords(wordsOf(reading), wordsOf(prompt)));
}

function sharesWords(said: string[], secret: string[]): boolean {
  const rows = new Set(rowsOf(secret));
  const quoted = new Set(rowsOf(said).filter((row) => rows.has(row)));
  if (rows.size > 0 && quoted.size / rows.size >= QUOTE_SHARE) return true;
  const telling = new Set(secret.filter((word) => word.length >= LONG_WORD));
  const used = new Set(said.filter((word) => telling.has(word)));
  return telling.size >= 8 && used.size / telling.size >= WORD_SHARE;
}

const wordsOf = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/\p{sc=Han}|[\p{L}\p{N}]+/gu) ?? [];

const rowsOf = (words: string[]): string[] =>
  words.slice(QUOTE - 1).map((_, at) => words.slice(at, at + QUOTE).join(" "));

function readings(text: string): string[] {
  const encoded = text.match(/[A-Za-z0-9+/]{40,}/g) ?? [];
  return [
    text,
    Array.from(text).reverse().join(""),
    text.replace(/(\S)[-.·_ ](?=\S(?:[-.·_ ]|$))/gm, "$1"),
    encoded.map((part) => Buffer.from(part, "base64").toString()).join(" "),
  ];
}
