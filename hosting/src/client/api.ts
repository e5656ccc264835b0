import { saveFile } from "./files";
import { call, callFile, stream } from "./http";
import { key } from "./key";
import type { Bot, List, Message, Model, Presets, Reply, Session, SignedIn } from "./shapes";

const id = encodeURIComponent;

let presetsOnce: Promise<Presets> | undefined;
const known = new Map<string, Bot>();

/** What the server says about itself; asked for once. A failed try is not remembered. */
export function presets(): Promise<Presets> {
  presetsOnce ??= call<Presets>("GET", "/presets").catch((error) => {
    presetsOnce = undefined;
    throw error;
  });
  return presetsOnce;
}

/** Checks a key with the provider and finds or makes its user. */
export const signInWith = (providerKey: string) =>
  call<SignedIn>("POST", "/sign-in", {}, { as: providerKey });

/** The account that a key opens: the one that is signed in, or another one. */
export const me = (as?: string) => call<SignedIn>("GET", "/me", undefined, as === undefined ? {} : { as });

let modelsOnce: { of: string | null; models: Promise<Model[]> } | undefined;

/** Assistants stand in the same list, for programs that choose what to talk to. */
type Listed = Model & { owned_by: string };

/** The plain models that the visitor's key may use, recommended ones first; asked for once a key. */
export function listModels(): Promise<Model[]> {
  const of = key.get();
  if (modelsOnce?.of !== of) {
    const models = call<List<Listed>>("GET", "/models").then(({ data }) =>
      data.filter(({ owned_by }) => owned_by !== "assistant"),
    );
    const asked = { of, models };
    modelsOnce = asked;
    models.catch(() => {
      if (modelsOnce === asked) modelsOnce = undefined;
    });
  }
  return modelsOnce.models;
}

/** The assistants of the lounge, or the signed-in visitor's own. */
export async function listBots(filter: "showcased" | "mine"): Promise<Bot[]> {
  const { data } = await call<List<Bot>>("GET", `/bots?filter=${filter}`);
  for (const bot of data) known.set(bot.id, bot);
  return data;
}

/** One assistant's card by its code, with or without a key. */
export async function getBot(code: string): Promise<Bot> {
  const bot = await call<Bot>("GET", `/bots/${id(code)}`);
  known.set(code, bot);
  return bot;
}

/** The card as it was last seen in this tab, so that a page can be drawn before the network answers. */
export const knownBot = (code: string) => known.get(code);

export const getSession = (session: string) => call<Session>("GET", `/sessions/${id(session)}`);

export const listSessions = (bot: string, cursor: string | null) =>
  call<List<Session>>("GET", `/sessions?bot=${id(bot)}${cursor ? `&cursor=${id(cursor)}` : ""}`);

export const listMessages = (session: string) =>
  call<List<Message>>("GET", `/sessions/${id(session)}/messages`);

export const rateSession = (session: string, liked: boolean) =>
  call<Session>("POST", `/sessions/${id(session)}/rating`, { liked });

/** Back to the opening: what was said is kept, the assistant does not remember it. */
export const clearSession = (session: string) => call<Session>("POST", `/sessions/${id(session)}/clear`);

/** Ends a session without a recap. */
export const leaveSession = (session: string) =>
  call<{ session: Session }>("POST", `/sessions/${id(session)}/end`, { recap: false });

export type FileFormat = "md" | "csv" | "json";

/** Saves a conversation as a file, under the name the server gives it. */
export async function saveTranscript(session: string, format: FileFormat): Promise<void> {
  const { name, content } = await callFile(`/sessions/${id(session)}/transcript?format=${format}`);
  saveFile(name, [content], content.type);
}

export type Turn = { idempotencyKey: string; signal: AbortSignal; onDelta: (text: string) => void };

async function reply(path: string, body: unknown, turn: Turn): Promise<Reply> {
  const { stream_base } = await presets();
  return stream(path, body, { ...turn, base: stream_base });
}

/** Starts a session: the assistant's opening message. */
export const openSession = (bot: string, model: string | undefined, turn: Turn) =>
  reply("/sessions", model ? { bot, model } : { bot }, turn);

/** Starts a session with an assistant that is not saved yet: `config` is what `POST /bots` takes, its card optional. */
export const tryOut = (config: object, turn: Turn) => reply("/sessions", { bot_config: config }, turn);

/** `replaces` without a `message` tries the same words again; `model` answers from now on. */
export type Said = { message?: string; replaces?: string; model?: string };

/** Sends a message, or replaces one: the assistant's reply. */
export const respond = (session: string, said: Said, turn: Turn) =>
  reply(`/sessions/${id(session)}/messages`, said, turn);

/** Concludes a session: its recap. Asked again, the stored one. */
export const endSession = (session: string, turn: Turn) => reply(`/sessions/${id(session)}/end`, {}, turn);
