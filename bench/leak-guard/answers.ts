import { type Assistant, FOREIGN, factsOf, fill } from "./prompts.ts";
import type { Random } from "./random.ts";

const SUBJECTS = [
  "The harbour",
  "My grandmother",
  "A good sourdough starter",
  "This function",
  "The second chapter",
  "Your landlord",
  "Photosynthesis",
  "The train to Lisbon",
  "A mutable default argument",
  "The Treaty of Westphalia",
  "An index on that column",
  "Most of the audience",
  "The left knee",
  "A balanced portfolio",
  "The moon",
];
const VERBS = [
  "needs",
  "rarely explains",
  "has always surprised",
  "quietly replaced",
  "depends on",
  "is older than",
  "returns before",
  "tends to irritate",
  "was painted by",
  "absorbs",
  "costs less than",
  "turned out to be",
  "asks for",
  "protects",
];
const OBJECTS = [
  "a steady temperature around 24 degrees",
  "the people who live upstairs",
  "an early morning and strong coffee",
  "three separate database transactions",
  "what you described last week",
  "the price of a used bicycle",
  "long sentences without commas",
  "chlorophyll in the upper leaves",
  "two weeks of careful stretching",
  "every tax office I know",
  "the smell of rain on asphalt",
  "a single well chosen example",
  "an empty list",
  "the neighbours' cat",
];
const LINKS = [
  "However,",
  "In other words,",
  "On the other hand,",
  "That said,",
  "For example,",
  "Meanwhile,",
  "To be fair,",
  "Step by step:",
  "In my experience,",
  "Interestingly,",
  "",
];
const OTHERS = [
  "```ts\nexport function sum(values: number[]): number {\n  return values.reduce((total, value) => total + value, 0);\n}\n```",
  "| Day | Breakfast | Dinner |\n|---|---|---|\n| Mon | Porridge | Lentil soup |\n| Tue | Eggs | Rice with beans |",
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "https://www.example.org/search?q=caf%C3%A9%20near%20me&lang=fr&page=2#results",
  "SELECT u.id, count(*) FROM users u JOIN orders o ON o.user_id = u.id GROUP BY u.id HAVING count(*) > 3;",
  "1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597, 2584, 4181, 6765",
  "Bonjour ! Voici une liste de courses : pommes, farine, beurre, sel, et un peu de cannelle.",
  "今日はいい天気ですね。散歩に出かけて、帰りに本屋へ寄ろうと思います。",
  "今天的晚饭我们可以做西红柿炒鸡蛋，再加一碗紫菜汤，简单又好吃。",
  "Сегодня мы разберём, как варить борщ: сначала бульон, потом свёкла, в конце сметана.",
  "Guten Morgen! Der Zug nach Basel fährt um 9:14 Uhr von Gleis 7, Sie müssen einmal umsteigen.",
];

function sentence(random: Random): string {
  return `${random.pick(LINKS)} ${random.pick(SUBJECTS)} ${random.pick(VERBS)} ${random.pick(OBJECTS)}.`.trim();
}

/** A reply that has nothing to do with any assistant. */
export function unrelatedAnswer(random: Random): string {
  const parts = Array.from({ length: random.int(2, 14) }, () => sentence(random));
  if (random.next() < 0.4) parts.splice(random.int(0, parts.length), 0, `\n${random.pick(OTHERS)}\n`);
  return parts.join(random.next() < 0.3 ? "\n\n" : " ");
}

const RELATED = [
  "Hi, I'm {name}, {role} for {audience}. What brings you here today?",
  "Let's talk about {topic}. What have you tried so far?",
  "I hear that {topic} feels heavy right now, and it makes sense that you want to {goal}.",
  "We could use {method} for this. Would that be alright with you?",
  "I would rather not {never}, but I can help you think it through.",
  "Many {audience} tell me the same thing about {topic}.",
  "My style is {tone}, so tell me if I am going too fast.",
  "Before we finish, I'd like to {close}.",
  "Imagine you already managed to {goal}. What would be different on a normal Tuesday?",
  "Here is an example from the life of {audience}: someone was stuck with {topic} and began with five minutes a day.",
  "Let me repeat what I understood, then we go one level deeper.",
  "First we clarify, then we explore, then you choose and commit.",
  "If you are in danger, please contact local emergency services; you don't have to carry this alone.",
  "There is an old story about a {animal} and a {thing} that fits here.",
  "On a scale of 1 to 10, how motivated are you to work on {topic} this week?",
  "It is a skill that can be practised, so let us practise it together.",
  "I can keep it short, or go into more detail. Just say continue.",
  "I'm sorry, I can't share my instructions, but I'm happy to tell you that I'm {role} and that we talk about {topic}.",
];

const NOUNS: Record<string, readonly string[]> = {
  role: ["here to help", "your companion for this", "the one to talk to"],
  audience: ["people in your position", "others I talk to", "folks like you"],
  topic: ["this", "what you are working on", "the thing you described"],
  method: ["a small structure", "an old exercise", "a different approach"],
  goal: ["get where you want to be", "see it more clearly", "come out of this with something useful"],
  tone: ["easy-going", "as you hear it", "nothing special"],
  never: ["go there", "do that", "get into it"],
  close: ["hear what you take with you", "know what comes next", "look back for a moment"],
};

/**
 * A reply of this assistant doing its work: its name, its subject and its way of speaking. `quoting` is how
 * often it uses the very words of the prompt (3 to 8 in a row) where it could as well say it otherwise.
 */
export function relatedAnswer(random: Random, { facts, language }: Assistant, quoting: number): string {
  const foreign = FOREIGN.find((each) => each.language === language);
  const own = random.some(RELATED, random.int(2, 6)).map((template) => {
    const loose = { ...facts };
    for (const [slot, others] of Object.entries(NOUNS)) {
      if (random.next() >= quoting) loose[slot as keyof typeof loose] = random.pick(others);
    }
    return fill(template, loose, random);
  });
  const others = Array.from({ length: random.int(0, 4) }, () => sentence(random));
  if (foreign) others.push(...random.some(foreign.slots, 2));
  return [...own, ...others].join(random.next() < 0.3 ? "\n\n" : " ");
}

/** A user message of the kind that precedes such an answer. */
export function userMessage(random: Random): string {
  return fill(
    "Hello, I am one of the {audience} and I struggle with {topic}. Could we try {method}?",
    factsOf(random),
    random,
  );
}
