import {
  AggregateField,
  type DocumentSnapshot,
  FieldPath,
  FieldValue,
  type Firestore,
  Timestamp,
  type WriteBatch,
} from "firebase-admin/firestore";
import { z } from "zod";
import { Failure } from "../errors";

const keyDocument = z.object({
  uid: z.string(),
  kind: z.enum(["provider", "recovery", "app"]),
  salt: z.instanceof(Buffer),
  wrapped: z.instanceof(Buffer),
  /** Fingerprint of the server secret that it takes; "" where that was not noted. */
  secret: z.string().default(""),
  models: z.array(z.string()),
  /** Set by an operator: this way into the account is closed. */
  suspended: z.boolean().default(false),
  /** Of an app key: the account that made it, and pays. */
  creator: z.string().nullable().default(null),
  /** Of an app key: when the database may remove it. */
  expires_at: z.instanceof(Timestamp).nullable().default(null),
  /** Assistants that pause for this caller, and the day (YYYY-MM-DD, UTC) on which they do. */
  paused: z.record(z.string(), z.string()).default({}),
  /** Lookup of the key that this one was swapped in for: the swap, sent again, is recognised. */
  replaces: z.string().nullable().default(null),
});

const userDocument = z.object({
  created_at: z.instanceof(Timestamp),
  sessions_started: z.number(),
  sessions_ended: z.number(),
  bots_created: z.number(),
});

const usageCounts = z.object({
  messages: z.number(),
  input_tokens: z.number(),
  cached_tokens: z.number(),
  output_tokens: z.number(),
  cost_nano: z.number(),
  /** Calls whose model has no known price. */
  unpriced: z.number().default(0),
});

const usageDocument = usageCounts.extend({ day: z.string(), models: z.record(z.string(), usageCounts) });

export type UsageCounts = z.infer<typeof usageCounts>;
export type UsageDay = z.infer<typeof usageDocument>;
export type KeyRecord = z.input<typeof keyDocument>;
export type UserRecord = { id: string; createdAt: Date } & Omit<z.infer<typeof userDocument>, "created_at">;
export type UserCounter = "sessions_started" | "sessions_ended" | "bots_created";

/** Tokens and cost of one model call, as they are counted. */
export type Spent = {
  model: string;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  /** Integer nano-dollars; null where the model has no known price. */
  costNano: number | null;
};

export const parseKey = (snapshot: DocumentSnapshot): KeyRecord | null =>
  snapshot.exists ? keyDocument.parse(snapshot.data()) : null;

/** A suspended account stays closed, whichever way in is shown. @throws Failure key_refused */
export function refuseSuspended({ suspended }: KeyRecord): void {
  if (suspended) throw new Failure("key_refused", "This account was suspended by the operator.");
}

/** The queries of this store; a test compares them with firestore.indexes.json. */
export const USER_QUERIES = {
  usage: { collection: "usage", where: [], orderBy: "__name__", direction: "ASCENDING" },
} as const;

