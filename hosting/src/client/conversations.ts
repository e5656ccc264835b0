import { call } from "./http";
import type { List, Session } from "./shapes";

const id = encodeURIComponent;

/** A session that is in the list: one with an assistant, not of the lab. */
export type Conversation = Session & { bot: NonNullable<Session["bot"]> };

/** All conversations or those with one assistant, newest first, a page at a time. */
export function listConversations(bot: string | null, cursor: string | null): Promise<List<Conversation>> {
  const asked = new URLSearchParams();
  if (bot !== null) asked.set("bot", bot);
  if (cursor !== null) asked.set("cursor", cursor);
  return call("GET", `/sessions?${asked}`);
}

export const deleteConversation = (session: string) => call<unknown>("DELETE", `/sessions/${id(session)}`);
