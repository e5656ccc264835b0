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
