import { type Outlet, Utf8 } from "./leak-bytes";

const GROUP = 5;
/** 85⁴, the worth of a group's first digit. */
const FIRST = 85 ** 4;
const TOO_LARGE = 2 ** 32;

/** The digits of Adobe's Ascii85, of RFC 1924 (Python's b85) and of ZeroMQ's Z85. */
const ASCII85 = Array.from({ length: 85 }, (_, i) => String.fromCharCode(33 + i)).join("");
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const RFC1924 = `0123456789${LETTERS}${LETTERS.toLowerCase()}!#$%&()*+-;<=>?@^_\`{|}~`;
const Z85 = `0123456789${LETTERS.toLowerCase()}${LETTERS}.-:+=^!/*?&<>()[]{}@%$#`;

/** One alphabet's groups of five digits as four bytes, in every alignment at once. */
class Groups {
  private readonly values = new Int8Array(128).fill(-1);
  private readonly alignments: (Utf8 | undefined)[] = new Array(GROUP);
  private readonly digits = new Uint8Array(GROUP);
  private readonly places: number[] = new Array(GROUP).fill(0);
  private count = 0;
  private group = 0;

  constructor(
    digits: string,
    private readonly outlet: Outlet,
  ) {
    [...digits].forEach((char, value) => {
      this.values[char.charCodeAt(0)] = value;
    });
  }

  feed(code: number, at: number): void {
    const value = this.values[code] as number;
    if (value < 0) return;
    const slot = this.count % GROUP;
    this.group = (this.group - (this.digits[slot] as number) * FIRST) * 85 + value;
    this.digits[slot] = value;
    this.places[slot] = at;
    this.count++;
    const alignment = this.count % GROUP;
    const start = this.places[alignment] as number;
    let utf8 = this.alignments[alignment];
    if (!utf8) {
      utf8 = new Utf8(this.outlet());
      this.alignments[alignment] = utf8;
    }
    if (this.group >= TOO_LARGE) utf8.byte(0xff, start);
    else for (let shift = 24; shift >= 0; shift -= 8) utf8.byte((this.group >>> shift) & 255, start);
  }
}

/** Undoes base85 in its three usual alphabets, wherever it stands in a text. */
export class Base85 {
  private readonly alphabets: readonly Groups[];

  constructor(outlet: Outlet) {
    this.alphabets = [ASCII85, RFC1924, Z85].map((digits) => new Groups(digits, outlet));
  }

  /** Takes an ASCII character. */
  feed(code: number, at: number): void {
    for (const alphabet of this.alphabets) alphabet.feed(code, at);
  }
}
