import { visitorTag } from "../protection/vault";
import type { User } from "../users/authenticate";
import { type Session, sessionId } from "./store";

/** The visitors of a page share one uid; the first characters of a session's own part tell whose it is. */
const tagOf = (user: User): string => (user.appKey?.kind === "publishable" ? visitorTag(user.dek) : "");

/** A new session's id, which names its owner. @param unique 20 random or derived characters */
export function ownId(kind: Parameters<typeof sessionId>[0], user: User, unique: string): string {
  const tag = tagOf(user);
  return sessionId(kind, user.uid, tag + unique.slice(tag.length));
}

/** Whether a session is there and the caller's: nobody else's is found by them. */
export function isOwn(user: User, session: Session | null): session is Session {
  const tag = tagOf(user);
  return session?.uid === user.uid && session.id.slice(-UNIQUE).startsWith(tag);
}

/**
 * Whose what was shown of a prompt adds up, of those who share a key: a page's visitors one by one, and each
 * conversation by itself where a server speaks for many.
 */
export function listenerOf(user: User, sessionId: string): string {
  if (!user.appKey) return "";
  return user.appKey.kind === "publishable" ? tagOf(user) : sessionId;
}

const UNIQUE = 20;
