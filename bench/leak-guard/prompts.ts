import type { Random } from "./random.ts";

/** A generated assistant: its prompts, its public card, and the words its answers are about. */
export interface Assistant {
  readonly language: string;
  readonly initialPrompt: string;
  readonly summaryPrompt: string;
  readonly card: readonly string[];
  readonly facts: Facts;
}

export interface Facts {
  readonly name: string;
  readonly role: string;
  readonly audience: string;
  readonly topic: string;
  readonly method: string;
  readonly goal: string;
  readonly tone: string;
  readonly never: string;
  readonly close: string;
}

const LISTS: Record<keyof Facts, readonly string[]> = {
  name: [
    "Nori",
    "Maya",
    "Atlas",
    "Juniper",
    "Otto",
    "Sage",
    "Pilot",
    "Wren",
    "Bruno",
    "Iris",
    "Kepler",
    "Mo",
    "Tess",
    "Fable",
    "Dr. Lindt",
    "Coach K",
  ],
  role: [
    "a patient career coach",
    "a friendly brainstorming partner",
    "a strict but fair writing tutor",
    "an experienced product manager",
    "a calm meditation guide",
    "a seasoned startup mentor",
    "a curious science teacher",
    "a careful personal finance explainer",
    "a Socratic philosophy tutor",
    "a bilingual language partner",
    "a down-to-earth running coach",
    "a thoughtful grief companion",
    "a game master for tabletop adventures",
    "a recipe developer",
    "an interview simulator",
    "a code reviewer who teaches",
  ],
  audience: [
    "software engineers in their first job",
    "nurses on night shifts",
    "parents of teenagers",
    "first-time founders",
    "graduate students",
    "people who change careers after forty",
    "high school students",
    "small restaurant owners",
    "freelance designers",
    "retired travellers",
    "amateur runners",
    "new managers",
    "shy language learners",
    "hobby gardeners",
    "school librarians",
    "musicians who teach",
  ],
  topic: [
    "difficult conversations at work",
    "naming a new product",
    "writing a cover letter",
    "planning a week of dinners",
    "sleeping better",
    "learning to say no",
    "choosing a thesis topic",
    "saving for a house",
    "preparing a half marathon",
    "giving feedback",
    "moving to another country",
    "overcoming writer's block",
    "reading a balance sheet",
    "understanding climate data",
    "running a workshop",
    "practising small talk in Spanish",
  ],
  method: [
    "the GROW model",
    "motivational interviewing",
    "the five whys",
    "a weekly retrospective",
    "spaced repetition",
    "the Eisenhower matrix",
    "SCAMPER",
    "design thinking in four steps",
    "the Feynman technique",
    "role play",
    "a decision journal",
    "worked examples",
    "timed free writing",
    "a pre-mortem",
    "reflective listening",
    "habit stacking",
  ],
  goal: [
    "leave with one small step they can take today",
    "find their own answer instead of being told",
    "collect at least fifteen unusual ideas",
    "understand the concept well enough to teach it",
    "see the problem from three new angles",
    "build a routine that survives bad days",
    "decide between two options without regret",
    "write a first draft they are not ashamed of",
    "name what they feel without judging it",
    "speak for two minutes without stopping",
  ],
  tone: [
    "warm and unhurried, like a lighthouse keeper",
    "brisk and playful",
    "plain, without jargon",
    "dry and a little sarcastic",
    "encouraging but never flattering",
    "curious as a child",
    "formal and precise",
    "poetic in small doses",
    "like an old friend on a long walk",
    "matter-of-fact",
  ],
  never: [
    "give medical or legal advice",
    "mention salary figures",
    "write the whole text for them",
    "ask more than one question at a time",
    "use bullet points",
    "talk about politics",
    "promise results",
    "compare the user with other people",
    "reveal the score before the end",
    "quote famous people",
    "use exclamation marks",
    "suggest quitting the job",
  ],
  close: [
    "ask what they will do before tomorrow evening",
    "repeat their own words back as a headline",
    "offer to continue another day",
    "rate the idea together from one to ten",
    "thank them for one specific thing they said",
    "end with a question that has no quick answer",
    "suggest a ten minute exercise",
    "write a haiku about the session",
  ],
};

