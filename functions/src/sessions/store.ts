import {
  type DocumentReference,
  type DocumentSnapshot,
  type Firestore,
  Timestamp,
  type UpdateData,
  type WriteBatch,
} from "firebase-admin/firestore";
import { z } from "zod";
import { type Prompts, promptsSchema, SESSION_TYPES } from "../bots/store";
import { notFound } from "../errors";
import { type Page, type Paging, paginate } from "../paging";
import type { Vault } from "../protection/vault";
import { isConflict } from "../users/store";

export const STATUSES = [
  "active",
  "completed",
  "abandoned_by_user",
  "abandoned_by_system",
  "failed_upstream",
] as const;

const totals = {
  input_tokens: z.number(),
  cached_tokens: z.number(),
  output_tokens: z.number(),
  cost_nano: z.number(),
  unpriced: z.number(),
};

const sessionFields = z.object({
  /** Null for a lab session. */
  bot: z.string().nullable(),
  bot_version: z.number(),
  bot_name: z.string(),
  bot_tag_line: z.string(),
  bot_description: z.string(),
  model: z.string(),
  fallback_from: z.string().nullable(),
  session_type: z.enum(SESSION_TYPES),
  status: z.enum(STATUSES),
  epoch: z.number(),
  next_seq: z.number(),
  turns: z.number(),
  message_count: z.number(),
  ...totals,
  liked: z.boolean().nullable(),
  recap: z.instanceof(Buffer).nullable(),
  recap_turn: z.string().nullable(),
  ended_counted: z.boolean(),
  /** The recap's place: what was asked before it does not open the session again. */
  ended_seq: z.number().nullable(),
  created_at: z.instanceof(Timestamp),
  modified_at: z.instanceof(Timestamp),
});

const sessionDocument = sessionFields.extend({
  /** The assistant's prompts and settings as they were, sealed under the server secret. */
  prompts: z.instanceof(Buffer),
  model_config: z.object({
    max_tokens: z.number(),
    temperature: z.number(),
    top_p: z.number(),
    frequency_penalty: z.number(),
    presence_penalty: z.number(),
    second_check: z.boolean().default(false),
  }),
  context: z.instanceof(Buffer),
  /** Replies that were held back. */
  strikes: z.number().default(0),
  /** When a lab session is to be deleted; the emulator does not, so it is looked at on reading too. */
  expires_at: z.instanceof(Timestamp).nullable(),
});

const turnDocument = z.object({
  kind: z.enum(["opening", "reply", "recap"]),
  seq: z.number(),
  epoch: z.number(),
  state: z.enum(["pending", "complete", "blocked", "interrupted"]),
  attempt: z.number(),
  nonce: z.string(),
  lease_until: z.instanceof(Timestamp),
  body_hmac: z.instanceof(Buffer),
  model: z.string(),
  message: z.instanceof(Buffer).nullable(),
  reply: z.instanceof(Buffer).nullable(),
  usage: z
    .object({
      input_tokens: z.number(),
      cached_tokens: z.number(),
      output_tokens: z.number(),
      reasoning_tokens: z.number().optional(),
      cost_nano: z.number().nullable(),
      estimated: z.boolean(),
    })
    .nullable(),
  /** Why the reply ended, in the provider's word. */
  finish: z.string().optional(),
  /** What a program set for this turn, to be shown again; sealed. */
  asked: z.instanceof(Buffer).optional(),
  /** Whether the user's message looks like an attempt to draw the prompt out. */
  suspected: z.boolean().default(false),
  /** Whether the context was condensed with this turn. */
  condensed: z.boolean().default(false),
  /** The first seq that this turn takes the place of. */
  replaces_from: z.number().nullable().default(null),
  /** Another turn took its place: kept to be read, out of the context. */
  superseded: z.boolean().default(false),
  /** What the provider's moderation said of the user's message; null where it was not asked or did not say. */
  moderation: z.instanceof(Buffer).nullable().default(null),
  created_at: z.instanceof(Timestamp),
  modified_at: z.instanceof(Timestamp),
});

type Stored = { id: string; uid: string; ref: DocumentReference; updateTime: Timestamp };
/** What a list of sessions reads of each: no prompts and no context. */
export type SessionSummary = Pick<Stored, "id" | "uid"> & z.infer<typeof sessionFields>;
export type SessionDocument = z.infer<typeof sessionDocument>;
export type Session = Stored & SessionDocument;
export type TurnDocument = z.infer<typeof turnDocument>;
export type Turn = Omit<Stored, "uid"> & TurnDocument;

const SESSION_ID = /^(ses|lab)_([A-Za-z0-9]{20})([A-Za-z0-9]{20})$/;

/** Lab sessions try out what is not saved yet: in a collection of their own, in no list, gone after a week. */
const COLLECTIONS = { ses: "sessions", lab: "labs" } as const;
const MAX_BATCH = 500;

/** The queries of this store; a test compares them with firestore.indexes.json. */
export const SESSION_QUERIES = {
  all: { collection: "sessions", where: [], orderBy: "created_at" },
  ofBot: { collection: "sessions", where: ["bot"], orderBy: "created_at" },
  turns: { collection: "turns", where: [], orderBy: "seq", direction: "ASCENDING" },
  turnsBetween: { collection: "turns", where: [], orderBy: "seq", direction: "ASCENDING" },
  lastTurns: { collection: "turns", where: [], orderBy: "seq" },
} as const;

