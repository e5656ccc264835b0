import {
  type DocumentReference,
  type DocumentSnapshot,
  type Firestore,
  Timestamp,
  type WriteBatch,
} from "firebase-admin/firestore";
import { z } from "zod";
import { APP_KEY_KINDS, type AppKeyKind } from "./app-key";
import { type Limits, type Meter, meterSchema, NEW_METER } from "./app-key-meter";

const nullable = z.number().nullable();

const appKeyDocument = z.object({
  creator: z.string(),
  /** Where its way in lies: `keys/{lookup}`. */
  lookup: z.string(),
  kind: z.enum(APP_KEY_KINDS),
  name: z.string(),
  prefix: z.string(),
  last4: z.string(),
  bots: z.array(z.string()),
  origins: z.array(z.string()),
  budget_nano: nullable,
  requests_per_day: nullable,
  requests_per_minute: nullable,
  expires_at: z.instanceof(Timestamp).nullable(),
  /** Half of a pair that is derived from the app key and the server secret; what is sealed to it opens with both. */
  public_key: z.instanceof(Buffer),
  /** The creator's provider key. */
  sealed: z.instanceof(Buffer),
  /** This key's own data key, sealed for its creator, who rotates it without holding it. */
  escrow: z.instanceof(Buffer),
  /** Models that the provider key may use. */
  models: z.array(z.string()),
  created_at: z.instanceof(Timestamp),
  modified_at: z.instanceof(Timestamp),
});

type AppKeyDocument = z.infer<typeof appKeyDocument>;

/** What its creator decides about a key. */
export type AppKeySettings = {
  name: string;
  bots: string[];
  origins: string[];
  limits: Limits;
  expiresAt: Date | null;
};

/** What changes with the key's own characters, or with the creator's provider key. */
export type AppKeySecrets = Pick<
  AppKeyDocument,
  "lookup" | "prefix" | "last4" | "public_key" | "sealed" | "escrow" | "models"
>;

export type AppKey = AppKeySettings & {
  id: string;
  ref: DocumentReference;
  updateTime: Timestamp;
  creator: string;
  kind: AppKeyKind;
  prefix: string;
  last4: string;
  lookup: string;
  publicKey: Buffer;
  sealed: Buffer;
  escrow: Buffer;
  models: string[];
  createdAt: Date;
  modifiedAt: Date;
};

/** The queries of this store; a test compares them with firestore.indexes.json. */
export const APP_KEY_QUERIES = {
  ofCreator: { collection: "app_keys", where: ["creator"], orderBy: "__name__" },
} as const;

/**
 * `app_keys/{id}`: the settings of an app key. Its id is also the uid of the principal that it is: sessions, usage and
 * meter lie under `users/{id}`, its way in under `keys/{lookup}`.
 */
export function createAppKeyStore(firestore: Firestore) {
  const collection = firestore.collection("app_keys");
  const meterRef = (id: string) => firestore.doc(`users/${id}/meter/now`);

  return {
    ref: (id: string): DocumentReference => collection.doc(id),
    meterRef,
    parse,

    async read(id: string): Promise<AppKey | null> {
      return parse(await collection.doc(id).get());
    },

    /** All keys of a creator, newest first; there are never more than fit one batch. */
    async ofCreator(uid: string): Promise<AppKey[]> {
      const { docs } = await collection.where("creator", "==", uid).get();
      const keys = docs.flatMap((snapshot) => parse(snapshot) ?? []);
      return keys.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? -1 : 1));
    },

    /** What each key has used, in the same order. */
    async meters(ids: string[]): Promise<Meter[]> {
      if (ids.length === 0) return [];
      const snapshots = await firestore.getAll(...ids.map(meterRef));
      return snapshots.map((snapshot) => (snapshot.exists ? meterSchema.parse(snapshot.data()) : NEW_METER));
    },

    /** Adds a key with its meter to a batch. */
    create(
      batch: WriteBatch,
      id: string,
      key: { creator: string; kind: AppKeyKind } & AppKeySettings & AppKeySecrets,
      now: Date,
    ): void {
      const { limits, expiresAt, ...rest } = key;
      const stamps = { schema: 1, created_at: now, modified_at: now };
      batch.create(collection.doc(id), { ...stamps, ...rest, ...stored({ limits, expiresAt }) });
      batch.create(meterRef(id), { ...stamps, ...NEW_METER });
    },

    /** Writes only if nobody has written since the key was read. */
    change(
      batch: WriteBatch,
      { ref, updateTime }: AppKey,
      change: Partial<AppKeySettings> & Partial<AppKeySecrets>,
      now: Date,
    ): void {
      const { limits, expiresAt, ...rest } = change;
      const settings = stored({ limits, expiresAt });
      batch.update(ref, { ...rest, ...settings, modified_at: now }, { lastUpdateTime: updateTime });
    },

    remove: (batch: WriteBatch, { ref, updateTime }: AppKey): unknown =>
      batch.delete(ref, { lastUpdateTime: updateTime }),
  };
}

export type AppKeyStore = ReturnType<typeof createAppKeyStore>;

const stored = ({
  limits,
  expiresAt,
}: {
  limits?: Limits | undefined;
  expiresAt?: Date | null | undefined;
}) => ({
  ...(limits === undefined
    ? {}
    : {
        budget_nano: limits.budgetNano,
        requests_per_day: limits.perDay,
        requests_per_minute: limits.perMinute,
      }),
  ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
});

function parse(snapshot: DocumentSnapshot): AppKey | null {
  if (!snapshot.exists) return null;
  const stored = appKeyDocument.parse(snapshot.data());
  const { budget_nano, requests_per_day, requests_per_minute, public_key, ...rest } = stored;
  const { expires_at, created_at, modified_at, ...same } = rest;
  return {
    ...same,
    id: snapshot.id,
    ref: snapshot.ref,
    updateTime: snapshot.updateTime as Timestamp,
    limits: { budgetNano: budget_nano, perDay: requests_per_day, perMinute: requests_per_minute },
    publicKey: public_key,
    expiresAt: expires_at?.toDate() ?? null,
    createdAt: created_at.toDate(),
    modifiedAt: modified_at.toDate(),
  };
}
