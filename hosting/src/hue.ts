/** A well-mixed 32-bit number of a text (FNV-1a with a final avalanche): the same for ever, for colours and faces. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** An assistant's own hue, in degrees of oklch. In steps, so that two hues are the same or clearly apart. */
const hueOf = (id: string) => (hash(id) % 24) * 15;

/** The style that gives an element (class `hued`) its assistant's colours. Set by property, as the CSP wants. */
export const hued = (id: string) => ({ "--hue": String(hueOf(id)) });
