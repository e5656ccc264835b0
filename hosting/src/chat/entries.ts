import type { Said } from "../client/api";
import type { Message, Moderation, Reply, Session, Usage } from "../client/shapes";

/** A message as it is drawn. */
export type Entry = {
  /** Stays the same while a message goes from being written to being stored, so that it is not drawn anew. */
  id: string;
  /** The API's id, once it is known: what `replaces` names. */
  stored?: string;
  role: "user" | "assistant";
  content: string;
  state: "complete" | "streaming" | "interrupted" | "blocked";
  model?: string;
  usage?: Usage;
  moderation?: Moderation;
  /** The visitor's words read like an attempt to get at the prompt. */
  suspected?: boolean;
  /** From here on the assistant goes by a summary of what was said long before. */
  condensed?: boolean;
  /** The conversation was cleared after this message. */
  cleared?: boolean;
  /** What this message was written in place of, oldest first. */
  earlier?: Entry[];
};

/** Held-back replies that end a conversation for good; the server counts, too. */
const HELD_BACK_AT_MOST = 3;

/** Whether the server has ended it because replies were held back; an idle conversation can still go on. */
export function isCutShort(session: Session | null, entries: Entry[]): boolean {
  if (session?.status !== "abandoned_by_system") return false;
  const all = entries.flatMap((each) => [each, ...(each.earlier ?? [])]);
  return all.filter(({ state }) => state === "blocked").length >= HELD_BACK_AT_MOST;
}

let drawn = 0;

/** A message that this page has just made. */
function entry(role: Entry["role"], content: string, state: Entry["state"]): Entry {
  drawn += 1;
  return { id: `here-${drawn}`, role, content, state };
}

/** Stored messages as they are shown: replaced ones are put behind what replaced them. `known` keep their ids. */
export function toEntries(messages: Message[], known: Entry[] = []): Entry[] {
  const ids = new Map(known.map(({ stored, id }) => [stored, id]));
  const entries: Entry[] = [];
  let earlier: Entry[] = [];
  for (const message of messages) {
    // A reply that is not there yet is shown as waiting, not as an empty message.
    if (message.role === "assistant" && message.content === "") continue;
    const shown = toEntry(message, ids.get(message.id) ?? message.id);
    if (message.state === "superseded") earlier.push(shown);
    else {
      entries.push(earlier.length > 0 ? { ...shown, earlier } : shown);
      earlier = [];
    }
  }
  return foldFailedTries(entries);
}

/** Words said once more to which no whole reply came stand behind the same words before them, which still hold. */
function foldFailedTries(entries: Entry[]): Entry[] {
  const kept: Entry[] = [];
  let failing = false;
  for (const each of entries) {
    const at = kept.findLastIndex(({ role }) => role === "user");
    const words = kept[at];
    if (each.role === "user") {
      failing = each.state === "interrupted" && words?.state === "complete" && words.content === each.content;
    }
    if (failing && words) kept[at] = { ...words, earlier: [...(words.earlier ?? []), each] };
    else kept.push(each);
  }
  return kept;
}

function toEntry(message: Message, id: string): Entry {
  const { role, content, state, model, usage, moderation } = message;
  // Words that were held back are a reply's; the visitor's are whole, unless no reply came to them.
  const whole = state === "pending" || state === "superseded" || (role === "user" && state === "blocked");
  return {
    id,
    stored: message.id,
    role,
    content,
    state: message.leak_blocked ? "blocked" : whole ? "complete" : state,
    ...(model === undefined ? {} : { model }),
    ...(usage === undefined ? {} : { usage }),
    ...(moderation === undefined ? {} : { moderation }),
    ...(message.injection_suspected ? { suspected: true } : {}),
    ...(message.context_condensed ? { condensed: true } : {}),
    ...(message.cleared ? { cleared: true } : {}),
  };
}

/** The conversation with the visitor's words in their place: at the end, or where they replace others. */
export function ask(entries: Entry[], { message, replaces }: Said): Entry[] {
  const named = replaces === undefined ? -1 : entries.findIndex(({ stored }) => stored === replaces);
  if (named < 0) return [...entries, entry("user", message ?? "", "complete")];
  const at = entries[named]?.role === "assistant" ? named - 1 : named;
  const [first, ...rest] = entries.slice(Math.max(at, 0)) as [Entry, ...Entry[]];
  const { earlier = [], ...replaced } = first;
  const words = entry("user", message ?? first.content, "complete");
  return [...entries.slice(0, Math.max(at, 0)), { ...words, earlier: [...earlier, replaced, ...rest] }];
}

/** The conversation with a reply beginning at its end; its text comes elsewhere, so that this list keeps still. */
export const begin = (entries: Entry[]): Entry[] =>
  entries.at(-1)?.state === "streaming" ? entries : [...entries, entry("assistant", "", "streaming")];

/** The conversation with the whole reply at its end. */
export function settle(entries: Entry[], reply: Reply): Entry[] {
  const begun = begin(entries);
  const written = begun.at(-1) as Entry;
  const said = begun.slice(0, -1);
  const words = said.at(-1);
  if (words?.role === "user") said[said.length - 1] = heard(words, reply);
  return [
    ...said,
    {
      ...written,
      stored: reply.message_id,
      content: reply.reply,
      state: reply.leak_blocked ? "blocked" : "complete",
      model: reply.model,
      usage: reply.usage,
      ...(reply.context_condensed ? { condensed: true } : {}),
    },
  ];
}

const heard = (words: Entry, { user_message_id, moderation, injection_suspected }: Reply): Entry => ({
  ...words,
  ...(user_message_id ? { stored: user_message_id } : {}),
  ...(moderation ? { moderation } : {}),
  ...(injection_suspected ? { suspected: true } : {}),
});

/** The conversation with the reply broken off after `text`. */
export const interrupt = (entries: Entry[], text: string): Entry[] =>
  entries.map((each) =>
    each.state === "streaming" ? { ...each, content: text, state: "interrupted" } : each,
  );