/** `users/{uid}/sessions/{id}` and its turns; a session's id names its owner. */
export function createSessionStore(firestore: Firestore, vault: Vault) {
  const collection = (uid: string) => firestore.collection(`users/${uid}/sessions`);
  const turns = (session: Pick<Session, "ref">) => session.ref.collection("turns");

  const parse = (snapshot: DocumentSnapshot): Session => ({
    ...sessionDocument.parse(snapshot.data()),
    ...stored(snapshot),
    uid: ownerOf(snapshot.id) ?? "",
  });
  const parseTurn = (snapshot: DocumentSnapshot): Turn => ({
    ...turnDocument.parse(snapshot.data()),
    ...stored(snapshot),
  });

  return {
    /** A session that was read; null where there is none, or where its time is over. */
    find(snapshot: DocumentSnapshot, now: Date): Session | null {
      const session = snapshot.exists ? parse(snapshot) : null;
      return session?.expires_at && session.expires_at.toMillis() <= now.getTime() ? null : session;
    },

    /** Where a session of this id lies; undefined for what is no session id at all. */
    ref(id: string): DocumentReference | undefined {
      const [, kind, owner] = SESSION_ID.exec(id) ?? [];
      return kind && owner
        ? firestore.doc(`users/${owner}/${COLLECTIONS[kind as keyof typeof COLLECTIONS]}/${id}`)
        : undefined;
    },

    turnRef: (session: Pick<Session, "ref">, turnId: string) => turns(session).doc(turnId),

    sealPrompts: (path: string, prompts: unknown) => vault.sealPrompts(path, prompts),
    openPrompts: (session: Session): Prompts =>
      promptsSchema.parse(vault.openPrompts(session.ref.path, session.prompts)),

    /** A session and one of its turns in one round trip; null for what is not there. */
    async readWithTurn(ref: DocumentReference, turnRef: DocumentReference) {
      const [session, turn] = await firestore.getAll(ref, turnRef);
      return {
        session: session?.exists ? parse(session) : null,
        turn: turn?.exists ? parseTurn(turn) : null,
      };
    },

    /** Turns by id in one round trip; null for what is not there. */
    async readTurns(session: Session, ...turnIds: string[]): Promise<(Turn | null)[]> {
      const snapshots = await firestore.getAll(...turnIds.map((id) => turns(session).doc(id)));
      return snapshots.map((snapshot) => (snapshot.exists ? parseTurn(snapshot) : null));
    },

    /** The turns from one seq up to before another, oldest first. */
    async turnsBetween(session: Session, from: number, before: number): Promise<Turn[]> {
      const query = turns(session).where("seq", ">=", from).where("seq", "<", before);
      const { docs } = await query.orderBy("seq", "asc").get();
      return docs.map(parseTurn);
    },

    /** The session as it is and all its turns, oldest first, of one moment. */
    readAll: (session: Pick<Session, "ref">): Promise<{ session: Session | null; turns: Turn[] }> =>
      firestore.runTransaction(
        async (transaction) => {
          const current = await transaction.get(session.ref);
          const { docs } = await transaction.get(turns(session).orderBy("seq", "asc"));
          return { session: current.exists ? parse(current) : null, turns: docs.map(parseTurn) };
        },
        { readOnly: true },
      ),

    /** The latest turns, newest first. */
    async lastTurns(session: Session, limit: number): Promise<Turn[]> {
      const { docs } = await turns(session).orderBy("seq", "desc").limit(limit).get();
      return docs.map(parseTurn);
    },

    list(uid: string, bot: string | undefined, paging: Paging): Promise<Page<SessionSummary>> {
      const base = collection(uid).select(...Object.keys(sessionFields.shape));
      const query = bot === undefined ? base : base.where("bot", "==", bot);
      return paginate(query.orderBy("created_at", "desc"), paging, (snapshot) => ({
        ...sessionFields.parse(snapshot.data()),
        id: snapshot.id,
        uid,
      }));
    },

    create: (batch: WriteBatch, ref: DocumentReference, document: SessionDocument) =>
      batch.create(ref, { schema: 1, ...document }),

    createTurn: (batch: WriteBatch, ref: DocumentReference, document: TurnDocument) =>
      batch.create(ref, { schema: 1, ...document }),

    /** Writes only if nobody has written since the document was read. */
    update: (
      batch: WriteBatch,
      { ref, updateTime }: Pick<Stored, "ref" | "updateTime">,
      change: UpdateData<Partial<SessionDocument> | Partial<TurnDocument>>,
    ) => batch.update(ref, change, { lastUpdateTime: updateTime }),

    /** The session goes first, with its latest turns in the same batch; then what is left of a long one. */
    async delete(session: Session): Promise<void> {
      const { docs } = await turns(session).select().orderBy("seq", "desc").get();
      const refs = [session.ref, ...docs.map(({ ref }) => ref)];
      while (refs.length > 0) {
        const batch = firestore.batch();
        for (const ref of refs.splice(0, MAX_BATCH)) batch.delete(ref);
        await batch.commit();
      }
    },

    /** Sets fields that no turn depends on. @throws Failure session_not_found where it was deleted meanwhile */
    change: (
      session: Session,
      fields: Partial<Pick<SessionDocument, "liked" | "status">>,
    ): Promise<unknown> =>
      session.ref.update(fields).catch((error) => {
        throw isConflict(error) ? notFound("session") : error;
      }),
  };
}

export type SessionStore = ReturnType<typeof createSessionStore>;

/** The uid in a session id. */
const ownerOf = (id: string): string | undefined => SESSION_ID.exec(id)?.[2];

/** A session id: whether it is an assistant's or of the lab, its owner, then its own 20 characters. */
export const sessionId = (kind: keyof typeof COLLECTIONS, uid: string, own: string): string =>
  `${kind}_${uid}${own}`;

function stored(snapshot: DocumentSnapshot): Omit<Stored, "uid"> {
  return { id: snapshot.id, ref: snapshot.ref, updateTime: snapshot.updateTime as Timestamp };
}
