import type { Message, Usage } from "../client/shapes";

export type Entry = {
  /** Stays the same while a message goes from being written to being stored, so that it is not drawn anew. */
  id: string;
  role: "user" | "assistant";
  content: string;
  state: "complete" | "streaming" | "interrupted" | "blocked";
  model?: string;
  usage?: Usage;
};

let drawn = 0;

/** A message that this page has just made. */
export function entry(role: Entry["role"], content: string, state: Entry["state"]): Entry {
  drawn += 1;
  return { id: `here-${drawn}`, role, content, state };
}

/** A stored message as it is shown: none, one. */
export function toEntry(message: Message): Entry[] {
  const { id, role, content, state, model, usage } = message;
  // A reply that is not there yet is shown as waiting, not as an empty message.
  if (role === "assistant" && content === "") return [];
  return [
    {
      id,
      role,
      content,
      state: state === "pending" || role === "user" ? "complete" : state,
      ...(model === undefined ? {} : { model }),
      ...(usage === undefined ? {} : { usage }),
    },
  ];
}
