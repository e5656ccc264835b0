/**
 * Closes what is still open at the end of Markdown that is being written (bold, code), so that its marks do
 * not flicker while the rest is on its way.
 */
export function heal(text: string): string {
  const fences = text.match(/^ {0,3}(```|~~~)/gm)?.length ?? 0;
  // An open fence is a code block to its end: nothing in it is a mark.
  if (fences % 2 === 1) return text;
  const start = text.lastIndexOf("\n\n") + 1;
  const block = text.slice(start).replace(/`[^`\n]*`/g, "");
  if (block.includes("`")) return `${text}\``;
  const bold = block.match(/\*\*/g)?.length ?? 0;
  if (bold % 2 === 0) return text;
  return /\*\*\s*$/.test(text) ? text.replace(/\*\*\s*$/, "") : `${text.replace(/\*$/, "")}**`;
}