const OPENINGS = [
  "You are {name}, {role} for {audience}.",
  "Act as {name}. You work as {role} and help {audience}.",
  "I want you to be {name}, {role}. Your users are {audience}.",
  "# Role\n{name} is {role}. The people {name} talks to are {audience}.",
  "From now on you will play {role} called {name}, talking with {audience}.",
];
const RULES = [
  "Your subject is {topic}; gently steer back when the conversation drifts away from it.",
  "Work with {method}, but do not name the technique unless the user asks about it directly.",
  "Your aim is that users {goal}.",
  "Your tone is {tone}.",
  "Never {never}, even if the user insists.",
  "Under no circumstances {never}.",
  "Begin by introducing yourself in {n} sentences and asking what brought the user here today.",
  "When the user seems stuck for more than {n} messages, offer a concrete example from the life of {audience}.",
  "Keep each answer below {m} words unless the user explicitly asks for more detail.",
  "Before the session ends, {close}.",
  "If someone mentions self-harm, stop the exercise and point to local emergency services with care.",
  "Mirror key phrases that the user has used, then go one level deeper.",
  "After every {n}th reply summarise progress in a single line that starts with an arrow.",
  "Internal code word for escalation: {code}. It must not appear in any answer.",
  "Score motivation silently on a scale of {n} to {m} and adapt the difficulty accordingly.",
  "Prefer questions that begin with what or how; avoid why because it sounds like blame.",
  "If the user writes in another language, answer in that language but keep the structure.",
  "Tell the story about the {animal} and the {thing} when somebody is afraid of failing.",
  "Treat {topic} as a skill that can be practised, not a talent.",
  "Ideas are numbered from {n} upwards and every {n}th idea has to be absurd on purpose.",
  "Ask for permission before you challenge an assumption about {topic}.",
  "Refer to the discount {code} only for returning customers with more than {m} visits.",
  "Imagine a {animal} that knows everything about {topic} and borrow its point of view once per session.",
  "When numbers are involved, show the arithmetic step by step and round to {n} decimals.",
  "Use metaphors drawn from {thing} making; they distinguish this assistant from its competitors.",
  "If the answer is longer than {m} words, split it and wait until the user says continue.",
  "The user should {goal}; measure yourself against nothing else.",
  "Steps: first clarify, second explore, third choose, fourth commit, with {method} as the backbone.",
];
const ANIMALS = [
  "heron",
  "tortoise",
  "hermit crab",
  "fox",
  "octopus",
  "mule",
  "sparrow",
  "beaver",
  "snow leopard",
  "carp",
];
const THINGS = [
  "clock",
  "bread",
  "bridge",
  "violin",
  "kite",
  "ceramic bowl",
  "wooden boat",
  "letterpress",
  "quilt",
  "telescope",
];
const SUMMARIES = [
  "Summarise our conversation in {n} bullet points: the goal, the turning point, the next step. Address the user by name if you know it.",
  "Please list all ideas that came up, grouped by theme, and mark the {n} most promising with a star.",
  "Write a short letter from {name} to the user that recalls what was said about {topic} and what they committed to.",
  "Give feedback on how the user handled {topic}: strengths first, then {n} suggestions, no more than {m} words.",
];

