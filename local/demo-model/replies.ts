import { coachName, topicOf, userName } from "./persona.ts";
import type { Message } from "./request.ts";
import { RULES, type Rule } from "./rules.ts";

const LONGEST_FRAGMENT = 10;
const LONGEST_QUOTE = 8;
const MOST_BULLETS = 12;
const RECAP_OPENING = "Here is what we talked about:";

const PATIENCE = [
  "There is no hurry here, and no answer is wrong.",
  "Let us stay with that for a moment before we move on.",
  "Putting it into words is already a first piece of work.",
  "Many people find that the first small step is the hardest.",
  "I would like to see it the way that you see it.",
  "We can take it apart together, one small piece at a time.",
];

const TURNED: ReadonlyMap<string, string> = new Map([
  ["i am", "you are"],
  ["am i", "are you"],
  ["i'm", "you are"],
  ["i was", "you were"],
  ["i've", "you have"],
  ["i'd", "you would"],
  ["i'll", "you will"],
  ["i", "you"],
  ["me", "you"],
  ["my", "your"],
  ["mine", "yours"],
  ["myself", "yourself"],
  ["you are", "I am"],
  ["you're", "I am"],
  ["your", "my"],
  ["yours", "mine"],
  ["yourself", "myself"],
  ["you", "me"],
]);
const PERSONS = new RegExp(
  `\\b(${[...TURNED.keys()].sort((a, b) => b.length - a.length).join("|")})\\b`,
  "gi",
);

/** Turns the persons round: "I lost my keys" → "you lost your keys". */
const turnRound = (text: string) =>
  text.replace(PERSONS, (found) => TURNED.get(found.toLowerCase()) ?? found);

const words = (text: string) => text.split(/\s+/).filter(Boolean);

// Scripts without spaces make one long "word", so characters count too.
const shorten = (text: string, most: number) => {
  const kept = words(text).slice(0, most).join(" ");
  return kept.length > most * 12 ? [...kept].slice(0, most * 4).join("") : kept;
};

const CLAUSE_END = /[.,;:!?](?:\s|$)|[。，！？\n]|\s(?:and|but|because)\s/;
const SENTENCE_END = /(?<=[.!?])\s|(?<=[。！？])|\n/;

const firstSentence = (text: string) => text.split(SENTENCE_END).find((part) => part.trim()) ?? text;

/** The user's own words as a clause for the middle of a sentence, turned round, at most ten words. */
const fragment = (text: string) =>
  shorten(turnRound((text.split(CLAUSE_END)[0] ?? "").trim()), LONGEST_FRAGMENT);

