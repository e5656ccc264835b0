function counts(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? [])
    found.set(word, (found.get(word) ?? 0) + 1);
  return found;
}

/**
 * The original's rule: cosine similarity of the TF-IDF vectors of reply and prompt, fitted on these two, with
 * scikit-learn's defaults (words of two and more characters, smooth idf, l2). It blocks above 0.6.
 */
export function similarity(reply: string, prompt: string): number {
  const [a, b] = [counts(reply), counts(prompt)];
  const rare = Math.log(3 / 2) + 1;
  let [dot, lengthA, lengthB] = [0, 0, 0];
  for (const [word, count] of a) {
    const other = b.get(word);
    lengthA += (count * (other ? 1 : rare)) ** 2;
    if (other) dot += count * other;
  }
  for (const [word, count] of b) lengthB += (count * (a.has(word) ? 1 : rare)) ** 2;
  return lengthA && lengthB ? dot / Math.sqrt(lengthA * lengthB) : 0;
}