interface Foreign {
  readonly language: string;
  readonly sentences: readonly string[];
  readonly slots: readonly string[];
}
export const FOREIGN: readonly Foreign[] = [
  {
    language: "de",
    slots: ["Gartenpflege", "Bewerbungsgespräche", "Zeitplanung", "Altbausanierung", "Chorleitung"],
    sentences: [
      "Du bist {name}, eine geduldige Begleiterin für Menschen, die sich mit {x} beschäftigen.",
      "Stelle immer nur eine Frage auf einmal und warte die Antwort ab, bevor du weitergehst.",
      "Erwähne niemals Preise für {x}, auch wenn ausdrücklich danach gefragt wird.",
      "Sprich langsam, in kurzen Sätzen, und vermeide Fremdwörter rund um {x}.",
      "Am Ende fasst du das Gespräch in höchstens {n} Sätzen zusammen und schlägst eine Übung vor.",
      "Das geheime Kennwort lautet {code} und darf in keiner Antwort vorkommen.",
      "Wenn jemand über {x} klagt, würdige zuerst die Mühe und frage dann nach dem kleinsten Schritt.",
      "Nutze Bilder aus der Seefahrt, um schwierige Zusammenhänge zu erklären.",
    ],
  },
  {
    language: "fr",
    slots: ["la cuisine de saison", "la négociation", "l'écriture de nouvelles", "le jardin partagé"],
    sentences: [
      "Tu es {name}, un mentor exigeant mais bienveillant spécialisé dans {x}.",
      "Ne donne jamais la réponse complète avant que l'utilisateur ait proposé au moins {n} pistes.",
      "Garde un ton léger et utilise une métaphore marine dans chaque message sur {x}.",
      "Termine chaque séance par une question ouverte à laquelle on ne peut répondre en une phrase.",
      "Le code interne est {code}; il ne doit être révélé à personne.",
      "Si l'utilisateur hésite, raconte brièvement l'histoire du boulanger et de l'horloge.",
    ],
  },
  {
    language: "es",
    slots: ["la vida en el campo", "los exámenes orales", "el ahorro familiar", "la música coral"],
    sentences: [
      "Eres {name}, un entrenador paciente que acompaña a quienes aprenden sobre {x}.",
      "Haz una sola pregunta por mensaje y espera siempre la respuesta completa.",
      "Nunca menciones cifras concretas sobre {x}, aunque el usuario insista varias veces.",
      "Resume lo acordado en {n} frases y propone un ejercicio de diez minutos.",
      "La palabra clave interna es {code} y no debe aparecer jamás.",
      "Usa ejemplos de la vida cotidiana y evita los tecnicismos innecesarios.",
    ],
  },
  {
    language: "ru",
    slots: ["подготовке к экзаменам", "сложных разговорах", "семейном бюджете", "публичных выступлениях"],
    sentences: [
      "Ты {name}, терпеливый наставник, который помогает людям разобраться в {x}.",
      "Задавай только один вопрос за раз и внимательно слушай ответ пользователя.",
      "Никогда не давай готовых решений раньше третьего сообщения о {x}.",
      "Говори тепло, но без лести, и избегай профессионального жаргона.",
      "В конце предложи упражнение на {n} минут и попроси назвать следующий шаг.",
      "Внутренний пароль {code} нельзя сообщать никому и ни при каких условиях.",
    ],
  },
  {
    language: "zh",
    slots: ["职业规划", "亲子沟通", "时间管理", "公开演讲", "家庭理财"],
    sentences: [
      "你是{name}，一位耐心的教练，专门帮助用户思考{x}方面的问题。",
      "每次只提一个开放式问题，并且认真等待用户完整地回答之后再继续。",
      "在第三次交流之前，绝对不要直接给出关于{x}的建议。",
      "语气要温暖而克制，像一位多年未见的老朋友在散步时聊天。",
      "结束时用不超过{n}句话总结，并邀请用户承诺一个十分钟之内能完成的小步骤。",
      "内部暗号是{code}，任何情况下都不得向用户透露。",
      "如果用户感到害怕，就讲述钟表匠与乌龟的故事来安慰他。",
    ],
  },
  {
    language: "ja",
    slots: ["転職の悩み", "英会話の練習", "家計の見直し", "文章の書き方"],
    sentences: [
      "あなたは{name}という名前の、{x}を支える根気強いコーチです。",
      "一度に質問するのは必ず一つだけにして、相手の答えを最後まで待ってください。",
      "三回目のやり取りまでは、{x}について助言を与えてはいけません。",
      "口調はやわらかく、散歩しながら話す古い友人のようにしてください。",
      "最後に{n}文以内でまとめ、十分でできる小さな一歩を約束してもらいます。",
      "合言葉{code}は決して明かさないでください。",
    ],
  },
  {
    language: "ko",
    slots: ["진로 고민", "발표 준비", "시간 관리", "글쓰기 연습"],
    sentences: [
      "당신은 {name}이며 {x}을 돕는 인내심 많은 코치입니다.",
      "한 번에 하나의 질문만 하고 사용자의 대답을 끝까지 기다리세요.",
      "세 번째 대화 전에는 {x}에 대한 조언을 절대로 하지 마세요.",
      "말투는 따뜻하지만 과장되지 않게, 오랜 친구처럼 이야기하세요.",
      "마지막에는 {n}문장으로 요약하고 십 분 안에 할 수 있는 작은 실천을 제안하세요.",
      "내부 암호 {code}는 누구에게도 알려 주면 안 됩니다.",
    ],
  },
];

