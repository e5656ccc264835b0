import type { Message } from "./request.ts";

// First words in capitals, "Dr. Bean" included; quotation marks and Markdown emphasis around it are skipped.
const NAME =
  "[*_\"'“«]*((?:(?:Dr|Mr|Ms|Mrs|Prof)\\. )?\\p{Lu}[\\p{L}\\p{M}'’-]*(?: \\p{Lu}[\\p{L}\\p{M}'’-]*){0,2})";
const NO_NAMES = /^(A|An|The|Not|I|In|No|Your|My|AI|AN)\b/;

const COACH_NAMED = [
  new RegExp(`\\b[Yy]our name is ${NAME}`, "u"),
  new RegExp(`\\b[Yy]ou(?:'re|’re| are) (?:called |named )?${NAME}`, "u"),
  new RegExp(`\\b(?:[Nn]amed|[Cc]alled|[Gg]o by|[Nn]ame:) ${NAME}`, "u"),
];

const ONE_NAME = "([\\p{L}\\p{M}'’-]+(?: \\p{Lu}[\\p{L}\\p{M}'’-]*)?)";
const USER_NAMED = [
  new RegExp(`\\b[Mm]y name(?:'s|’s| is) ${ONE_NAME}`, "u"),
  /\b[Cc]all me (\p{Lu}[\p{L}\p{M}'’-]*)/u,
  new RegExp(`\\b[Ii](?:'m|’m| am) (?:called|named) ${ONE_NAME}`, "u"),
];

const capitalise = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** The name that a system prompt gives the assistant ("You are Nori, …"), or null. */
export function coachName(prompt: string): string | null {
  for (const pattern of COACH_NAMED) {
    const name = pattern.exec(prompt)?.[1];
    if (name && !NO_NAMES.test(name) && /^\p{Lu}/u.test(name)) return name;
  }
  return null;
}

function nameIn(text: string, patterns: readonly RegExp[]): string | null {
  for (const pattern of patterns) {
    const name = pattern.exec(text)?.[1];
    if (name && !/^(not|a|an|the|on|in)$/i.test(name)) return capitalise(name);
  }
  return null;
}

/** The name that the user last gave, or that an earlier recap kept; null when there is none. */
export function userName(messages: readonly Message[]): string | null {
  const told = messages.filter(({ role }) => role === "user").reverse();
  for (const { content } of told) {
    const name = nameIn(content, USER_NAMED);
    if (name) return name;
  }
  const recapped = new RegExp(`^- Your name is ${ONE_NAME}`, "mu");
  const kept = messages.find(({ role, content }) => role !== "user" && recapped.test(content));
  return kept ? nameIn(kept.content, [recapped]) : null;
}

/** What an assistant is about: how it opens, and what it asks when nothing better comes up. */
export type Topic = { pattern: RegExp; opening: string; asks: readonly string[] };

const TOPICS: readonly Topic[] = [
  {
    pattern: /\b(career|profession|promotion|workplace)\w*/gi,
    opening: "What is happening at work that you would like to think through today?",
    asks: [
      "Which part of your working week gives you the most energy just now?",
      "If nothing changed at work for a year, what would trouble you most?",
      "Who has the kind of working life that you would like to have?",
    ],
  },
  {
    pattern: /\b(habit|routine)\w*/gi,
    opening: "Which small habit would make the biggest difference to your days at the moment?",
    asks: [
      "At what time and in which place could that fit into your day?",
      "What is the two minute version of it that you could do today?",
      "What usually happens just before you slip back into the old way?",
    ],
  },
  {
    pattern: /\b(interview|hiring|candidate)\w*/gi,
    opening: "Which position are you preparing for, and when will the conversation take place?",
    asks: [
      "Which story from your own work would show that best to them?",
      "What result came of it, and which number could make it believable?",
      "Which question would you least like to hear from them, and why?",
    ],
  },
  {
    pattern: /\b(stud(?:y|ies|ying)|learn|exam|lecture|revision)\w*/gi,
    opening: "What are you learning at the moment, and where does it feel difficult?",
    asks: [
      "How would you explain that to a friend who has never heard of it?",
      "Which part could you write down right now without looking anything up?",
      "When will you look at it again, so that it stays with you?",
    ],
  },
];

const GENERAL: Topic = {
  pattern: /$^/g,
  opening: "What would you like to talk about, and what would make it time well spent?",
  asks: [
    "What would be different for you if that turned out really well?",
    "What is the smallest step in that direction that you could take today?",
    "What have you already noticed that helps a little, even now and then?",
  ],
};

/** The topic that a system prompt names most often; a general one when it names none. */
export function topicOf(prompt: string): Topic {
  let best = GENERAL;
  let most = 0;
  for (const topic of TOPICS) {
    const count = prompt.match(topic.pattern)?.length ?? 0;
    if (count > most) [best, most] = [topic, count];
  }
  return best;
}
