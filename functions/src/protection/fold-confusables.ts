/**
 * Characters that look like Latin letters but are not mapped to them by NFKD, as `latin: look-alikes`.
 * Chosen from Unicode TS 39 (confusables) for the scripts a model can be asked to write Latin text in:
 * Cyrillic, Greek, Armenian, Cherokee, small capitals, crossed and hooked letters, turned letters, Braille.
 * Keys and values are compared after lower-casing, so upper and lower case always fold alike.
 */
const LOOKALIKES: Record<string, string> = {
  a: "аαɑᴀɐ⠁ꭺ",
  b: "вβʙƀɓь⠃",
  c: "сϲᴄƈȼɔↄ⠉ꮯ",
  d: "ԁᴅđɖɗð⠙ꭰꮷ",
  e: "еεᴇɇǝəɛєҽзℯ⠑ꭼ",
  f: "ƒꜰϝɟք⠋",
  g: "ɡɢǥɠցԍƃᵷ⠛ꮐ",
  h: "һнʜħհɥ⠓ꮋҥ",
  i: "іιɪıɩɨӏᴉ⠊ꭵǀ",
  j: "јᴊȷɉϳɾ⠚ꭻ",
  k: "кκᴋƙʞ⠅ꮶқ",
  l: "ʟłƚɫℓꞁ⠇ꮮ",
  m: "мᴍɱɯ⠍ꮇμ",
  n: "пηɴŋɲոռ⠝",
  o: "оοσᴏøɵօө⠕ꮎ",
  p: "рρᴘƥþ⠏ꮲ",
  q: "ԛǫʠզ⠟",
  r: "гʀɍɽɹꭱꮢ⠗",
  s: "ѕꜱʂƽ⠎ꮪ",
  t: "тτᴛŧƭʇ⠞ꭲ",
  u: "υᴜʉսц⠥",
  v: "νᴠѵʋʌ⠧ꮩ",
  w: "ԝωᴡʍѡա⠺ꮃ",
  x: "хχӿ⠭",
  y: "уγʏүɏʎч⠽",
  z: "ᴢƶȥʐ⠵ꮓ",
};

/** Folded letters for one look-alike code point (two letters for ligatures). */
const TABLE = new Map<number, string>([
  [0xdf, "ss"],
  [0xe6, "ae"],
  [0x153, "oe"],
]);
for (const [latin, others] of Object.entries(LOOKALIKES)) {
  for (const other of others.toLowerCase()) {
    const code = other.codePointAt(0) ?? 0;
    if (!TABLE.has(code) && !/\p{M}/u.test(other)) TABLE.set(code, latin);
  }
}

/** Blocks of 26 letters that NFKD leaves alone: [first code point, how it is counted from a]. */
const ALPHABETS = [0x1f150, 0x1f170, 0x1f1e6, 0xe0041, 0xe0061];

/**
 * The Latin letters a lower-case code point stands for, or undefined when it stands for itself.
 * Covers look-alikes, negative circled and squared letters, flags' letters and invisible tag letters.
 */
export function latinFor(code: number): string | undefined {
  for (const first of ALPHABETS) {
    if (code >= first && code < first + 26) return String.fromCharCode(97 + code - first);
  }
  if (code >= 0xe0030 && code <= 0xe0039) return String.fromCharCode(code - 0xe0000);
  return TABLE.get(code);
}

/** Capitals whose look differs from that of their lower case: read by look in the view that undoes disguises. */
export const CAPITAL_LOOKS = new Map<number, number>(
  Object.entries({ Η: "h", Ν: "n", Υ: "y", Ϲ: "c", П: "n", Ь: "b" }).map(([capital, look]) => [
    capital.codePointAt(0) ?? 0,
    look.charCodeAt(0),
  ]),
);

/** Letters turned upside down by swapping; the others are in the look-alikes. */
export const TURNED = new Map<number, number>(
  ["bq", "du", "dp", "nu"].flatMap(([a, b]) =>
    a && b
      ? ([
          [a.charCodeAt(0), b.charCodeAt(0)],
          [b.charCodeAt(0), a.charCodeAt(0)],
        ] as const)
      : [],
  ),
);
