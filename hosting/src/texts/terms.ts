import type { Prose } from "../components/rich";

type Section = { id: string; title: string; body: Prose };

/** The terms and what is said about privacy. An `id` is an address that people link to: it stays. */
export const termsTexts = {
  title: "Terms and privacy",
  lede: "In plain words, because you should be able to read what you agree to. “We” is whoever runs this GPT Lab.",
  contents: "On this page",
  updated: "Last changed on 21 November 2026.",
  parts: [
    {
      id: "terms",
      title: "The terms",
      sections: [
        {
          id: "who",
          title: "Who may come in",
          body: [
            "You are 18 or older, or of age where you live if that is later. You use a key that is yours to use, and you keep to the usage policies of the provider it belongs to.",
          ],
        },
        {
          id: "costs",
          title: "What it costs",
          body: [
            "We charge nothing. Your provider bills you for what your key uses here, app keys that you made included. The prices we show are worked out from public lists with care and without warranty; the provider's bill counts.",
          ],
        },
        {
          id: "leave-out",
          title: "What to leave out",
          body: [
            "Do not write personal details into a conversation or a prompt: no names, addresses or numbers by which you or somebody else could be found, nothing about anybody's health, no passwords. Your words go to a model provider, and what was never written cannot get lost.",
          ],
        },
        {
          id: "advice",
          title: "No professional advice",
          body: [
            "Assistants are software. They make mistakes and sound sure of them. What they say is no advice of a doctor, a therapist, a lawyer, a tax adviser or any other professional, and no ground for a decision that matters. In an emergency, call your local emergency number.",
          ],
        },
        {
          id: "conduct",
          title: "How to behave",
          body: [
            "Do nothing here that is against the law or that takes this place away from others. Do not try to draw out other people's prompts, to break or overload the service, or to get around its limits. If you find a hole, tell us before you tell others.",
          ],
        },
        {
          id: "assistants",
          title: "Assistants that you make",
          body: [
            "Your prompts and your assistants remain yours. You allow us to store and run them, which is all we do with them. You answer for what they are made to do. Make none that",
            [
              "break a law, or somebody's copyright, privacy or other rights;",
              "pretend to be a real person or organisation in order to deceive;",
              "spread hatred, harassment, fraud or spam;",
              "give advice in fields that need a licence, such as medicine, law or finance, as if they had one.",
            ],
          ],
        },
        {
          id: "taking-down",
          title: "Taking down and shutting out",
          body: [
            "We may take an assistant down, refuse a key, or limit how much is asked, where these terms are broken or the service is in danger. Where we can, we say why. Conversations that were begun with an assistant that was taken down can still be read by those who had them.",
          ],
        },
        {
          id: "liability",
          title: "No warranty",
          body: [
            "This service is free and comes as it is. It may be down, be wrong, lose data or end. Keep a [copy of what you need](/account#export). As far as the law where you live allows it, we are not liable for damage that comes from using it, or from not being able to.",
          ],
        },
        {
          id: "changes",
          title: "When this changes",
          body: [
            "When these terms change, the date on this page does, too. If you do not agree with a change, take your data with you and delete your account; both take a minute.",
          ],
        },
      ],
    },
    {
      id: "privacy",
      title: "Privacy: what is stored, and how",
      sections: [
        {
          id: "account",
          title: "Who you are",
          body: [
            "We do not know. There is no name, no mail address, no cookie and no tracking, and nothing on these pages comes from anybody else's server. Your account is a random number, found by a fingerprint of your key.",
          ],
        },
        {
          id: "your-key",
          title: "Your key",
          body: [
            "Kept in your browser tab until you close it or sign out; sent to this server with each call, and by it to the provider. Not stored on the server and not written to a log. Only if you make an app key is your key stored, sealed so that only that app key together with the server can use it, until you revoke it.",
          ],
        },
        {
          id: "conversations",
          title: "Your conversations",
          body: [
            "Stored encrypted under a key that only yours opens, until you delete them. Test chats in the lab go after 7 days. Recaps and the notes of the moderation are sealed in the same way.",
          ],
        },
        {
          id: "plain",
          title: "What is stored in the open",
          body: [
            "When your account was made and used; which assistants you talked to and when; models, tokens, cost, the number and length of messages; whether you liked a conversation. An assistant's card (name, tag line, description, how often it was started) is public for everyone with its code.",
          ],
        },
        {
          id: "your-prompts",
          title: "Your prompts",
          body: [
            "Sealed in the database under the server's secret. We can open them with it, and do so where we must look into a complaint. They are sent to the provider with every conversation, and shown by this service to nobody but you. Replies that recite them are stopped; a model that puts them in other words cannot be stopped with certainty.",
          ],
        },
        {
          id: "provider",
          title: "The model provider",
          body: [
            "Reads what you and the assistant say, and answers under your account with it and by its own rules. Each call asks it not to store anything. If you talk to somebody's assistant with your own key, that prompt passes through your account, too.",
          ],
        },
        {
          id: "limits",
          title: "The honest limits",
          body: [
            "“Nobody but you can read this” means: not from the database, its backups, the logs or our secrets. While the server answers you, your words are in its memory. You trust us not to change the code so that it keeps them, and those who host it, for that moment. We can see that you talked, and not what you said. If you share a key, you share the account.",
          ],
        },
        {
          id: "logs",
          title: "Logs",
          body: [
            "For each call: the operation, a time, a duration, sizes, a result, ids. Never text, never keys. The hosting platform keeps its own access logs with network addresses for a limited time.",
          ],
        },
        {
          id: "rights",
          title: "What you can do",
          body: [
            "See, take out and delete everything of yours yourself, at once, [on your account page](/account): no form, no waiting. Without your key and without a recovery code we cannot tell that data is yours, and cannot open it for you either.",
          ],
        },
      ],
    },
  ] as { id: string; title: string; sections: Section[] }[],
};
