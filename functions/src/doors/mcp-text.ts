import type { z } from "zod";
import type { BotObject } from "../bots/operations";
import type { Reply, SessionObject } from "../sessions/shapes";

type Bot = z.input<typeof BotObject>;
type Session = z.input<typeof SessionObject>;
type List = { data: (Bot | Session)[]; next_cursor: string | null };

/** What a tool answers, for a model to read: the words themselves, then the ids that the next call needs. */
export function readable(output: unknown): string {
  if (has(output, "reply")) return replyText(output as z.input<typeof Reply>);
  if (has(output, "content")) return (output as { content: string }).content;
  if (has(output, "data")) return listText(output as List);
  if (has(output, "session")) return itemText((output as { session: Session }).session);
  return itemText(output as Bot | Session);
}

const has = (output: unknown, field: string) => Object.hasOwn(output as object, field);

const replyText = ({ reply, session, message_id, context_condensed }: z.input<typeof Reply>) =>
  [
    reply,
    "",
    `(session: ${session.id}, message: ${message_id}, ${session.status})`,
    ...(context_condensed ? ["(What was said long ago is summed up from now on.)"] : []),
  ].join("\n");

function listText({ data, next_cursor }: List): string {
  if (data.length === 0) return "There is nothing here yet.";
  const more = next_cursor === null ? [] : [`(more: cursor ${next_cursor})`];
  return [...data.map((item) => `- ${itemText(item)}`), ...more].join("\n");
}

function itemText(item: Bot | Session): string {
  if (item.object === "bot") return `${item.name}, ${item.tag_line}: ${item.description} (bot: ${item.id})`;
  const { bot, id, status, message_count, updated_at } = item;
  return `With ${bot?.name ?? "a lab configuration"}: ${message_count} messages, ${status}, ${updated_at} (session: ${id})`;
}
