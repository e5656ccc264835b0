import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import type { List, Message, Reply, Session } from "../src/client/shapes";

type Exported = Session & { messages: Message[] };
type Exports = List<never> & { sessions: Exported[] };

/** What a visitor does in these tests besides reading: comes in, keeps files, and asks the API the same things. */
export function createVisitor(site: string, page: Page) {
  async function api<T = unknown>(key: string, method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${site}/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return (await response.json()) as T;
  }

  return {
    api,

    /** One page of a key's sessions. */
    sessionsOf: async (key: string, query = "") =>
      (await api<List<Session>>(key, "GET", `/sessions${query}`)).data,

    /** A conversation with one exchange; answers its id. */
    async converse(key: string, bot: string): Promise<string> {
      const { session } = await api<Reply>(key, "POST", "/sessions", { bot });
      await api(key, "POST", `/sessions/${session.id}/messages`, { message: "I put things off." });
      return session.id;
    },

    /** Everything said under a key, newest first, but for what is new in every account (ids). */
    async everythingSaid(key: string): Promise<unknown[]> {
      const said: unknown[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const asked = cursor ? `&cursor=${cursor}` : "";
        const part: Exports = await api<Exports>(key, "GET", `/me/export?limit=20${asked}`);
        said.push(...part.sessions.map(wordsOf));
        cursor = part.next_cursor;
      }
      return said;
    },

    /** Fills the key form and sends it. */
    async comeIn(key: string): Promise<void> {
      await page.getByRole("checkbox").check();
      await page.getByLabel("Your OpenAI key").fill(key);
      await page.getByRole("button", { name: "Come in" }).click();
    },

    /** The file that a click hands over. */
    async download(click: () => Promise<void>): Promise<{ name: string; text: string }> {
      const [file] = await Promise.all([page.waitForEvent("download"), click()]);
      return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
    },
  };
}

export type Visitor = ReturnType<typeof createVisitor>;

const wordsOf = ({ bot, recap, created_at, messages }: Exported) => ({
  with: bot?.name,
  recap,
  created_at,
  messages: messages.map(({ role, content, state, created_at: at }) => ({ role, content, state, at })),
});