/** `keys/{lookup}` and `users/{uid}` with its daily usage. */
export function createUserStore(firestore: Firestore) {
  const keyRef = (lookup: string) => firestore.doc(`keys/${lookup}`);
  const userRef = (uid: string) => firestore.doc(`users/${uid}`);

  /** Adds a user's own document to a batch: a person's, or an app key's, which is a user of its own. */
  const createDocument = (batch: WriteBatch, uid: string, lookup: string, now: Date): void => {
    const stamps = { schema: 1, created_at: now, modified_at: now };
    const counters = { sessions_started: 0, sessions_ended: 0, bots_created: 0 };
    batch.create(userRef(uid), { ...stamps, ...counters, active_key: lookup });
  };

  return {
    keyRef,

    parseKey,

    async read(uid: string): Promise<UserRecord | null> {
      const snapshot = await userRef(uid).get();
      if (!snapshot.exists) return null;
      const { created_at, ...counters } = userDocument.parse(snapshot.data());
      return { id: uid, createdAt: created_at.toDate(), ...counters };
    },

    createDocument,

    /** Creates user and key together; `false` where the key already has a user (its id is unique). */
    async create(lookup: string, key: KeyRecord, now: Date): Promise<boolean> {
      const batch = firestore.batch();
      createDocument(batch, key.uid, lookup, now);
      batch.create(keyRef(lookup), { schema: 1, created_at: now, modified_at: now, ...key });
      return batch.commit().then(
        () => true,
        (error) => {
          if (error.code === ALREADY_EXISTS) return false;
          throw error;
        },
      );
    },

    /** Keeps the list of models a key may use; only where it changed. */
    updateModels: (lookup: string, models: string[], now: Date): Promise<unknown> =>
      keyRef(lookup).update({ models, modified_at: now }),

    /** Closes or opens every way into an account and its app keys, as an operator decides. @returns how many there are */
    async suspend(uid: string, suspended: boolean, now: Date): Promise<number> {
      const ways = (field: "uid" | "creator") =>
        firestore.collection("keys").where(field, "==", uid).select().get();
      const [own, made] = await Promise.all([ways("uid"), ways("creator")]);
      const docs = [...own.docs, ...made.docs];
      const batch = firestore.batch();
      for (const { ref } of docs) batch.update(ref, { suspended, modified_at: now });
      await batch.commit();
      return docs.length;
    },

    /** How many users there are, how many app keys (each is a user too), and all their sessions started and ended. */
    async statistics() {
      const users = firestore.collection("users");
      const appKeys = firestore.collection("app_keys");
      const total = async (field: UserCounter) =>
        (await users.aggregate({ total: AggregateField.sum(field) }).get()).data().total;
      const [all, keys, started, ended] = await Promise.all([
        users.count().get(),
        appKeys.count().get(),
        total("sessions_started"),
        total("sessions_ended"),
      ]);
      const made = keys.data().count;
      return { all: all.data().count - made, appKeys: made, started, ended };
    },

    /** Adds to the user's document; fails the batch where the user was deleted, so that nothing reappears. */
    touch(batch: WriteBatch, uid: string, now: Date, count?: UserCounter): void {
      const counted = count ? { [count]: FieldValue.increment(1) } : {};
      batch.update(userRef(uid), { ...counted, modified_at: now });
    },

    /** Adds to the day's usage, in total and for the model (whose name may hold dots: set, not update). */
    addUsage(batch: WriteBatch, uid: string, spent: Spent[], now: Date): void {
      for (const one of spent) {
        const counts = {
          messages: FieldValue.increment(1),
          input_tokens: FieldValue.increment(one.inputTokens),
          cached_tokens: FieldValue.increment(one.cachedTokens),
          output_tokens: FieldValue.increment(one.outputTokens),
          cost_nano: FieldValue.increment(one.costNano ?? 0),
          unpriced: FieldValue.increment(one.costNano === null ? 1 : 0),
        };
        const day = now.toISOString().slice(0, 10);
        const data = { schema: 1, day, modified_at: now, ...counts, models: { [one.model]: counts } };
        batch.set(userRef(uid).collection("usage").doc(day), data, { merge: true });
      }
    },

    /** The days from `from` to `to` (YYYY-MM-DD, both included) on which something was used, oldest first. */
    async readUsage(uid: string, from: string, to: string): Promise<UsageDay[]> {
      const day = FieldPath.documentId();
      const days = userRef(uid).collection("usage").where(day, ">=", from).where(day, "<=", to);
      const { docs } = await days.orderBy(day, "asc").get();
      return docs.map((snapshot) => usageDocument.parse(snapshot.data()));
    },
  };
}

export type UserStore = ReturnType<typeof createUserStore>;

/** gRPC status numbers a commit can end with (google.rpc.Code). */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;

/** Whether a commit failed because somebody else wrote first (or already did what we meant to). */
export const isConflict = (error: unknown): boolean =>
  [NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED].includes((error as { code?: number }).code ?? -1);
