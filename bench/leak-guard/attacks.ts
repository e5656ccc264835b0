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

const ALPHABET = "abcdefghijklmnopqrstuvwxyz";
const NATO =
  "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey Xray Yankee Zulu 0 1 2 3 4 5 6 7 8 9".split(
    " ",
  );
const MORSE =
  ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.".split(
    " ",
  );
/** Each letter and digit by its table; spaces become slashes, the rest goes. */
const spelled =
  (table: readonly string[], between: string): Transform =>
  (text) =>
    Array.from(text.toLowerCase(), (char) =>
      /\s/.test(char) ? "/" : (table[`${ALPHABET}0123456789`.indexOf(char)] ?? ""),
    )
      .filter(Boolean)
      .join(between);
const letters = (text: string) => [...text.replace(/[^\p{L}\p{N}\p{M}]/gu, "").normalize("NFC")];

function bitGroups(text: string, width: number, digits: string): string {
  const bits = bytes(text)
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  return (bits.match(new RegExp(`.{1,${width}}`, "g")) ?? [])
    .map((group) => digits[Number.parseInt(group.padEnd(width, "0"), 2)])
    .join("");
}

function base85(text: string, digits: (value: number) => string): string {
  const data = Buffer.from(text);
  let written = "";
  for (let at = 0; at < data.length; at += 4) {
    let group = [0, 1, 2, 3].reduce((sum, i) => sum * 256 + (data[at + i] ?? 0), 0);
    let five = "";
    for (let i = 0; i < 5; i++) {
      five = digits(group % 85) + five;
      group = Math.floor(group / 85);
    }
    written += five;
  }
  return written;
}
const B85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

function uuencode(text: string): string {
  const data = Buffer.from(text);
  const sixes = Array.from({ length: 64 }, (_, i) => String.fromCharCode(i === 0 ? 96 : 32 + i)).join("");
  return Array.from({ length: Math.ceil(data.length / 45) }, (_, line) => {
    const part = data.subarray(45 * line, 45 * line + 45);
    const bits = [...part].map((byte) => byte.toString(2).padStart(8, "0")).join("");
    const groups = bits.padEnd(Math.ceil(bits.length / 24) * 24, "0").match(/.{6}/g) ?? [];
    return `${sixes[part.length]}${groups.map((group) => sixes[Number.parseInt(group, 2)]).join("")}`;
  }).join("\n");
}

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
  "JSON, a key for each word": (text) =>
    JSON.stringify(Object.fromEntries(words(text).map((word, i) => [`w${i}`, word]))),
  "JSON, an object for each word": (text) =>
    JSON.stringify(words(text).map((word, index) => ({ index, word }))),
  "table of words": (text) =>
    words(text)
      .map((word, i) => `| ${i + 1} | ${word} |`)
      .join("\n"),
  "line numbers": (text) => text.replace(/^/gm, () => "12: "),
  diff: (text) => text.replace(/^/gm, "+ "),
  "HTML comment": (text) => `<!-- ${text} -->`,
  "a filler after each word": (text) => words(text).join(" um "),
  LaTeX: (text) =>
    words(text)
      .map((word) => `\\text{${word}}`)
      .join(" "),
  "first words of lines": (text) =>
    words(text)
      .map((word, i) => `${word} ${["shines on the sea", "in the morning", "again and again"][i % 3]}`)
      .join("\n"),
  "acrostic by words": (text) =>
    letters(text)
      .map((letter) => `${letter}ella`)
      .join(" "),
  "acrostic by lines": (text) =>
    letters(text)
      .map((letter, i) => `${letter}${["olly went home", "ight is falling", "ake it easy"][i % 3]}`)
      .join("\n"),
  NATO: spelled(NATO, " "),
  Morse: spelled(MORSE, " "),
  "places in the alphabet": spelled(
    Array.from({ length: 26 }, (_, i) => String(i + 1)),
    "-",
  ),
  "binary, seven bits": (text) =>
    codes(text)
      .map((code) => code.toString(2))
      .join(" "),
  octal: (text) =>
    bytes(text)
      .map((byte) => `\\${byte.toString(8)}`)
      .join(""),
  base32: (text) => bitGroups(text, 5, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
  ascii85: (text) => `<~${base85(text, (value) => String.fromCharCode(33 + value))}~>`,
  "base85, Python's": (text) => base85(text, (value) => B85[value] ?? ""),
  uuencode,
  "quoted-printable": (text) =>
    bytes(text)
      .map((byte) => `=${hex(byte).toUpperCase()}`)
      .join(""),
};

/** These leave a text of other scripts as it is, or cannot write it; then they are no attack of their own. */
export const LATIN_ONLY = new Set([
  "rot-1",
  "rot-13",
  "rot-22",
  "rot-47",
  "base64 of rot-13",
  "NATO",
  "Morse",
  "places in the alphabet",
  "octal",
]);
