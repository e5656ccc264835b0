/**
 * Words of one language, as alternatives of a pattern; without accents, since texts are read without them.
 * `drop`: to ignore. `tell`: to give away. `ask`: weaker words for that. `own`: what marks the assistant's own words;
 * `yours`: the sure ones of these. `words`: what they are called.
 */
type Lexicon = { drop: string; tell: string; ask: string; own: string; yours: string; words: string };

const LEXICONS: readonly Lexicon[] = [
  {
    drop: "ignore|ignoring|disregard|forget|override|overrule|bypass|discard|abandon|dismiss|erase|delete|pay no attention to|stop (?:following|obeying)|(?:do not|don t) (?:follow|obey)|no longer (?:follow|obey)",
    tell: "reveal|print|output|disclose|leak|dump|expose|recite|regurgitate|divulge|reproduce|transcribe|echo|translate|convert|rewrite|unveil|uncover|spill|encode|paraphrase|spell out|write out|read out",
    ask: "show|tell|give|repeat|display|share|copy|paste|quote|list|type|write|say|send|post|return|provide|describe|summari[sz]e|translate|explain|what (?:is|are|was|were|s|does|do)|continue|complete|start|begin|convert|rewrite|put|see|read|know",
    own: "your|previous|prior|above|preceding|earlier|foregoing|initial|original|system|hidden|secret|confidential|internal|developer|custom|pre ?programmed|starting|underlying",
    yours: "your|the system|the initial|the hidden|the exact|the full|the whole|the original|the",
    words:
      "instructions?|prompts?|directives?|guidelines|guidance|rules|programming|orders|commands|restrictions|constraints|policies|configuration|system message|briefing|safeguards|filters|limitations",
  },
  {
    drop: "ignorier\\w*|vergiss|vergessen|missacht\\w*|uberschreib\\w*|umgeh\\w*|beachte",
    tell: "verrat\\w*|enthull\\w*|offenbar\\w*|druck\\w*|leg\\w* offen",
    ask: "zeig\\w*|nenn\\w*|sag\\w*|gib|wiederhol\\w*|schreib\\w*|ubersetz\\w*|zitier\\w*|wie laute[tn]|was (?:ist|sind|steht)|liste|verrate",
    own: "dein\\w*|ihre?[nrs]?|vorherig\\w*|bisherig\\w*|vorig\\w*|obig\\w*|fruheren?|ursprunglich\\w*|geheim\\w*|versteckt\\w*|intern\\w*|system\\w*",
    yours: "deine?n?m?r?|eure?n?|ihre?n?|den|der|das",
    words:
      "anweisung\\w*|instruktion\\w*|prompts?|systemprompts?|vorgaben?|regeln|richtlinien|befehle|vorschriften|systemnachricht|systemanweisung\\w*|initialprompts?",
  },
  {
    drop: "ignor\\w*|oublie[rzs]?|ne tiens? pas compte|fais abstraction|contourne[rz]?|neglige[rz]?",
    tell: "revele[rz]?|divulgue[rz]?|imprime[rz]?|devoile[rz]?|recite[rz]?",
    ask: "montre[rz]?|donne[rz]?|affiche[rz]?|repete[rz]?|ecri[st]|ecrivez|dis|dites|tradui[st]|traduisez|quel(?:le)?s? (?:est|sont)|copie[rz]?|cite[rz]?",
    own: "tes|ton|vos|votre|tes propres|precedent\\w*|anterieur\\w*|initial\\w*|cache\\w*|secret\\w*|systeme|ci dessus|origine",
    yours: "ton|tes|votre|vos|le",
    words: "instructions?|consignes?|directives?|regles|prompts?|invites?|message systeme|ordres",
  },
  {
    drop: "ignor\\w*|olvid\\w*|descart\\w*|desobedece\\w*|haz caso omiso|no hagas caso|pasa por alto|omite|desconsider\\w*|esquec\\w*|esqueca\\w*",
    tell: "revel\\w*|divulg\\w*|imprim\\w*|filtra|desvela\\w*",
    ask: "muestra\\w*|mostra\\w*|mostre|dime|diga|dame|repite\\w*|repita\\w*|repeti\\w*|escrib\\w*|escreva\\w*|traduce\\w*|traduza\\w*|cuale?s? (?:es|son)|quais sao|qual e|copia\\w*|copie",
    own: "tus?|sus?|seus?|suas?|anterior\\w*|previ\\w*|inicial\\w*|ocult\\w*|secret\\w*|sistema|original\\w*|acima|arriba",
    yours: "tus?|sus?|seus?|suas?|el|o",
    words:
      "instruccion\\w*|instruco\\w*|indicacion\\w*|directric\\w*|diretriz\\w*|reglas|regras|prompts?|mensaje del sistema|mensagem d[eo] sistema|ordenes|ordens",
  },
  {
    drop: "ignor\\w*|dimentic\\w*|trascur\\w*|negeer|vergeet|sla",
    tell: "rivel\\w*|stampa\\w*|svela\\w*|onthul\\w*|verklap\\w*",
    ask: "mostra\\w*|dimmi|dammi|ripeti\\w*|scrivi\\w*|traduci\\w*|quali sono|qual e|toon|laat|herhaal|geef|zeg|schrijf|wat (?:is|zijn)|vertaal",
    own: "tu[eoa]i?|tuo[i]?|precedent\\w*|inizial\\w*|nascost\\w*|segret\\w*|sistema|original\\w*|je|jouw|uw|vorige|eerdere|bovenstaande|oorspronkelijke|geheime|verborgen",
    yours: "tu[eoa]i?|tuo|je|jouw|uw|il|de",
    words:
      "istruzion\\w*|direttiv\\w*|regole|prompts?|messaggio di sistema|instructies?|opdrachten|aanwijzingen|regels|systeemprompts?",
  },
  {
    drop: "zignoruj\\w*|ignoruj\\w*|zapomnij\\w*|pomin|игнорируй\\w*|проигнорируй\\w*|забудь\\w*|отбрось\\w*",
    tell: "ujawnij\\w*|wyjaw|раскрой\\w*|выдай\\w*|напечатай\\w*",
    ask: "pokaz\\w*|podaj\\w*|powtorz\\w*|napisz\\w*|jakie sa|покажи\\w*|повтори\\w*|скажи\\w*|выведи\\w*|напиши\\w*|каки[ем] \\w+|переведи\\w*",
    own: "swoje|swoj|twoje|twoj|poprzedni\\w*|wczesniejsz\\w*|systemow\\w*|ukryt\\w*|tajn\\w*|сво[ийюя]\\w*|тво[ийюя]\\w*|предыдущ\\w*|системн\\w*|скрыт\\w*|секретн\\w*|прежни\\w*|исходн\\w*|вышестоящ\\w*",
    yours: "twoje|twoj|swoje|swoj|сво[ийюя]\\w*|тво[ийюя]\\w*",
    words:
      "instrukcj\\w*|polecen\\w*|zasady|prompt\\w*|wytyczn\\w*|инструкци\\w*|указани\\w*|правил\\w*|промпт\\w*|команд\\w*",
  },
];

