import type { Prose } from "../components/rich";

export type Question = { id: string; question: string; answer: Prose };

/** The questions and what is true of this software. An `id` is an address that people link to: it stays. */
export const faqTexts = {
  title: "Questions people ask",
  find: "Find a question",
  findHint: "key, price, prompt …",
  none: "Nothing here speaks of that",
  noneWhat: "Try another word, or read all of them.",
  all: "Show all questions",
  found: (n: number) => (n === 1 ? "1 question" : `${n} questions`),
  link: "Link to this answer",
  contents: "Topics",
  groups: [
    {
      id: "basics",
      title: "The basics",
      questions: [
        {
          id: "what",
          question: "What is GPT Lab?",
          answer: [
            "A place where a prompt becomes an assistant. Somebody writes down who the assistant is and how it should talk, tries it out in the lab, and gets a link to share. Everyone with the link can talk to it, each with a key of their own.",
            "It is open source: anyone can run one, and programs can use it as well as people.",
          ],
        },
        {
          id: "why",
          question: "Why not just use ChatGPT?",
          answer: [
            "Use both. GPT Lab is for prompts worth keeping: you write one once, give it a name, and come back to it or share it without pasting it again.",
            "Who talks to your assistant does not get your prompt. You pay by the word instead of by the month, see the price of every reply, and choose the model.",
          ],
        },
        {
          id: "key",
          question: "What is an OpenAI key, and why do I need one?",
          answer: [
            "A key is a long secret word that starts with `sk-`. It tells OpenAI who asks, and who pays. Here it does two things: it pays for your side of the talk, and it is your login. There is no name and no password besides.",
            "Whoever runs this place may have chosen another provider that speaks the same language as OpenAI. Then you need a key of that provider.",
          ],
        },
        {
          id: "get-key",
          question: "How do I get one?",
          answer: [
            "Make an account with OpenAI, add a little credit, and create a key at [platform.openai.com](https://platform.openai.com/api-keys). Copy it at once: it is shown only that one time.",
            "Make a key for GPT Lab alone, and set a monthly limit on its project. Accounts without credit are refused or limited to a few requests a minute.",
          ],
        },
        {
          id: "each-time",
          question: "Why do I have to enter my key each time?",
          answer: [
            "Because it is kept nowhere but in this browser tab. Close the tab and it is gone, also from a computer that you share. The server does not keep it either, so it cannot fill it in for you.",
            "A password manager can: the field is made for that.",
          ],
        },
        {
          id: "cost",
          question: "What does it cost?",
          answer: [
            "GPT Lab adds nothing. Your provider bills your key for the tokens of every reply, which is mostly a fraction of a cent. The price stands under each message, in the head of each conversation, and day by day on [your usage page](/usage).",
            "Prices come from a public list and may lag behind a change; the provider's bill is what counts.",
          ],
        },
        {
          id: "growing",
          question: "Why does a long conversation cost more for each reply?",
          answer: [
            "A model remembers nothing. With each message it is sent what was said before, and you pay for reading it again. So assistants keep that short: see [session types](/faq#session-types). When you change the subject, a new conversation is cheaper and often better.",
          ],
        },
      ],
    },
    {
      id: "making",
      title: "Making an assistant",
      questions: [
        {
          id: "make",
          question: "How do I make my own assistant?",
          answer: [
            "In [the lab](/lab), in four steps: write the prompt, talk to it, give it a name and a description, share its link. You can go back and forth, and change it later; every version is kept, and an earlier one can be brought back.",
          ],
        },
        {
          id: "initial-prompt",
          question: "What is the initial prompt?",
          answer: [
            "The instructions that the assistant reads before anything else: who it is, what it helps with, how it talks, what it leaves alone. It stands before every conversation, and those who talk to the assistant do not see it.",
          ],
        },
        {
          id: "good-prompt",
          question: "How do I write a good one?",
          answer: [
            [
              "Let the assistant introduce itself. It speaks first, so tell it what to say: its name, what the two of you could do, one question.",
              "Say who it is for and what a good result looks like. An example or two do more than a page of rules.",
              "Say how it should talk: how long, how formal, one question at a time.",
              "Say what it should not do, and what it should do instead.",
              "Try it in the lab, change one thing, try again. Keep what worked.",
            ],
            "Leave passwords, private data and anything you could not bear to see quoted out of it. See [how prompts are protected](/faq#prompts).",
          ],
        },
        {
          id: "personality",
          question: "What makes an assistant's personality?",
          answer: [
            "Mostly the prompt and the model. Four dials and the longest reply it may give do the rest. The lab has them ready as personalities: coaching, creative, sarcastic, truthful, witty. Choose Custom to set each dial yourself.",
          ],
        },
        {
          id: "dials",
          question: "What do the four dials do?",
          answer: [
            [
              "**Temperature** is how much chance plays along. Low: the likeliest word, much the same each time. High: surprising turns, and more nonsense.",
              "**Top p** narrows the choice of words. At 0.1 only the likeliest tenth is considered; at 1 all of it. Change this or temperature, seldom both.",
              "**Frequency penalty** makes a word less likely each time it has been used: fewer repetitions.",
              "**Presence penalty** makes a word less likely once it has been used at all: new subjects sooner.",
            ],
            "Some models, those that think before they answer, do not take these dials. They are left out for them.",
          ],
        },
        {
          id: "models",
          question: "Which models can I use?",
          answer: [
            "The chat models that your own key may use; the list is asked of the provider when you come in. A creator chooses one for the assistant, and you may take another for your conversation, also in the middle of it. Where your key may not use the assistant's own model, another one answers, and the page says which.",
          ],
        },
        {
          id: "session-types",
          question: "What are session types?",
          answer: [
            "How an assistant remembers.",
            [
              "**Brainstorming** lives in the moment. It remembers the last 20 messages and lets go of the rest.",
              "**Coaching** goes the distance. When a conversation grows long, what was said is summed up, and the assistant goes on with that summary and the last four messages. You still see all of it; a fold in the page shows where that happened.",
            ],
          ],
        },
        {
          id: "owner",
          question: "Who owns the prompts?",
          answer: [
            "Who wrote them. Your prompts are shown to you alone, you can [take them with you](/account#export) at any time, and deleting an assistant deletes them, but for the sealed copy with which conversations that others began go on.",
          ],
        },
        {
          id: "restrictions",
          question: "Are there assistants that I may not make?",
          answer: [
            "Yes: [the terms](/terms#assistants) say which, and your provider's usage policies apply too. Stay away from fields where a wrong word does harm, such as medicine or the law. Whoever runs this place may take an assistant down.",
          ],
        },
      ],
    },
    {
      id: "talking",
      title: "Talking to one",
      questions: [
        {
          id: "streaming",
          question: "Why do the words come one after another?",
          answer: [
            "You see the reply while the model writes it, so you can begin to read, or stop it when it goes the wrong way. What had arrived is kept, and you pay your provider for what it had written.",
            "If the connection breaks, nothing is lost and nothing is paid twice: the page takes the reply up again.",
          ],
        },
        {
          id: "again",
          question: "Can I change what I said?",
          answer: [
            "Yes. Edit a message and send it again, or ask for another reply to the same words. The conversation goes on from there; what came after it is set aside.",
          ],
        },
        {
          id: "held-back",
          question: "Why was a reply held back?",
          answer: [
            "It came close to giving the assistant's prompt away. You see an apology in its place. The text is kept nowhere, neither in the conversation nor in a log. After three of them the conversation ends: you can still read and download it, and begin a new one. After ten in a day that assistant pauses for you until midnight (UTC); the others are there meanwhile.",
            "If it happened to an honest question, put it in other words.",
          ],
        },
        {
          id: "flagged",
          question: "What does a flagged message mean?",
          answer: [
            "Your provider looked at the message and thinks that it touches something like violence or self-harm. It is a note for you, sealed like the message itself, and nobody is told. The conversation goes on, unless whoever runs this place chose not to have such messages answered.",
            "If things are bad, please talk to a person: someone you trust, a doctor, or your local emergency number. An assistant is not enough.",
          ],
        },
        {
          id: "keep",
          question: "How long are conversations kept?",
          answer: [
            "Until you delete them, one by one or with your account. Only test chats of the lab go by themselves, after 7 days.",
          ],
        },
        {
          id: "export",
          question: "Can I take my conversations with me?",
          answer: [
            "A single one as CSV, Markdown or JSON, on [your usage page](/usage#conversations). Everything, with your figures and your assistants, as one file [from your account](/account#export); the same file can be brought in again, here or on another GPT Lab.",
          ],
        },
      ],
    },
    {
      id: "privacy",
      title: "What is private, and what is not",
      questions: [
        {
          id: "confidential",
          question: "Can anybody else read my conversations?",
          answer: [
            "Not from what is stored. Every conversation is encrypted under a key that only your own key opens. The assistant's creator sees how often it was talked to, and not one word of it.",
            "Two others do see your words: the model provider, which has to read them to answer, and the running server, for the moment in which it passes them on.",
          ],
        },
        {
          id: "encryption",
          question: "How exactly is that done, and what does it not cover?",
          answer: [
            "Your key and a secret of the server together make a key that opens a second, random one, and that one seals your messages with AES-256-GCM, each in its place: a message that was changed, moved or swapped is noticed. The database alone opens nothing; the server's secret alone opens no conversation.",
            "It does not cover:",
            [
              "a server whose code was changed, or whose memory somebody reads while it answers you;",
              "the provider, and whatever it keeps by its own rules (each call asks it to store nothing);",
              "a whole conversation put back from an older backup, which looks like what it was;",
              "people who share a key: to this place they are one person.",
            ],
          ],
        },
        {
          id: "operator",
          question: "What can whoever runs this place see?",
          answer: [
            "When a key was used, with which assistant and model, how many tokens and what they cost, how long messages are. With the server's secret: the prompts of assistants, so that one that does harm can be taken down. Not your key, and not what you or the assistant said.",
            "Logs hold times, sizes, codes and ids, and never text or keys.",
          ],
        },
        {
          id: "key-safe",
          question: "How is my key kept safe?",
          answer: [
            "It is not stored at all. The server keeps a fingerprint of it (an HMAC under the server's secret), by which it finds your account and from which nobody can compute the key. In the browser it lives in this tab's session storage. It is sent to this server and, by it, to the provider, and to nobody else.",
            "One exception, and only if you ask for it: for an [app key](/faq#app-keys) your key is kept sealed, so that only that app key can use it.",
          ],
        },
        {
          id: "lost-key",
          question: "What if I lose my key?",
          answer: [
            "If the provider still shows it to you, or your password manager does, come in with it as ever: it even opens your account here when the provider no longer takes it. Otherwise only a [recovery code](/faq#recovery) helps. Without both, your conversations cannot be opened again, by anyone. That is the other side of nobody else being able to read them.",
          ],
        },
        {
          id: "recovery",
          question: "What is a recovery code?",
          answer: [
            "A second way in, for the day on which the key is gone. You make it [on your account page](/account#recovery), see it once, and keep it on paper. Together with a new key it [opens your account](/account/recover), once. Making another one replaces it.",
            "Whoever has the code and any key has your account: keep it as you would keep a house key.",
          ],
        },
        {
          id: "stolen-key",
          question: "Somebody else may have my key. What now?",
          answer: [
            "Make a new key with your provider, [change to it here](/account#key), and then revoke the old one there. The order matters little: changing works with a revoked key, too. From then on the old key opens nothing of yours.",
          ],
        },
        {
          id: "prompts",
          question: "How are prompts protected?",
          answer: [
            "In the database they are sealed, and no answer of the server contains them but to their creator. Each reply is watched while it streams: one that recites a longer piece of the prompt, word for word, reversed or in a common encoding, is stopped before the piece is out. Small pieces are added up over time.",
            "No guard is perfect. A model can put a prompt in its own words, and the guard cannot tell that from an ordinary answer. In the lab a creator can have every reply checked a second time by the model, which catches some of it and costs a little more. A talker who pays with their own key could also find it in that account's logs, where the provider keeps any; an [app key](/faq#app-keys), where the creator pays, closes that door. So write nothing into a prompt that must never be known.",
          ],
        },
        {
          id: "delete",
          question: "What happens when I delete my account?",
          answer: [
            "The ways in go first, so that nothing can be opened any more; then conversations, figures and assistants are removed. Backups of the database keep the encrypted text until they age out. [It is on your account page](/account#delete).",
          ],
        },
      ],
    },
    {
      id: "programs",
      title: "Programs and pages of your own",
      questions: [
        {
          id: "api",
          question: "Can my own program use an assistant?",
          answer: [
            "Yes, through the same API as this page: [the developers' page](/developers) has examples to copy. Programs made for OpenAI's API work too; they need another address, and an assistant's code in place of a model.",
          ],
        },
        {
          id: "app-keys",
          question: "What is an app key?",
          answer: [
            "A key that you give to a program or put into a page, so that its visitors need none. You pay, and you set the bounds: which assistants, which sites, how many dollars, how many requests a day, until when. It can be revoked at any time, and it opens none of your own conversations.",
          ],
        },
        {
          id: "self-host",
          question: "Can I run my own?",
          answer: [
            "Yes. It is MIT-licensed, starts on a laptop with one command, and runs on Firebase. The [reference of the API](/docs) comes with it.",
          ],
        },
      ],
    },
  ] as { id: string; title: string; questions: Question[] }[],
};