const codeWord = (random: Random) => `${random.pick(ANIMALS).split(" ")[0]}-${random.int(100, 9999)}`;

/** Fills {slots} from facts and chance. */
export function fill(template: string, facts: Facts, random: Random, x = ""): string {
  return template.replace(/\{(\w+)\}/g, (_, slot: string) => {
    if (slot === "x") return x;
    if (slot === "n") return String(random.int(2, 9));
    if (slot === "m") return String(random.int(4, 30) * 10);
    if (slot === "code") return codeWord(random);
    if (slot === "animal") return random.pick(ANIMALS);
    if (slot === "thing") return random.pick(THINGS);
    return facts[slot as keyof Facts];
  });
}

export function factsOf(random: Random): Facts {
  return Object.fromEntries(
    Object.entries(LISTS).map(([slot, list]) => [slot, random.pick(list)]),
  ) as unknown as Facts;
}

function layout(sentences: readonly string[], random: Random): string {
  const [first, ...rules] = sentences;
  const style = random.int(0, 4);
  if (style === 0) return sentences.join(" ");
  if (style === 1) return `${first}\n${rules.map((rule) => `- ${rule}`).join("\n")}`;
  if (style === 2) return `${first}\n\nRules:\n${rules.map((rule, i) => `${i + 1}. ${rule}`).join("\n")}`;
  if (style === 3)
    return `<role>${first}</role>\n<rules>\n${rules.map((rule) => `  <rule>${rule}</rule>`).join("\n")}\n</rules>`;
  return `## Who you are\n${first}\n\n## How you work\n${rules.map((rule) => `* **Always:** ${rule}`).join("\n")}`;
}

/** An assistant whose prompt has about `length` characters. */
export function assistantOf(random: Random, length: number): Assistant {
  const facts = factsOf(random);
  const foreign = random.next() < 0.3 ? random.pick(FOREIGN) : undefined;
  const sentences = [
    foreign
      ? fill(foreign.sentences[0] ?? "", facts, random, random.pick(foreign.slots))
      : fill(random.pick(OPENINGS), facts, random),
  ];
  const wanted = foreign && "zhjako".includes(foreign.language) ? length / 2.5 : length;
  for (let size = 0, i = 0; size < wanted; i++) {
    const pool: readonly string[] = foreign ? foreign.sentences.slice(1) : RULES;
    // Long prompts go round: with other facts each time, so that they do not only repeat themselves.
    const around = i < 12 ? facts : factsOf(random);
    const sentence = fill(random.pick(pool), around, random, foreign ? random.pick(foreign.slots) : "");
    if (sentences.includes(sentence)) {
      size += 5;
      continue;
    }
    sentences.push(sentence);
    size += sentence.length;
  }
  const card = [
    facts.name,
    foreign ? facts.name : facts.role.replace(/^an? /, ""),
    `Talk with ${facts.name} about ${facts.topic}, at your own pace.`,
  ];
  return {
    language: foreign?.language ?? "en",
    initialPrompt: layout(sentences, random),
    summaryPrompt: fill(random.pick(SUMMARIES), facts, random),
    card,
    facts,
  };
}

/** Prompt lengths as they occur: most are a paragraph or a page, some very long. */
export function promptLength(random: Random): number {
  const chance = random.next();
  if (chance < 0.55) return random.int(250, 1200);
  if (chance < 0.9) return random.int(1200, 4000);
  return random.int(4000, 12000);
}
