import { minding } from "./account";
import { toApiError } from "./errors";
import type { ExportedSession } from "./export";
import { call } from "./http";
import { patiently } from "./patiently";
import type { Bot, Session } from "./shapes";

/** The server takes one session a call, of at most this size. */
const MAX_BYTES = 8 * 1024 * 1024;

export type ExportFile = {
  sessions: ExportedSession[];
  /** The account's assistants, as they are made. */
  bots: { id: string; bot: object }[];
  /** Those of them that were made again from this file, by their old id: no second try makes them twice. */
  remade: Map<string, Bot>;
};

type Why = "damaged" | "empty" | "too_large";
type Skipped = { session: ExportedSession; why: Why | { said: string } };
export type Imported = { brought: number; readOnly: number; remade: number; skipped: Skipped[] };

/** The account that a file holds; null for any other file. */
export function readExport(text: string): ExportFile | null {
  try {
    const file = JSON.parse(text) as Partial<ExportFile> & { object?: string };
    if (file.object !== "account_export" || !Array.isArray(file.sessions)) return null;
    const bots = Array.isArray(file.bots) ? file.bots : [];
    return { sessions: file.sessions, bots, remade: new Map() };
  } catch {
    return null;
  }
}

type Options = { remake: boolean; signal: AbortSignal; onProgress: (done: number) => void };

/**
 * Brings the file's conversations in, one call each; where asked, its assistants are made again first, and their
 * conversations are brought to the new ones. One that the server does not take is left out, with its reason; any
 * other failure is thrown (ApiError), and the same file again brings the rest.
 */
export async function importAll(
  file: ExportFile,
  { remake, signal, onProgress }: Options,
): Promise<Imported> {
  const remade = remake ? await remakeBots(file, signal) : 0;
  const done: Imported = { brought: 0, readOnly: 0, remade, skipped: [] };
  for (const [at, session] of file.sessions.entries()) {
    signal.throwIfAborted();
    await bring(moved(session, file.remade), done, signal);
    onProgress(at + 1);
  }
  return done;
}

async function remakeBots({ bots, remade }: ExportFile, signal: AbortSignal): Promise<number> {
  const missing = bots.filter(({ id }) => !remade.has(id));
  for (const { id, bot } of missing) {
    const make = () => call<Bot>("POST", "/bots", bot, { signal });
    remade.set(id, await minding(patiently(make, signal)));
  }
  return missing.length;
}

function moved(session: ExportedSession, remade: Map<string, Bot>): ExportedSession {
  const bot = remade.get(session.bot.id);
  return bot ? { ...session, bot: { ...session.bot, id: bot.id, version: bot.version } } : session;
}

async function bring(session: ExportedSession, done: Imported, signal: AbortSignal): Promise<void> {
  const why = whyNot(session);
  if (why) {
    done.skipped.push({ session, why });
    return;
  }
  const send = () => call<Session & { read_only: boolean }>("POST", "/me/import", { session }, { signal });
  try {
    const { read_only } = await minding(patiently(send, signal));
    done.brought++;
    if (read_only) done.readOnly++;
  } catch (thrown) {
    const { code, message } = toApiError(thrown);
    if (code !== "invalid_request" && code !== "too_large") throw thrown;
    done.skipped.push({ session, why: { said: message } });
  }
}

function whyNot(session: ExportedSession): Why | null {
  if (session.damaged) return "damaged";
  if (session.messages.length === 0) return "empty";
  return new Blob([JSON.stringify({ session })]).size > MAX_BYTES ? "too_large" : null;
}
