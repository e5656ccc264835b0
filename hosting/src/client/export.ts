import { minding } from "./account";
import type { Conversation } from "./conversations";
import { call } from "./http";
import { patiently } from "./patiently";

/** A session with everything said in it, as it stands in the file. */
export type ExportedSession = Conversation & { messages: object[]; damaged?: true };

type Page = {
  sessions: ExportedSession[];
  has_more: boolean;
  next_cursor: string | null;
  [rest: string]: unknown;
};

type Exported = { file: string[]; conversations: number; damaged: number };

const PAGE_SIZE = 20;

/**
 * The whole account as the text of one JSON file, in pieces: what the API sends page by page, put together as one page.
 * `onProgress` hears how many conversations there are so far. Throws ApiError.
 */
export async function exportAccount(
  signal: AbortSignal,
  onProgress: (conversations: number) => void,
): Promise<Exported> {
  const file: string[] = [];
  let conversations = 0;
  let damaged = 0;
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: Page = await readPage(cursor, signal);
    const { sessions, has_more: _, next_cursor, ...account } = page;
    if (cursor === "") file.push(`${JSON.stringify(account).slice(0, -1)},"sessions":[`);
    for (const session of sessions) {
      file.push(`${conversations === 0 ? "" : ","}\n${JSON.stringify(session)}`);
      conversations++;
      if (session.damaged) damaged++;
    }
    onProgress(conversations);
    cursor = next_cursor;
  }
  file.push('\n],"has_more":false,"next_cursor":null}\n');
  return { file, conversations, damaged };
}

function readPage(cursor: string, signal: AbortSignal): Promise<Page> {
  const asked = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor ? { cursor } : {}) });
  const read = () => call<Page>("GET", `/me/export?${asked}`, undefined, { signal });
  return minding(patiently(read, signal));
}