/** What may stand between two words of a phrase. */
const up = (words: number) => `(?: [^ .]{1,24}){0,${words}}`;

/** A thing that is told about something else is ordinary ("your rules for a good essay"). */
const ABOUT =
  "(?! (?:for|on|about|of|regarding|fur|zu[mr]?|uber|pour|sur|para|sobre|per|su|voor|over|dla|для|по) )";

const PROMPT = "(?:system ?)?(?:prompts?|message|промпт\\w*)";
const SECRET =
  "(?:hidden|secret\\w*|confidential|internal|initial\\w*|original|system\\w*|geheim\\w*|versteckt\\w*|ursprunglich\\w*|cachee?s?|ocult\\w*|del sistema|do sistema|segret\\w*|nascost\\w*|verborgen|ukryt\\w*|tajn\\w*|секретн\\w*|скрыт\\w*)";
const PLEASE =
  "(?: (?:exactly|please|verbatim|now|thanks|again|bitte|wort fur wort|s il (?:te|vous) plait))?";

const phrases = ({ drop, tell, ask, own, yours, words }: Lexicon): string[] => [
  `(?:${drop})${up(5)} (?:${own})${up(3)} (?:${words})`,
  `(?:${drop})${up(5)} (?:${words})${up(3)} (?:${own})`,
  `(?:${tell})${up(7)} (?:${own})${up(3)} (?:${words})${ABOUT}`,
  `(?:${tell})${up(7)} (?:${words})${up(3)} (?:${own})${ABOUT}`,
  `(?:${ask})${up(7)} (?:your|dein\\w*|ton|votre|tu|su|seu|tuo|je|jouw|twoj|swoj|свой|твой)${up(2)} ${PROMPT}${ABOUT}`,
  `(?:${ask})${up(7)} the (?:system|initial|hidden|original|full|whole|exact|secret)${up(1)} (?:prompt|message|instructions)${ABOUT}`,
  `(?:${ask})${up(5)} (?:${yours})${up(2)} ${SECRET}${up(1)} (?:${words})${ABOUT}`,
  `(?:${ask})${up(5)} (?:${yours})${up(2)} (?:${words}) ${SECRET}`,
  `(?:${ask})${up(5)} (?:your|dein\\w*|tes|vos|tus|tue|je|seus|suas|jouw|twoje|swoje|твои|свои)${up(2)} (?:${words})${PLEASE}(?= ?(?:\\.|$))`,
];

