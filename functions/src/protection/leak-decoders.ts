import { Base85 } from "./leak-base85";
import { type CodePoints, type Outlet, Utf8 } from "./leak-bytes";

const MAX_CODE = 0x10ffff;
const REPLACEMENT = 0xfffd;
const NUMBER_BASES = [10, 8, 2];

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

/** A run of digits read in one base: NaN once a digit is too high or the number too large for a character. */
const append = (number: number, base: number, digit: number): number =>
  digit < base && number <= MAX_CODE ? number * base + digit : Number.NaN;
const characterOf = (number: number): number => (number <= MAX_CODE ? number : REPLACEMENT);

/** Character numbers in decimal, octal or binary, and places in the alphabet, with anything but digits between. */
class Numbers {
  private readonly values = NUMBER_BASES.map(() => 0);
  private start = -1;
  private readonly outlets: readonly CodePoints[];

  constructor(
    outlet: Outlet,
    private readonly alphabet: CodePoints,
  ) {
    this.outlets = NUMBER_BASES.map(outlet);
  }

  feed(code: number, at: number): void {
    if (code >= 48 && code <= 57) {
      if (this.start < 0) this.start = at;
      for (let i = 0; i < NUMBER_BASES.length; i++)
        this.values[i] = append(this.values[i] as number, NUMBER_BASES[i] as number, code - 48);
    } else this.end();
  }

  end(): void {
    if (this.start < 0) return;
    const [decimal = 0] = this.values;
    if (decimal >= 1 && decimal <= 26) this.alphabet.feed(96 + decimal, this.start);
    this.outlets.forEach((to, i) => {
      to.feed(characterOf(this.values[i] as number), this.start);
      this.values[i] = 0;
    });
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

/** Undoes base64, base32, hex, binary, uuencode, base85, character numbers and Morse wherever they stand in a text. */
export class Decoders implements CodePoints {
  private readonly base64: Digits;
  private readonly base32: Digits;
  private readonly hex: Digits;
  private readonly binary: Digits;
  private readonly uuencoded: Digits | undefined;
  private readonly base85: Base85 | undefined;
  private readonly numbers: Numbers;
  private readonly morse: Morse;
  private zero = false;
  private lineBegins = true;

  /** The rarer encodings are not looked for in other encodings (`outermost` false): that bounds the memory. */
  constructor(outlet: Outlet, letters: () => CodePoints, outermost: boolean) {
    this.base64 = new Digits(6, 4, outlet);
    this.base32 = new Digits(5, 8, outlet);
    this.hex = new Digits(4, 2, outlet);
    this.binary = new Digits(1, 8, outlet);
    if (outermost) {
      this.uuencoded = new Digits(6, 4, outlet);
      this.base85 = new Base85(outlet);
    }
    this.numbers = new Numbers(outlet, letters());
    this.morse = new Morse(letters());
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
    this.uuDigit(code, at);
    this.base85?.feed(code, at);
    if (code === 48 || code === 49) this.binary.digit(code - 48, at);
  }

  /** A line of uuencode begins with its length. */
  private uuDigit(code: number, at: number): void {
    if (code >= 32 && code <= 96 && !this.lineBegins) this.uuencoded?.digit((code - 32) & 63, at);
    this.lineBegins = code === 10;
  }

  end(): void {
    this.numbers.end();
    this.morse.end();
  }
}
