import type { DocumentReference } from "firebase-admin/firestore";
import { z } from "zod";
import { findVersion } from "../bots/operations";
import type { Bot, BotVersion } from "../bots/store";
import { Failure, notFound } from "../errors";
import { type Context, operation } from "../operation";
import { createSessionVault, derivedId, type SessionVault } from "../protection/vault";
import { sealContext, sealRecap } from "../sessions/opened";
import { SessionObject, showSession } from "../sessions/shapes";
import { type Session, type SessionDocument, sessionId } from "../sessions/store";
import { isConflict } from "../users/store";
import { type Imported, ImportedSession, importContext, importTurns, stamp, storedUsage } from "./imported";

type Assistant = { bot: Bot; version: BotVersion };

/** Settings of a session that nobody continues. */
const NO_SETTINGS = {
  max_tokens: 1,
  temperature: 0,
  top_p: 1,
  frequency_penalty: 0,
  presence_penalty: 0,
  second_check: false,
};

export const importSession = operation({
  name: "users.import",
  route: "POST /me/import",
  summary: "Bring one exported session into this account. The same session again is the one that is there.",
  caller: "user",
  input: z.strictObject({ session: ImportedSession }),
  output: SessionObject.extend({
    read_only: z.boolean().describe("Its assistant is not here: it can be read, and not continued."),
  }).meta({ id: "SessionImported" }),
  errors: ["account_busy", "too_large"],
  run: async (context, { session }) => {
    const { services, user } = context;
    const id = sessionId("ses", user.uid, derivedId(user.dek, "import", session.id));
    const ref = services.sessions.ref(id);
    if (!ref) throw notFound("session");
    const vault = createSessionVault(user.dek, user.uid, id);
    const stored = (await find(context, ref)) ?? (await store(context, ref, vault, session));
    return { ...showSession(stored, vault, services.now()), read_only: stored.prompts.length === 0 };
  },
});

async function find({ services }: Context<"user">, ref: DocumentReference): Promise<Session | null> {
  const [snapshot] = await services.firestore.getAll(ref);
  return snapshot ? services.sessions.find(snapshot, services.now()) : null;
}

/** gRPC's status number for a document, or a batch, that is larger than the database takes. */
const INVALID_ARGUMENT = 3;
const tooLarge = () =>
  new Failure("too_large", "The session, or a message of it, is larger than can be stored.", {
    param: "session",
  });

/** Writes a session and all its turns in one batch, which fails where the account was deleted. */
async function store(
  context: Context<"user">,
  ref: DocumentReference,
  vault: SessionVault,
  imported: Imported,
): Promise<Session> {
  const { services, user } = context;
  const { firestore, sessions, users, now } = services;
  const assistant = await findAssistant(context, imported);
  const turns = importTurns(vault, imported);
  const batch = firestore.batch();
  sessions.create(batch, ref, sessionDocument(context, { ref, vault, imported, assistant, turns }));
  for (const { id, turn } of turns) sessions.createTurn(batch, sessions.turnRef({ ref }, id), turn);
  users.touch(batch, user.uid, now());
  await batch.commit().catch((error) => {
    if (error.code === INVALID_ARGUMENT) throw tooLarge();
    if (!isConflict(error)) throw error;
  });
  const stored = await find(context, ref);
  if (stored) return stored;
  throw new Failure("account_busy", "The session could not be stored; please try again.", { retryAfter: 1 });
}

/** The session's assistant: the same version where it is still there, else the one that answers now. */
async function findAssistant({ services, user }: Context<"user">, { bot }: Imported) {
  for (const code of [`${bot.id}@${bot.version}`, bot.id]) {
    try {
      return await findVersion(services, code, user);
    } catch (error) {
      if (!(error instanceof Failure) || !/^bot_/.test(error.code)) throw error;
    }
  }
  return null;
}

type Parts = {
  ref: DocumentReference;
  vault: SessionVault;
  imported: Imported;
  assistant: Assistant | null;
  turns: ReturnType<typeof importTurns>;
};

function sessionDocument(
  { services }: Context<"user">,
  { ref, vault, imported, assistant, turns }: Parts,
): SessionDocument {
  const context = importContext(vault, imported, turns);
  const { cost_nano, ...tokens } = storedUsage(imported.usage);
  const recap = turns.find(({ turn }) => turn.kind === "recap");
  const { model: _own, ...settings } = assistant?.version.modelConfig ?? { model: "", ...NO_SETTINGS };
  return {
    ...card(imported, assistant),
    ...tokens,
    model: imported.model,
    fallback_from: imported.fallback_from,
    session_type: imported.session_type,
    status: imported.status,
    expires_at: null,
    epoch: 0,
    next_seq: turns.length,
    turns: context.turns,
    message_count: countMessages(turns),
    cost_nano: cost_nano ?? 0,
    unpriced: cost_nano === null ? 1 : 0,
    liked: imported.liked,
    recap: imported.recap === null ? null : sealRecap(vault, imported.recap),
    recap_turn: recap?.id ?? null,
    ended_counted: true, // it began elsewhere: its end is not counted here
    ended_seq: recap?.turn.seq ?? null,
    prompts: assistant ? services.sessions.sealPrompts(ref.path, assistant.version.prompts) : Buffer.alloc(0),
    model_config: settings,
    context: sealContext(vault, context, 0),
    strikes: 0,
    created_at: stamp(imported.created_at),
    modified_at: stamp(imported.updated_at),
  };
}

/** The assistant's own card where it is here: what a card says is exempt from the leak guard. */
const card = ({ bot }: Imported, assistant: Assistant | null) => ({
  bot: bot.id,
  bot_version: assistant?.version.number ?? bot.version,
  bot_name: assistant?.bot.name ?? bot.name,
  bot_tag_line: assistant?.bot.tag_line ?? bot.tag_line,
  bot_description: assistant?.bot.description ?? "",
});

/** Messages of finished turns, as a conversation counts them. */
const countMessages = (turns: Parts["turns"]): number =>
  turns
    .filter(({ turn }) => turn.kind !== "recap" && turn.state !== "interrupted" && !turn.superseded)
    .reduce((sum, { turn }) => sum + (turn.message ? 2 : 1), 0);
