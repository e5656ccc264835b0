import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Timestamp,
  WriteBatch,
} from "firebase-admin/firestore";
import { z } from "zod";
import { type KeyRecord, parseKey } from "./store";

const accessDocument = z.object({
  active_key: z.string(),
  recovery_key: z.string().nullable().default(null),
});

/** A document as it was read; it is changed only if nobody has written since. */
type Fenced = { ref: DocumentReference; updateTime: Timestamp };

/** The ways into an account: lookups of its provider key and its recovery code. */
export type Access = Fenced & { uid: string; activeKey: string; recoveryKey: string | null };
export type StoredKey = Fenced & { record: KeyRecord };

/** The queries of this store; a test compares them with firestore.indexes.json. */
export const ACCESS_QUERIES = {
  keysOf: { collection: "keys", where: ["uid"], orderBy: "__name__" },
} as const;

/**
 * The ways in: which keys open an account. Every change of them also writes `users/{uid}` with the write time it was
 * read at, so that of two changes at once one is made and the other reads again.
 */
export function createAccessStore(firestore: Firestore) {
  const keys = firestore.collection("keys");

  return {
    async read(uid: string): Promise<Access | null> {
      const [snapshot] = await firestore.getAll(firestore.doc(`users/${uid}`));
      if (!snapshot?.exists) return null;
      const { active_key, recovery_key } = accessDocument.parse(snapshot.data());
      return { ...fenced(snapshot), uid, activeKey: active_key, recoveryKey: recovery_key };
    },

    /** Key documents by lookup, in one round trip; null for what is not there. */
    async readKeys(...lookups: string[]): Promise<(StoredKey | null)[]> {
      const snapshots = await firestore.getAll(...lookups.map((lookup) => keys.doc(lookup)));
      return snapshots.map((snapshot) => {
        const record = parseKey(snapshot);
        return record && { ...fenced(snapshot), record };
      });
    },

    /** Every key document of an account, of whatever kind. */
    async keysOf(uid: string): Promise<Fenced[]> {
      const { docs } = await keys.where("uid", "==", uid).select().get();
      return docs.map(fenced);
    },

    createKey(batch: WriteBatch, lookup: string, record: KeyRecord, now: Date): void {
      batch.create(keys.doc(lookup), { schema: 1, created_at: now, modified_at: now, ...record });
    },

    /** Makes another account's key document this record. */
    overwriteKey(batch: WriteBatch, { ref, updateTime }: Fenced, record: KeyRecord, now: Date): void {
      batch.update(ref, { created_at: now, modified_at: now, ...record }, { lastUpdateTime: updateTime });
    },

    /** Sets when an app key's way in may be removed; fails the batch where it is not there. */
    expire(batch: WriteBatch, lookup: string, expires_at: Date | null, now: Date): void {
      batch.update(keys.doc(lookup), { expires_at, modified_at: now });
    },

    remove(batch: WriteBatch, { ref, updateTime }: Fenced): void {
      batch.delete(ref, { lastUpdateTime: updateTime });
    },

    change(
      batch: WriteBatch,
      { ref, updateTime }: Access,
      change: { active_key?: string; recovery_key?: string | null },
      now: Date,
    ): void {
      batch.update(ref, { ...change, modified_at: now }, { lastUpdateTime: updateTime });
    },
  };
}

export type AccessStore = ReturnType<typeof createAccessStore>;

const fenced = (snapshot: DocumentSnapshot): Fenced => ({
  ref: snapshot.ref,
  updateTime: snapshot.updateTime as Timestamp,
});
