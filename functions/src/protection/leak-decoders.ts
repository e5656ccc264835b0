/** Takes decoded characters; `at` is the place in the sent text where the character's code began. */
export interface CodePoints {
  feed(code: number, at: number): void;
}

/** UTF-8, one byte at a time; bytes that are not UTF-8 become U+FFFD, which ends a legible stretch. */
export class Utf8 {
  private code = 0;
  private missing = 0;
  private start = 0;

  constructor(private readonly to: CodePoints) {}

  byte(byte: number, at: number): void {
    if (this.missing > 0 && byte >> 6 === 2) {
      this.code = (this.code << 6) | (byte & 63);
      if (--this.missing === 0) this.to.feed(this.code > 0x10ffff ? 0xfffd : this.code, this.start);
      return;
    }
    if (this.missing > 0) this.to.feed(0xfffd, at);
    this.start = at;
    this.missing =
      byte >= 0xf0 && byte < 0xf8 ? 3 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >> 5 === 6 ? 1 : 0;
    this.code = byte & (0x3f >> this.missing);
    if (this.missing === 0) this.to.feed(byte < 128 ? byte : 0xfffd, at);
  }
}

/** Makes the taker of one alignment's text; called once for each alignment in use. */
export type Outlet = () => CodePoints;

/**
 * Digits of a power-of-two base as bytes, in every alignment at once: all other characters (spaces, line
 * ends, quotes, commas) are skipped, so wrapping and separators do not matter, nor where a piece begins.
 * `width` is the bits of a digit, `period` the digits after which digits and bytes end together.
 */
class Digits {
  private readonly alignments: (Utf8 | undefined)[];
  /** Digits of a period that complete a byte: [index, bits left over for the next byte]. */
  private readonly completing: (readonly [number, number])[];
  private readonly places: number[];
  private bits = 0;
  private count = 0;

  constructor(
    private readonly width: number,
    private readonly period: number,
    private readonly outlet: Outlet,
  ) {
    this.alignments = new Array(period);
    this.completing = Array.from({ length: period }, (_, k) => [k, (width * (k + 1)) % 8] as const).filter(
      ([, rest]) => rest < width,
    );
    this.places = new Array(Math.ceil(8 / width)).fill(0);
  }

  digit(value: number, at: number): void {
    this.bits = ((this.bits << this.width) | value) & 0xffff;
    this.places[this.count % this.places.length] = at;
    this.count++;
    const start = this.places[this.count % this.places.length] as number;
    for (const [index, rest] of this.completing) {
      const alignment = (this.count + this.period - index) % this.period;
      this.utf8(alignment).byte((this.bits >> rest) & 255, start);
    }
  }

  /** Forgets the newest digit: the 0 of 0x. */
  undo(): void {
    this.bits >>= this.width;
    this.count--;
  }

  private utf8(alignment: number): Utf8 {
    let utf8 = this.alignments[alignment];
    if (!utf8) {
      utf8 = new Utf8(this.outlet());
      this.alignments[alignment] = utf8;
    }
    return utf8;
  }
}

function digitValues(digits: string): Int8Array {
  const values = new Int8Array(128).fill(-1);
  [...digits].forEach((char, value) => {
    values[char.charCodeAt(0)] = value;
  });
  return values;
}

const BASE64 = digitValues("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
BASE64["-".charCodeAt(0)] = 62;
BASE64["_".charCodeAt(0)] = 63;
const BASE32 = digitValues("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
const HEX = digitValues("0123456789abcdef");
for (const char of "ABCDEF") HEX[char.charCodeAt(0)] = HEX[char.toLowerCase().charCodeAt(0)] as number;

/** Character numbers in decimal or octal, with anything but digits between them. */
class Numbers {
  private decimal = 0;
  private octal = 0;
  private start = -1;
  private readonly decimals: CodePoints;
  private readonly octals: CodePoints;

  constructor(outlet: Outlet) {
    this.decimals = outlet();
    this.octals = outlet();
  }

  feed(code: number, at: number): void {
    if (code >= 48 && code <= 57) {
      if (this.start < 0) this.start = at;
      this.decimal = Math.min(this.decimal * 10 + code - 48, 0x110000);
      this.octal = code > 55 ? 0x110000 : Math.min(this.octal * 8 + code - 48, 0x110000);
    } else this.end();
  }

  end(): void {
    if (this.start < 0) return;
    this.decimals.feed(this.decimal > 0x10ffff ? 0xfffd : this.decimal, this.start);
    this.octals.feed(this.octal > 0x10ffff ? 0xfffd : this.octal, this.start);
    this.decimal = 0;
    this.octal = 0;
    this.start = -1;
  }
}

/** a to z, then 0 to 9. */
const MORSE_CODES =
  ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.";
const MORSE = new Map(
  MORSE_CODES.split(" ").map((code, i) => [code, i < 26 ? 97 + i : 48 + i - 26] as const),
);

class Morse {
  private signs = "";
  private start = 0;

  constructor(private readonly to: CodePoints) {}

  feed(code: number, at: number): void {
    const dot = code === 0x2e || code === 0xb7 || code === 0x2022 || code === 0x2219;
    const dash = code === 0x2d || code === 0x5f || (code >= 0x2010 && code <= 0x2015) || code === 0x2212;
    if (dot || dash) {
      if (this.signs === "") this.start = at;
      if (this.signs.length < 6) this.signs += dot ? "." : "-";
    } else this.end();
  }

  end(): void {
    const letter = MORSE.get(this.signs);
    this.signs = "";
    if (letter !== undefined) this.to.feed(letter, this.start);
  }
}

/** Undoes base64, base32, hex, binary, character numbers and Morse wherever they stand in a text. */
export class Decoders implements CodePoints {
  private readonly base64: Digits;
  private readonly base32: Digits;
  private readonly hex: Digits;
  private readonly binary: Digits;
  private readonly numbers: Numbers;
  private readonly morse: Morse;
  private zero = false;

  constructor(outlet: Outlet, letters: CodePoints) {
    this.base64 = new Digits(6, 4, outlet);
    this.base32 = new Digits(5, 8, outlet);
    this.hex = new Digits(4, 2, outlet);
    this.binary = new Digits(1, 8, outlet);
    this.numbers = new Numbers(outlet);
    this.morse = new Morse(letters);
  }

  feed(code: number, at: number): void {
    this.numbers.feed(code, at);
    this.morse.feed(code, at);
    if (code >= 128) return;
    if ((code === 120 || code === 88) && this.zero) this.hex.undo();
    this.zero = code === 48;
    const six = BASE64[code] as number;
    if (six >= 0) this.base64.digit(six, at);
    const five = BASE32[code] as number;
    if (five >= 0) this.base32.digit(five, at);
    const four = HEX[code] as number;
    if (four >= 0) this.hex.digit(four, at);
    if (code === 48 || code === 49) this.binary.digit(code - 48, at);
  }

  end(): void {
    this.numbers.end();
    this.morse.end();
  }
}
