import { fold, LEET_SIGNS } from "./fold";
import { CAPITAL_LOOKS } from "./fold-confusables";
import { type CodePoints, Utf8 } from "./leak-bytes";

/** Longest piece of markup that is skipped or decoded; anything longer is read as text. */
const MAX_MARKUP = 200;
const BLANK = 32;
const A = 97;
const I = 105;
/** Markup that a browser or a chat hides; other tags (<rules>) may be part of a prompt and stay text. */
const HIDDEN =
  /^<(?:!|\/?(?:a|b|big|br|code|del|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|s|small|span|strong|sub|sup|table|td|th|tr|tt|u|ul|wbr)[\s/>])/i;
const ACCENTED = /(?:acute|grave|circ|tilde|uml|ring|cedil|caron|slash|lig)$/;

/** What a started escape is so far: unfinished, no escape at all, a character or a byte. */
type Reading = "more" | "text" | { code: number } | { byte: number };

const BLANKED: Reading = { code: BLANK };
const hexDigits = (text: string) => /^[\da-fA-F]*$/.test(text);

function hexCode(digits: string, wanted: number): Reading {
  if (!hexDigits(digits)) return "text";
  return digits.length < wanted ? "more" : { code: Number.parseInt(digits, 16) };
}

function entity(body: string): Reading {
  const name = body.slice(1, -1);
  if (!body.endsWith(";")) return body.length < 12 && /^#?\w*$/.test(body.slice(1)) ? "more" : "text";
  if (/^#\d+$/.test(name)) return { code: Number(name.slice(1)) };
  if (/^#[xX][\da-fA-F]+$/.test(name)) return { code: Number.parseInt(name.slice(2), 16) };
  if (!/^[a-zA-Z]+$/.test(name)) return "text";
  return ACCENTED.test(name) ? { code: name.charCodeAt(0) } : BLANKED;
}

function byteEscape(body: string): Reading {
  if (/^=[\r\n]/.test(body)) return BLANKED;
  if (!hexDigits(body.slice(1))) return "text";
  return body.length < 3 ? "more" : { byte: Number.parseInt(body.slice(1), 16) };
}

function backslash(body: string): Reading {
  const kind = body.charAt(1);
  const digits = body.slice(2);
  if (kind === "u" && digits.startsWith("{")) {
    if (!digits.endsWith("}")) return digits.length < 8 ? "more" : "text";
    return hexCode(digits.slice(1, -1), 1);
  }
  if (kind === "u") return hexCode(digits, 4);
  if (kind === "x") return hexCode(digits, 2);
  if (kind === "U") return hexCode(digits, 8);
  return "ntrfbv".includes(kind) ? BLANKED : "text";
}

/** An HTML tag or comment, or the target of a Markdown link: skipped. */
function enclosed(body: string, second: RegExp, last: string): Reading {
  if (!second.test(body.charAt(1))) return "text";
  if (body.endsWith(last)) return BLANKED;
  return body.length < MAX_MARKUP ? "more" : "text";
}

const ESCAPES = new Map<number, (body: string) => Reading>(
  Object.entries({
    "&": entity,
    "%": byteEscape,
    "=": byteEscape,
    "\\": backslash,
    "<": (body: string) => {
      const reading = enclosed(body, /[a-zA-Z/!]/, ">");
      return reading === BLANKED && !HIDDEN.test(body) ? "text" : reading;
    },
    "]": (body: string) => enclosed(body, /\(/, ")"),
  }).map(([opening, read]) => [opening.charCodeAt(0), read] as const),
);

/**
 * Undoes what is written around or instead of letters: HTML entities and tags, percent and quoted-printable
 * escapes, backslash escapes, link targets, leetspeak signs, capitals of other scripts read by their look.
 */
export class Disguise implements CodePoints {
  private body = "";
  private places: number[] = [];
  private read: ((body: string) => Reading) | undefined;
  private afterLetter = false;
  private sign = 0;
  private signAt = 0;
  private readonly utf8 = new Utf8({ feed: (code, at) => this.plain(code, at) });

  constructor(private readonly emit: (folded: number, at: number) => void) {}

  feed(code: number, at: number): void {
    if (!this.read) {
      this.read = ESCAPES.get(code);
      if (!this.read) {
        this.plain(code, at);
        return;
      }
      this.body = String.fromCodePoint(code);
      this.places.push(at);
      return;
    }
    this.body += String.fromCodePoint(code);
    this.places.push(at);
    const reading = this.read(this.body);
    if (reading === "more") return;
    const start = this.places[0] ?? at;
    if (reading === "text") this.giveUp();
    else {
      this.close();
      if ("byte" in reading) this.utf8.byte(reading.byte, start);
      else this.plain(reading.code > 0x10ffff ? BLANK : reading.code, start);
    }
  }

  end(): void {
    if (this.read) this.giveUp();
    this.plain(BLANK, 0);
  }

  private close(): void {
    this.read = undefined;
    this.body = "";
    this.places = [];
  }

  /** It was text after all; only the newest character may begin an escape (so the work stays linear). */
  private giveUp(): void {
    const codes = Array.from(this.body, (char) => char.codePointAt(0) ?? BLANK);
    const places = this.places;
    this.close();
    codes.forEach((code, i) => {
      if (i > 0 && i === codes.length - 1) this.feed(code, places[i] ?? 0);
      else this.plain(code, places[i] ?? 0);
    });
  }

  /** Before a space: @ always, $ after a letter, ! only alone ("!" for "I"), else it ends a sentence. */
  private standsForLetter(): boolean {
    return this.sign === A || this.afterLetter !== (this.sign === I);
  }

  private plain(code: number, at: number): void {
    const look = CAPITAL_LOOKS.get(code);
    const folded = look === undefined ? fold(code) : [look];
    if (this.sign !== 0) {
      const letter = folded.length > 0 || LEET_SIGNS.has(code) || this.standsForLetter();
      if (letter) this.emit(this.sign, this.signAt);
      this.afterLetter = letter;
    }
    this.sign = folded.length === 0 ? (LEET_SIGNS.get(code) ?? 0) : 0;
    this.signAt = at;
    if (this.sign === 0) this.afterLetter = folded.length > 0;
    for (const letter of folded) this.emit(letter, at);
  }
}