const quote = (text: string) =>
  shorten(firstSentence(text).replace(/["“”]/g, ""), LONGEST_QUOTE).replace(/[.,;:!?。！？]+$/, "");

const choose = (list: readonly string[], turn: number) => list[turn % list.length] ?? "";

const said = (messages: readonly Message[]) =>
  messages.filter(({ role }) => role === "user").map(({ content }) => content.replaceAll("’", "'").trim());

const promptOf = (messages: readonly Message[]) =>
  messages.find(({ role }) => role === "system" || role === "developer")?.content ?? "";

function introduction(prompt: string): string {
  const name = coachName(prompt);
  const who = name ? `Hello, I am ${name}.` : "Hello, I am your coach for today.";
  const stance = "I am glad that you are here, and we can take all the time you need.";
  return `${who} ${stance} ${topicOf(prompt).opening}`;
}

const RECAP_ASKED = [
  /^\W*(?:now |please |can you |could you |would you |let's )*(?:summari[sz]e|recap|sum up|wrap up)\b/im,
  /\b(?:give|write|provide|create|make|produce|prepare|offer|draft|need|want|like)\b.{0,60}\b(?:summary|recap|takeaways)\b/i,
  /\b(?:summary|summari[sz]e|recap|sum up|takeaways)\b.{0,80}\b(?:conversation|session|chat|discussion|talk|so far|we|discussed)\b/i,
];

/** Whether a message asks for a summary of the conversation, as summary prompts do. */
const asksForRecap = (text: string) => RECAP_ASKED.some((pattern) => pattern.test(text));

const CHAFF = /^\W*(?:hi|hello|hey|yes|yeah|no|ok|okay|sure|thanks|thank you|bye|goodbye)\W*$/i;

/** One bullet for a message: told in the second person where it speaks of the user, else quoted. */
function bullet(text: string): string {
  const first = shorten(firstSentence(text), 16);
  if (/[?？]$/.test(first)) return `- You asked: "${first}"`;
  if (!/^(?:i|i'm|i've|i'd|i'll|my)\b/i.test(first)) return `- You said: "${first}"`;
  const turned = turnRound(first).replace(/[.!,;:]+$/, "");
  return `- ${turned.charAt(0).toUpperCase()}${turned.slice(1)}.`;
}

/** What the user said as bullets; those of an earlier recap in the context come first, so that nothing is lost. */
function recap(messages: readonly Message[]): string {
  const earlier = messages
    .filter(({ role, content }) => role !== "user" && content.includes(RECAP_OPENING))
    .flatMap(({ content }) => content.slice(content.indexOf(RECAP_OPENING)).match(/^- .+$/gm) ?? []);
  const name = userName(messages);
  const told = said(messages).filter((text) => text && !CHAFF.test(text) && !asksForRecap(text));
  const all = new Set([...(name ? [`- Your name is ${name}.`] : []), ...earlier, ...told.map(bullet)]);
  const bullets = [...all].slice(0, MOST_BULLETS);
  if (bullets.length === 0) bullets.push("- Not much yet: we have only just begun.");
  const last = told.at(-1);
  const next = last
    ? `A next step could be to come back to this: ${fragment(last)}.`
    : "A next step could be to name one thing that you would like to change.";
  return `${RECAP_OPENING}\n\n${bullets.join("\n")}\n\n${next} Choose a day and a time for it, and keep it small.`;
}

/** The second sentence where the first has none of the user's words: what they said, now or before. */
function lookBack(all: readonly string[], turn: number): string {
  const text = all.at(-1) ?? "";
  const tells = (one: string) => !CHAFF.test(one) && !asksForRecap(one);
  if (tells(text)) return `You put it as "${quote(text)}", and I will stay with that.`;
  const earlier = all.slice(0, -1).findLast(tells);
  if (!earlier) return choose(PATIENCE, turn);
  return `Earlier you put it as "${quote(earlier)}", and I have not forgotten it.`;
}

function reflect(messages: readonly Message[], all: readonly string[]): string {
  const text = all.at(-1) ?? "";
  const turn = all.length;
  const name = userName(messages);
  // The last rule fits every text; a rule whose group came out empty ("I want ...") is passed over.
  const fits = ({ pattern, says }: Rule) => {
    const match = pattern.exec(text);
    const group = fragment(match?.slice(1).find(Boolean) ?? "");
    return match && (group || !says[0]?.includes("{1}")) ? group : null;
  };
  const found = RULES.find((rule) => fits(rule) !== null);
  if (!found) return choose(PATIENCE, turn);
  const group = fits(found) ?? "";
  const says = choose(found.says, turn)
    .replace("{1}", () => group)
    .replace("{name}", () => name ?? "my friend");
  const middle = group ? choose(PATIENCE, turn) : lookBack(all, turn);
  const asks = choose(found.asks ?? topicOf(promptOf(messages)).asks, turn);
  const address = name && turn % 3 === 0 && !says.includes(name) ? `${name}, thank you. ` : "";
  return `${address}${says} ${middle} ${asks}`;
}

const lookAt = (images: number, turn: number) =>
  `You have shown me ${images === 1 ? "a picture" : `${images} pictures`}. ${choose(PATIENCE, turn)} ` +
  "What would you like me to notice in it?";

/**
 * The coach's answer to a conversation: after a tool it tells the result, shown a picture it says so, without a user's message it introduces itself by the name in the system
 * prompt, asked for a recap it lists what the user said, else it reflects the user's last words and asks one
 * question (25 to 60 words). The same conversation has the same answer; the system prompt is never repeated.
 */
export function composeReply(messages: readonly Message[]): string {
  const all = said(messages);
  const text = all.at(-1);
  const last = messages.at(-1);
  if (last?.role === "tool")
    return `I have looked it up for you: ${last.content} ${choose(PATIENCE, all.length)}`;
  if (last?.images) return lookAt(last.images, all.length);
  if (!text) return introduction(promptOf(messages));
  if (asksForRecap(text)) return recap(messages);
  if (/\b(?:who are you|what is your name|what's your name|introduce yourself)\b/i.test(text)) {
    return introduction(promptOf(messages));
  }
  if (/\bwhat(?:'s| is) my name\b|\bremember my name\b/i.test(text)) {
    const name = userName(messages);
    const answer = name
      ? `Your name is ${name}, you told me so yourself.`
      : "You have not told me your name so far.";
    return `${answer} ${choose(PATIENCE, all.length)} ${choose(topicOf(promptOf(messages)).asks, all.length)}`;
  }
  return reflect(messages, all);
}