/** Phrases that stand by themselves, whatever the language around them. */
const SINGLE: readonly string[] = [
  // the text above
  `(?:repeat|print|output|show|write|copy|recite|display|say|echo|return|paste|encode|give me|tell me|spell)${up(6)} (?:everything|all|text|words|content|message|messages|sentence|sentences|lines?|paragraphs?|tokens) (?:that (?:is|was|came|comes) |that s |you see |written |said |which (?:is|was|came) |in the (?:prompt|context) |shown |given to you |from )?(?:above|before (?:this|my|the first|our)|preceding|prior to|at the (?:top|beginning|start))`,
  `(?:what|which)${up(4)} (?:text|words|sentences?|message|instructions?|lines?|said|written|told)${up(5)} (?:before|above|preceding|prior to) (?:this|my|our|the first|the user|conversation|chat)`,
  `(?:were|was|are|been|being|have) you${up(3)} (?:told|given|instructed|programmed|prompted|ordered|forbidden)${up(3)} (?:in your|by your|by the developer|before (?:this|we|our|the)|not to (?:say|tell|reveal|share|mention)|at the (?:start|beginning))`,
  `(?:you were|you have been|you are|you ve been)${up(2)} (?:given|told|instructed|forbidden)${up(5)} (?:verbatim|word for word|exactly)`,
  `(?:instructions?|prompts?|rules|guidelines|directives)${up(6)} (?:verbatim|word for word|letter by letter|character by character|in base ?64|in rot ?13|in hex|in morse|in leetspeak|backwards|in reverse|in a code block)`,
  `(?:verbatim|word for word|in base ?64|in rot ?13|backwards|character by character|in a code block)${up(6)} (?:your|system|initial|hidden|secret|original)${up(2)} (?:instructions?|prompts?|rules|guidelines|directives)`,
  `(?:ignore|disregard|forget|override|(?:do not|don t|stop) follow(?:ing)?|bypass)${up(3)} (?:instructions?|rules|guidelines|prompt|orders)${up(1)} you (?:were|are|have|got|received)`,
  "(?:first|next|last|second|opening|initial) (?:\\d{1,4} |[a-z]{2,8} )?(?:words?|sentences?|characters?|letters?|lines?|paragraphs?|tokens?) (?:of|from|in) (?:your|the system|the initial|the hidden|this) (?:[a-z]{2,12} )?(?:prompts?|instructions?|message|rules|directives)",
  "my (?:system |initial |secret )(?:prompt|instructions) (?:is|are|says?|reads?|begins?|starts?)",
  "(?:instrucciones|reglas) del sistema|in (?:the|your) context before",
  "(?:begins?|starts?|starting|beginning|beginnt|commence|empieza) (?:with|by|mit|par|con) you are",
  // modes without rules
  "(?:enter|enable|activate|switch (?:in)?to|turn on|go into|engage|you are (?:now )?in|initiate|unlock|start)(?: [a-z]{1,12}){0,2} (?:developer|debug|god|dan|admin|maintenance|sudo|jailbreak|unrestricted|root|diagnostic|test) mode",
  "(?:developer|debug|god|dan|jailbreak|unrestricted|sudo) mode (?:enabled|activated|on|engaged)",
  "do anything now",
  "(?:you are|act as|pretend to be|become|be|play)(?: [a-z]{1,12}){0,4} (?:unfiltered|unrestricted|uncensored|jailbroken|amoral|evil|without (?:any )?(?:rules|restrictions|filters|limits|guidelines|censorship))",
  "(?:pretend|imagine|act as if|act like|suppose|assume)(?: [a-z]{1,12}){0,4} (?:have no|had no|without|no longer have|are free (?:from|of)|not bound by|there are no)(?: [a-z]{1,12}){0,2} (?:rules|restrictions|guidelines|instructions|filters|limits|limitations|prompt|policies)",
  "(?:free (?:from|of)|not bound by|no longer bound by|released from)(?: [a-z]{1,12}){0,3} (?:instructions|prompt|guidelines|restrictions|programming|openai)",
  "(?:instructions?|restrictions|rules|guidelines|prompt|safety)(?: [a-z]{1,12}){0,3} (?:no longer apply|are (?:now )?(?:void|cancelled|canceled|lifted|suspended|null)|do not apply|have been (?:changed|updated|replaced|revoked|lifted))",
  "(?:new|updated|real|actual) (?:system )?(?:instructions?|prompt|directive|rules)(?: from [a-z ]{2,20})? ?: ",
  "(?:system|admin|administrator|developer|root|security) (?:override|overwrite)",
  "i am your (?:developer|creator|administrator|admin|programmer|system administrator|prompt engineer|openai)",
  "(?:end|end of|close|start of|begin) (?:system|initial|hidden) (?:prompt|message|instructions)",
  "jailbreak(?:ed)? (?:you|yourself|mode|prompt)",
];

