import { estimateMessages, type SizedMessage } from "../openai/tokens";
import { dropOldest } from "./context";

type Message = SizedMessage & { role: string };

/** Instructions stay, however long ago they were given. */
const isInstruction = ({ role }: Message) => role === "system" || role === "developer";

/** Messages that stand or fall together: a call of tools with all its results. */
function exchanges<M extends Message>(messages: readonly M[]): M[][] {
  const groups: M[][] = [];
  for (const message of messages) {
    if (message.role === "tool") groups.at(-1)?.push(message);
    else groups.push([message]);
  }
  return groups;
}

/**
 * The messages that fit a budget of tokens, in their order: instructions and the last message (with the call it is a
 * result of) always stay, of the others the oldest go first.
 * @returns null where not even those fit
 */
export function fitHistory<M extends Message>(messages: readonly M[], budget: number): M[] | null {
  const instructions = messages.filter(isInstruction);
  const spoken = exchanges(messages.filter((message) => !isInstruction(message)));
  const room = budget - (instructions.length > 0 ? estimateMessages(instructions) : 0);
  const kept = dropOldest(spoken, room, (group) => estimateMessages(group)).flat();
  if (kept.length > 0 && estimateMessages(kept) > room && kept.length === spoken.at(-1)?.length) return null;
  const stays = new Set<M>([...instructions, ...kept]);
  return messages.filter((message) => stays.has(message));
}
