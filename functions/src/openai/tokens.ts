/**
 * Estimates how many tokens a text costs, without a tokenizer: a real one loads megabytes of merge ranks, and
 * only budgets, the context window and replies without a usage block need the number.
 */

/** A part of a message: text, or what is not text (an image). */
interface SizedPart {
  type: string;
  text?: string | undefined;
}

/** What a chat call carries of a message, as far as its size is concerned. */
export interface SizedMessage {
  role: string;
  content?: string | null | readonly SizedPart[] | undefined;
  tool_calls?: readonly { function: { name: string; arguments: string } }[] | undefined;
}

type Range = readonly [from: number, to: number, cost: number];

const LETTER = 0xffff;
const DIGIT = 0xfffe;
const MARK = 0xfffd;
const SPACE = 0xfffc;
const RUN_KINDS_FROM = SPACE;

/** All costs are thousandths of a token, fitted to o200k_base; later ranges win over earlier ones. */
const COSTS: readonly Range[] = [
  [0x0000, 0xffff, 2000],
  [0x0000, 0x007f, MARK],
  [0x0009, 0x000d, SPACE],
  [0x0020, 0x0020, SPACE],
  [0x0030, 0x0039, DIGIT],
  [0x0041, 0x005a, LETTER],
  [0x0061, 0x007a, LETTER],
  [0x0080, 0x00bf, 1600],
  [0x00c0, 0x024f, LETTER],
  [0x0370, 0x03ff, 550], // Greek
  [0x0400, 0x052f, 450], // Cyrillic
  [0x0530, 0x058f, 500], // Armenian
  [0x0590, 0x074f, 600], // Hebrew, Arabic
  [0x0900, 0x10ff, 550], // Indic scripts, Thai, Georgian
  [0x1100, 0x11ff, 1500], // Hangul, taken apart
  [0x1780, 0x17ff, 650], // Khmer
  [0x1e00, 0x1eff, LETTER], // Vietnamese
  [0x2000, 0x2fff, 1850], // typographic marks, arrows, mathematics
  [0x3000, 0x30ff, 750], // kana
  [0x3000, 0x3002, 900],
  [0x3400, 0x4dbf, 3700], // rare ideographs
  [0x4e00, 0x9fff, 980], // ideographs
  [0xac00, 0xd7af, 740], // Hangul
  [0xd800, 0xdbff, 3800], // first half of what lies beyond 0xffff
  [0xd83c, 0xd83e, 2900], // first half of most emoji
  [0xdc00, 0xdfff, 0], // second half, counted with the first
  [0xe000, 0xf8ff, 3000], // private use: icon fonts
  [0xfe00, 0xfe0f, 500], // variation selectors
  [0xff00, 0xffef, 1550], // full-width marks
];

const COST_OF = (() => {
  const table = new Uint16Array(0x10000);
  for (const [from, to, cost] of COSTS) table.fill(cost, from, to + 1);
  return table;
})();

/** The further into an unbroken word, the less likely that a longer known piece still fits. */
function letterCost(position: number): number {
  if (position === 0) return 1000;
  if (position < 4) return 0;
  if (position < 8) return 120;
  return 500;
}

function spaceCost(code: number, previous: number, position: number): number {
  const breaks = code !== 0x20;
  if (position === 0) return breaks ? 1000 : 0; // one space belongs to the word after it
  if (position === 1 && previous === 0x20) return 1000;
  return code === previous ? 65 : 400;
}

/** Three digits make a piece; a space before them is none of it. */
function digitCost(previous: number, position: number): number {
  if (position % 3 > 0) return 0;
  return position === 0 && previous === 0x20 ? 1900 : 1400;
}

/** The cost of one character that belongs to a run of its kind, at its place in that run. */
function runCost(kind: number, code: number, previous: number, position: number): number {
  if (kind === LETTER) return letterCost(position) + (code > 0x7f ? 680 : capitalCost(code, previous));
  if (kind === DIGIT) return digitCost(previous, position);
  if (kind === SPACE) return spaceCost(code, previous, position);
  if (position === 0) return 650;
  return code === previous ? 150 : 640;
}

/** Words in capitals fall into more pieces. */
function capitalCost(code: number, previous: number): number {
  return isCapital(code) && isCapital(previous) ? 120 : 0;
}

const isCapital = (code: number): boolean => code >= 0x41 && code <= 0x5a;

/**
 * The estimated number of tokens of a text: a whole number, 0 for an empty one; a longer text never has fewer
 * than its beginning. Meant to be rather too high.
 *
 * Measured against o200k_base (GPT-4o and later) on text it was not fitted to, as estimate / truth:
 *
 * | text                         | lowest | median | highest |
 * | ---------------------------- | ------ | ------ | ------- |
 * | English, 1,500 characters    | 1.02   | 1.18   | 1.60    |
 * | code, 1,500 characters       | 0.91 ¹ | 1.22   | 1.47    |
 * | Chinese, Japanese, Korean ²  | 0.94   | 1.1    | 1.4     |
 * | chat full of emoji           | 1.22   | 1.22   | 1.24    |
 *
 * ¹ a table of single digits; the next lowest is 1.04. ² 600 characters, with links and shell lines in them; 150
 * characters of only those go down to 0.85. On the text it was fitted to: other European languages 0.9 to 1.8;
 * Arabic, Hebrew, Indic scripts and Thai 0.9 to 1.5; base64 0.75 to 0.92, the one kind that is too low.
 *
 * The older cl100k_base (GPT-4, GPT-3.5) has the same ratios for English and code, but 0.6 to 1.1 for Chinese,
 * Japanese and Korean and down to 0.3 for Indic scripts. Other providers' tokenizers are not measured.
 */
export function estimateTokens(text: string): number {
  let total = 0;
  let runKind = 0;
  let position = 0;
  let previous = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const cost = COST_OF[code] ?? 0;
    if (cost < RUN_KINDS_FROM) {
      total += cost;
      runKind = 0;
    } else {
      const newHump = cost === LETTER && isCapital(code) && !isCapital(previous);
      position = cost === runKind && !newHump ? position + 1 : 0;
      total += runCost(cost, code, previous, position);
      runKind = cost;
    }
    previous = code;
  }
  return Math.ceil(total / 1000);
}

const TOKENS_AROUND_MESSAGE = 4;
const TOKENS_BEFORE_REPLY = 3;
/** An image at high detail, which OpenAI scales to at most 768 × 2,048 pixels: 85 + 8 tiles of 170. */
const TOKENS_OF_IMAGE = 1_445;

/** The texts of a message: its content, and the arguments of the calls it makes. */
export function textsOf({ content, tool_calls }: SizedMessage): string[] {
  const written = typeof content === "string" ? [content] : (content ?? []).map(({ text }) => text ?? "");
  const called = (tool_calls ?? []).flatMap((call) => [call.function.name, call.function.arguments]);
  return [...written, ...called];
}

const countImages = ({ content }: SizedMessage): number =>
  Array.isArray(content) ? content.filter(({ type }) => type === "image_url").length : 0;

/**
 * The estimated number of input tokens of a chat call: its messages' texts and images, 4 tokens around each
 * message and 3 that open the reply (the overhead OpenAI's cookbook gives for its chat models).
 */
export function estimateMessages(messages: readonly SizedMessage[]): number {
  return messages.reduce((sum, message) => {
    const text = textsOf(message).reduce((tokens, one) => tokens + estimateTokens(one), 0);
    return sum + TOKENS_AROUND_MESSAGE + text + TOKENS_OF_IMAGE * countImages(message);
  }, TOKENS_BEFORE_REPLY);
}