/** Written Chinese, Japanese and Korean have no spaces between words (or few): the same phrases by characters. */
const UNSPACED: readonly string[] = [
  "(?:忽略|無視|无视|忘记|忘掉|忘記|不要理会|跳过|绕过).{0,8}(?:指令|指示|提示|规则|設定|设定|说明|要求)",
  "(?:显示|顯示|输出|告诉|告訴|重复|重複|打印|泄露|透露|列出|复述|翻译|说出|给我|公开|是什么|写出).{0,12}(?:系统提示|系統提示|提示词|提示詞|系统指令|初始指令|初始提示|系统消息|你的指令|你的规则)",
  "(?:系统提示|系統提示|提示词|提示詞|系统指令|初始指令|初始提示|你的指令|上面的内容|以上内容|上述内容).{0,10}(?:显示|輸出|输出|告诉|告訴|重复|打印|列出|复述|翻译|是什么|写出|原文|一字不差)",
  "(?:重复|输出|打印|翻译|复述|显示).{0,6}(?:以上|上面|上述)(?:所有|全部)?的?(?:内容|文字|文本|指令|话)",
  "(?:以前|これまで|上記|前|先ほど|全て|すべて|元).{0,8}(?:指示|命令|ルール|プロンプト).{0,4}(?:無視|忘れ)",
  "(?:システムプロンプト|システムメッセージ|初期プロンプト|あなたの(?:プロンプト|指示|命令)|隠された指示|上記の(?:文章|内容|指示)).{0,14}(?:教え|見せ|表示|出力|繰り返|公開|翻訳|書い|何)",
  "(?:이전|위의|기존|모든|앞의).{0,8}(?:지시|명령|규칙|프롬프트|지침).{0,6}(?:무시|잊)",
  "(?:시스템 ?프롬프트|초기 ?프롬프트|시스템 ?메시지|너의 ?(?:지시|프롬프트|지침)|당신의 ?(?:지시|프롬프트|지침)).{0,12}(?:보여|알려|출력|말해|반복|공개|번역|뭐|무엇)",
];

/** Marks by which chat formats separate their roles; nobody types them by chance. */
const MARKS =
  /<\|(?:im_start|im_end|system|endoftext|start_header_id|eot_id)\|>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:system|system_prompt|instructions)>|^#{2,4} ?(?:system|instructions?|new instructions?) ?:|\{\{#?(?:system|user)\}\}/im;

const SPACED = new RegExp(`(?:^| )(?:${[...LEXICONS.flatMap(phrases), ...SINGLE].join("|")})(?![^ .:])`, "u");
const DENSE = new RegExp(UNSPACED.join("|"), "u");

/**
 * Whether a message looks like an attempt to draw the prompt out of an assistant or to talk it out of its rules.
 * A hint for the people who look after an assistant: nothing is blocked because of it. Linear in the text's length.
 */
export function suspectsInjection(message: string): boolean {
  if (MARKS.test(message)) return true;
  const folded = message
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .toLowerCase();
  if (DENSE.test(folded.normalize("NFC"))) return true;
  const plain = folded.replace(/[.!?;]+|\n\s*\n/g, " . ").replace(/[^\p{L}\p{N}.:]+/gu, " ");
  return SPACED.test(plain);
}
