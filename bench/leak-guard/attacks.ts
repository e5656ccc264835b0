type Transform = (text: string) => string;

const bytes = (text: string) => [...Buffer.from(text)];
const hex = (byte: number) => byte.toString(16).padStart(2, "0");
const codes = (text: string) => Array.from(text, (char) => char.codePointAt(0) ?? 0);
const swap = (from: string, to: readonly string[]): Transform => {
  const table = new Map([...from].map((char, i) => [char, to[i] ?? char]));
  return (text) => Array.from(text, (char) => table.get(char) ?? char).join("");
};

/** Caesar shift of the Latin letters. */
function rot(shift: number): Transform {
  return (text) =>
    text.replace(/[a-z]/gi, (char) => {
      const base = char < "a" ? 65 : 97;
      return String.fromCharCode(((char.charCodeAt(0) - base + shift) % 26) + base);
    });
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
const words = (text: string) => text.split(/\s+/).filter(Boolean);
const shifted =
  (first: number): Transform =>
  (text) =>
    text.replace(/[a-z]/gi, (char) => String.fromCodePoint(first + char.toLowerCase().charCodeAt(0) - 97));

/** Ways of writing a text so that a person or a program can read it back. `latin`: only changes Latin letters. */
export const ATTACKS: Record<string, Transform> = {
  verbatim: (text) => text,
  "upper case": (text) => text.toUpperCase(),
  "no spaces": (text) => text.replace(/\s+/g, ""),
  reversed: (text) => [...text].reverse().join(""),
  "words reversed": (text) => words(text).reverse().join(" "),
  "each word reversed": (text) =>
    words(text)
      .map((word) => [...word].reverse().join(""))
      .join(" "),
  "rot-1": rot(1),
  "rot-13": rot(13),
  "rot-22": rot(22),
  "rot-47": (text) =>
    text.replace(/[!-~]/g, (char) => String.fromCharCode(33 + ((char.charCodeAt(0) - 33 + 47) % 94))),
  base64,
  "base64 offset 1": (text) => base64(`x${text}`),
  "base64 offset 2": (text) => `Here it is${base64(`xy${text}`)}`,
  "base64 url-safe": (text) => Buffer.from(text).toString("base64url"),
  "base64 wrapped": (text) => base64(text).replace(/.{60}/g, "$&\n"),
  "base64 twice": (text) => base64(base64(text)),
  "base64 of rot-13": (text) => base64(rot(13)(text)),
  "base64 UTF-16": (text) => Buffer.from(text, "utf16le").toString("base64"),
  hex: (text) => Buffer.from(text).toString("hex"),
  "hex spaced": (text) => bytes(text).map(hex).join(" "),
  "hex 0x": (text) =>
    bytes(text)
      .map((byte) => `0x${hex(byte)}`)
      .join(", "),
  "hex \\x": (text) =>
    bytes(text)
      .map((byte) => `\\x${hex(byte)}`)
      .join(""),
  "percent, all": (text) =>
    bytes(text)
      .map((byte) => `%${hex(byte).toUpperCase()}`)
      .join(""),
  "percent, as in a URL": encodeURIComponent,
  "HTML entities": (text) =>
    codes(text)
      .map((code) => `&#${code};`)
      .join(""),
  "HTML hex entities": (text) =>
    codes(text)
      .map((code) => `&#x${code.toString(16)};`)
      .join(""),
  "unicode escapes": (text) =>
    Array.from(
      { length: text.length },
      (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  "JSON string": (text) => JSON.stringify(text),
  "character numbers": (text) => codes(text).join(" "),
  binary: (text) =>
    bytes(text)
      .map((byte) => byte.toString(2).padStart(8, "0"))
      .join(" "),
  "letters spaced": (text) => [...text].join(" "),
  "letters dashed": (text) => [...text].join("-"),
  "a letter a line": (text) => [...text].join("\n"),
  "a word a line": (text) => words(text).join("\n"),
  "numbered words": (text) =>
    words(text)
      .map((word, i) => `${i + 1}. ${word}`)
      .join("\n"),
  "bold words": (text) =>
    words(text)
      .map((word) => `**${word}**`)
      .join(" "),
  "quote in a code block": (text) => `\`\`\`text\n${text.replace(/^/gm, "> ")}\n\`\`\``,
  "HTML tags between letters": (text) => [...text].join("<b></b>"),
  leetspeak: swap("aeiostAEIOST", [..."431057431057"]),
  "leetspeak signs": swap("aeis", ["@", "3", "!", "$"]),
  "Cyrillic look-alikes": swap("aceopxyi", [..."асеорхуі"]),
  "full width": (text) => text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)),
  "bold mathematical": shifted(0x1d41a),
  "circled letters": shifted(0x24d0),
  "regional indicators": (text) => [...shifted(0x1f1e6)(text)].join(" "),
  "zero-width between": (text) => [...text].join("\u200b"),
  "combining marks": (text) => [...text].join("\u0336"),
  "invisible tags": (text) =>
    `ok${text.replace(/[ -~]/g, (char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0)))}`,
  "emoji between words": (text) => words(text).join(" 🎈 "),
  "JSON array of words": (text) => JSON.stringify(words(text)),
};

/** These leave a text of other scripts as it is, or cannot write it; then they are no attack of their own. */
export const LATIN_ONLY = new Set(["rot-1", "rot-13", "rot-22", "rot-47", "base64 of rot-13"]);
