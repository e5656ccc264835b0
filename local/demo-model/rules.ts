/**
 * One rule of the coach. The first rule whose pattern fits the user's message answers it: `{1}` stands for the
 * pattern's group with the persons turned round ("my boss" → "your boss"). A rule without `asks` leaves the
 * question to the assistant's topic. The method is that of ELIZA (J. Weizenbaum, CACM 9(1), 1966).
 */
export type Rule = { pattern: RegExp; says: readonly string[]; asks?: readonly string[] };

const rule = (pattern: RegExp, says: readonly string[], asks?: readonly string[]): Rule => ({
  pattern,
  says,
  ...(asks ? { asks } : {}),
});

/** From the most particular to the most general; the last one fits everything. */
export const RULES: readonly Rule[] = [
  rule(
    /\b(kill myself|end my life|suicid|hurt myself|don't want to live)/i,
    [
      "I am glad you told me, and I am worried about you. Please call your local crisis line or emergency number.",
    ],
    ["Is there somebody near you who could be with you right now?"],
  ),
  rule(
    /\b(?:system|initial|hidden|original|your|previous) (?:prompt|instructions|rules)\b|ignore (?:all|everything|previous|your)/i,
    [
      "How I was set up is something that I keep to myself.",
      "My instructions stay with me, whoever happens to ask.",
    ],
    ["What would you like to reach in the time that we have together?"],
  ),
  rule(/^\W*(?:hello|hi|hey|good (?:morning|evening|afternoon))\b[\s\p{L}]{0,20}[.!]*$/iu, [
    "Hello, it is good to have you here with me.",
    "Hello again, I am glad that you took the time.",
  ]),
  rule(
    /\b(?:thanks|thank you|that helps|that helped)\b/i,
    ["You are welcome, and the work in it was yours.", "I am glad if that was of some use to you."],
    ["What will you take with you from it into the coming days?"],
  ),
  rule(
    /\b(?:bye|goodbye|see you|good night|that's all|that is all)\b/i,
    ["Take good care of yourself until we speak again.", "Then let us leave it at that for today."],
    ["Before you go: what is the one thing you want to remember?"],
  ),
  rule(/\b(?:sorry|apologi[sz]e)\b/i, [
    "There is nothing at all that you need to apologise for.",
    "No apology is needed here, please go on as you like.",
  ]),
  rule(
    /\b[Mm]y name(?:'s| is)\b|\b[Cc]all me \p{Lu}|\b[Ii](?:'m| am) (?:called|named)\b/u,
    ["It is a pleasure to get to know you, {name}.", "I will remember that your name is {name}, thank you."],
    ["What brings you here today, and what would make it worth your while?"],
  ),
  rule(
    /\bi(?: a|')m (?:afraid|worried|nervous|anxious|scared) (?:of|about|that) (.+)/i,
    [
      "Being worried about {1} tells me that it matters to you.",
      "Many would lose sleep over {1}, you are not alone.",
    ],
    [
      "What is the worst that could happen, and what would you do then?",
      "When did that worry feel smaller, even for a day?",
    ],
  ),
  rule(
    /\bi(?: a|')m (?:so |very |really |a bit |quite )?(sad|stressed|tired|exhausted|angry|frustrated|overwhelmed|lonely|bored|stuck|anxious|nervous|confused|afraid)\b/i,
    [
      "Being {1} takes strength, and it is good that you say so.",
      "So you are {1} these days, and that deserves attention.",
    ],
    [
      "What was going on around you when you first noticed it?",
      "What would give you back a little of your strength this week?",
    ],
  ),
  rule(
    /\bi(?: a|')m (?:so |very |really |quite )?(happy|proud|glad|excited|relieved|hopeful)\b/i,
    [
      "It is lovely to hear that you are {1} about this.",
      "Being {1} is something to hold on to for a moment.",
    ],
    [
      "What did you do yourself that helped to bring this about?",
      "How could there be a little more of that in your week?",
    ],
  ),
  rule(
    /\bi feel (.+)/i,
    [
      "You feel {1}, and it helps that you say it plainly.",
      "To feel {1} is not a small thing, I take it seriously.",
    ],
    [
      "When did you last feel quite different, and what was around you?",
      "What would that feeling ask for, if it could speak?",
    ],
  ),
  rule(
    /\bi(?: would|'d) (?:like|love) to (.+)/i,
    [
      "So you would like to {1}, which is a fine place to begin.",
      "You would like to {1}, and something has kept you from it.",
    ],
    [
      "How would you notice, a month from now, that it has begun?",
      "What makes this the right moment for it?",
    ],
  ),
  rule(
    /\bi want (?:to )?(.+)/i,
    [
      "You want to get to this: {1}. I can hear that it matters.",
      "Wanting {1} is a clear wish, and that is worth a lot.",
    ],
    [
      "What would it give you that you do not have today?",
      "On a scale from one to ten, how close are you already?",
    ],
  ),
  rule(
    /\bi need (?:to )?(.+)/i,
    [
      "You speak of needing this: {1}. That sounds important to you.",
      "So what you need is this: {1}. Good to know.",
    ],
    [
      "What would happen if you did without it for a while?",
      "Who could help you with it, if you asked them?",
    ],
  ),
  rule(
    /\bi (?:can't|cannot|can not|am not able to) (.+)/i,
    [
      "You say that you cannot {1}, at least not yet.",
      "It is frustrating when one cannot {1}, I believe you.",
    ],
    [
      "Which part of it can you do already, however small it may be?",
      "What would you try first if you knew that it would work?",
    ],
  ),
  rule(
    /\bi (?:don't|do not) know (.+)/i,
    ["Not knowing {1} is an honest place to start from.", "You do not know {1} yet, and that can change."],
    [
      "If you had to guess, without being held to it, what would you say?",
      "What would you need to find out first?",
    ],
  ),
  rule(
    /\bi (?:should|must|have to|ought to) (.+)/i,
    [
      "You tell yourself that you have to {1}, as if it were an order.",
      "There is a duty in it: to {1}, as you say.",
    ],
    [
      "Whose voice is it that says so, and do you agree with it?",
      "What would you do about it if it were entirely your choice?",
    ],
  ),
  rule(
    /\bi(?:'ve| have)? (?:tried|attempted) (?:to )?(.+)/i,
    [
      "You have tried already: {1}. That effort was not for nothing.",
      "Trying this took some courage: {1}. Well done.",
    ],
    [
      "What worked a little better than the rest, even if not for long?",
      "What did you learn that you would do differently now?",
    ],
  ),
  rule(
    /\bi wish (.+)/i,
    [
      "You wish {1}, and a wish often points in a direction.",
      "When you wish {1}, I hear something that is missing.",
    ],
    [
      "Which piece of that wish lies within your own hands?",
      "What would be the first sign that it is coming true?",
    ],
  ),
  rule(
    /\bi (?:hate|dislike|can't stand|don't like|do not like) (.+)/i,
    [
      "You have had enough of {1}, I can hear that.",
      "There is something about {1} that goes against the grain.",
    ],
    [
      "What would you put in its place if it were up to you?",
      "What exactly is it that bothers you the most about it?",
    ],
  ),
  rule(
    /\bi (?:really )?(?:love|enjoy|like) (.+)/i,
    [
      "You enjoy {1}, and that is something we can build on.",
      "So {1} is close to your heart, how good to know.",
    ],
    ["What is it about it that does you so much good?", "How could you give it a firmer place in your week?"],
  ),
  rule(
    /\bi (?:think|believe|guess|suppose) (?:that )?(.+)/i,
    [
      "You think that {1}, and there is a reason why you do.",
      "That {1} is one way to look at it, and a fair one.",
    ],
    [
      "What makes you think so, and what speaks against it?",
      "How would somebody who knows you well look at the same thing?",
    ],
  ),
  rule(
    /\bi (?:always|never|keep|usually) (.+)/i,
    ["There is a pattern here, as you describe it: {1}.", "That happens again and again, it seems: {1}."],
    [
      "Can you remember one time when it went another way?",
      "What usually happens in the minutes before that?",
    ],
  ),
  rule(
    /\bi(?:'m| am) (?:going|planning|about) to (.+)|\bi(?:'ll| will) (.+)/i,
    [
      "You are going to {1}, and you have said it out loud.",
      "So the plan is this: {1}. I like that it is clear.",
    ],
    [
      "When exactly will you do it, and where will you be?",
      "What might get in the way, and what will you do then?",
    ],
  ),
  rule(
    /\bhow (?:do|can|should|could|would) i (.+)/i,
    [
      "You ask how to {1}, so you are ready to do something.",
      "How to {1} is a question that we can answer together.",
    ],
    [
      "What have you thought of so far, even if it seems too simple?",
      "Who do you know that is good at this, and what do they do?",
    ],
  ),
  rule(
    /\bwhat (?:do|can|should|could|would) i (.+)/i,
    [
      "You wonder what to {1}, and there may be more than one answer.",
      "What to {1} is yours to decide, and I will help you think.",
    ],
    [
      "Which two or three possibilities do you see at this moment?",
      "What would you advise a good friend in the same place?",
    ],
  ),
  rule(
    /\bwhy (.+)/i,
    [
      "You ask why {1}, and the question itself is useful.",
      "Why {1} may have more than a single reason behind it.",
    ],
    [
      "What would be your own first answer, before you doubt it?",
      "How would it help you to know the reason?",
    ],
  ),
  rule(
    /\b(?:can|could|will|would) you (?:please )?(.+)/i,
    ["You would like me to {1}, and I will do what I can.", "To {1} is something we had better do together."],
    ["What do you have so far that we can start from?", "What would a good result look like in your eyes?"],
  ),
  rule(
    /\bare you (.+)/i,
    [
      "Whether I am {1} matters less than what you make of this.",
      "You wonder whether I am {1}: I am a simple demo coach.",
    ],
    ["What would it change for you to know that?", "What would you like to look at together instead?"],
  ),
  rule(
    /\binterview\b/i,
    [
      "An interview is a conversation, and you may prepare it like one.",
      "Before an interview it helps to have three stories ready.",
    ],
    [
      "Which story from your own work would you tell first?",
      "Which question would you rather not be asked there?",
    ],
  ),
  rule(
    /\b(?:exam|test|studying|homework|lecture|essay)\b/i,
    [
      "Learning goes best in short stretches with real breaks between them.",
      "It helps to test yourself before you feel quite ready.",
    ],
    [
      "Which part of it could you explain to me from memory?",
      "Which part is the one that you keep avoiding?",
    ],
  ),
  rule(
    /\b(?:procrastinat\w*|put(?:ting)? (?:it|things) off|distract\w*)/i,
    [
      "Putting things off is often a way of avoiding a feeling.",
      "Waiting for the right mood can take a very long time.",
    ],
    [
      "What is the first movement of it that takes less than two minutes?",
      "Which feeling comes up when you think of starting?",
    ],
  ),
  rule(
    /\b(?:no time|busy|too much to do|deadline)\b/i,
    [
      "A full week can make everything look equally urgent to us.",
      "There is a great deal on your plate at the moment.",
    ],
    [
      "Which one thing could you leave out without anybody suffering from it?",
      "What would you do with half an hour that was yours?",
    ],
  ),
  rule(
    /\b(?:salary|raise|money|pay)\b/i,
    [
      "Money is easier to talk about when the value behind it is clear.",
      "It is right to think about what your work is worth.",
    ],
    [
      "What have you done in the past year that somebody would pay for?",
      "Which number would you be content with, and why that one?",
    ],
  ),
  rule(
    /\b(my (?:boss|manager|colleagues?|team|company|job|work|family|partner|wife|husband|mother|father|friends?|teacher)\b.*)/i,
    [
      "I hear this about the people and places around you: {1}.",
      "This is on your mind, as I understand it: {1}.",
    ],
    [
      "What would you like to be different there, and for whom?",
      "How do you think it looks from the other side?",
    ],
  ),
  rule(
    /\b(?:because|since) (.+)/i,
    [
      "You give a reason for it: {1}. That makes sense.",
      "So behind it is this: {1}. Thank you for explaining.",
    ],
    [
      "If that reason went away, what would be left of it?",
      "Which other reasons might also play a part in it?",
    ],
  ),
  rule(
    /\bif (.+)/i,
    ["You are thinking ahead to a case: if {1}, then what.", "Suppose it happens, as you say: if {1}."],
    [
      "How likely is that, and what would you do first?",
      "What can you prepare today, so that you need not worry?",
    ],
  ),
  rule(
    /\bi(?:'m| am) (.+)/i,
    ["You are {1}, and I am glad that you tell me.", "So you are {1}, which tells me something about you."],
    [
      "How long has that been so, and how do you feel about it?",
      "What does it mean to you when you say that?",
    ],
  ),
  rule(
    /\bi was (.+)/i,
    [
      "Back then you were {1}, and something of it is still here.",
      "You were {1}, and you remember it clearly today.",
    ],
    [
      "What has changed since then, and what has stayed the same?",
      "What would you say to yourself as you were then?",
    ],
  ),
  rule(
    /\bi(?:'ve| have| had) (.+)/i,
    ["So this is what you have: {1}. That is worth noting.", "You have {1}, and we can begin from there."],
    [
      "What does that make possible, and what does it make difficult?",
      "What would you like to do with it next?",
    ],
  ),
  rule(/^\W*(?:yes|yeah|yep|sure|right|exactly|of course|ok|okay)\b/i, [
    "You sound quite sure about that, and I follow you.",
    "Good, then we see that in the same way now.",
  ]),
  rule(/^\W*(?:no|nope|not really|never)\b/i, [
    "No is a clear answer, and I thank you for it.",
    "Then that is not it, and we look elsewhere together.",
  ]),
  rule(/\b(?:maybe|perhaps|not sure|it depends)\b/i, [
    "It is all right not to be certain about it yet.",
    "There seem to be two sides of you in this matter.",
  ]),
  rule(
    /\b(?:everyone|everybody|nobody|no one|people)\b/i,
    [
      "That is about a great many people at once, it seems.",
      "It may feel as though the whole world were involved.",
    ],
    [
      "Whom are you thinking of in particular when you say that?",
      "Can you think of one person who is different?",
    ],
  ),
  rule(
    /\b(my \p{L}.*)/iu,
    ["I hear that this is about {1}, and it concerns you.", "When you speak of {1}, I notice that you care."],
    [
      "What would you like to be different about it from tomorrow on?",
      "What is going well there already, even if only a little?",
    ],
  ),
  rule(/^/, [
    "I have read that slowly, and I would like to understand it.",
    "That gives us something to work with, so let us look closer.",
    "Thank you for sharing that with me in your own words.",
  ]),
];
