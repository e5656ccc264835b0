import {
  type CollectionReference,
  FieldValue,
  type Firestore,
  type Query,
  type WriteBatch,
} from "firebase-admin/firestore";
import { z } from "zod";

const tombstoneDocument = z.object({ bots: z.array(z.string()).default([]) });

/** The queries of this store; a test compares them with firestore.indexes.json. */
export const ACCOUNT_QUERIES = {
  bots: { collection: "bots", where: ["creator"], orderBy: "__name__" },
  sessions: { collection: "sessions", where: [], orderBy: "__name__" },
  labs: { collection: "labs", where: [], orderBy: "__name__" },
  tombstones: { collection: "tombstones", where: [], orderBy: "created_at", direction: "ASCENDING" },
} as const;

/** Deletes in one batch at most; a card or session is one, what lies beneath it is removed afterwards. */
const PAGE = 200;

/**
 * What belongs to an account as a whole, and `tombstones/{uid}`: the note that an account's data is being removed.
 * A tombstone holds an id and a date, and goes when nothing is left.
 */
export function createAccountStore(firestore: Firestore) {
  const tombstone = (uid: string) => firestore.collection("tombstones").doc(uid);
  const user = (uid: string) => firestore.collection("users").doc(uid);
  const sessionsOf = (uid: string) => user(uid).collection("sessions");
  const labsOf = (uid: string) => user(uid).collection("labs");
  const botsOf = (uid: string) => firestore.collection("bots").where("creator", "==", uid);
  const ids = async (query: Query) => (await query.select().get()).docs.map(({ id }) => id);

  const removeAll = async (collection: CollectionReference): Promise<void> => {
    for (let page = await ids(collection.limit(PAGE)); page.length > 0; ) {
      const batch = firestore.batch();
      for (const id of page) batch.delete(collection.doc(id));
      await batch.commit();
      page = await ids(collection.limit(PAGE));
    }
  };

  return {
    /** Whether an account has neither sessions nor assistants nor app keys. */
    async isEmpty(uid: string): Promise<boolean> {
      const appKeys = firestore.collection("app_keys").where("creator", "==", uid);
      const found = await Promise.all(
        [sessionsOf(uid), botsOf(uid), appKeys].map((all) => ids(all.limit(1))),
      );
      return found.every(({ length }) => length === 0);
    },

    /** Every assistant of an account, taken-down ones too. */
    botsOf: (uid: string): Promise<string[]> => ids(botsOf(uid)),

    bury: (batch: WriteBatch, uid: string, now: Date): unknown =>
      batch.create(tombstone(uid), { schema: 1, created_at: now, modified_at: now, bots: [] }),

    /** Accounts whose removal began and has not ended, oldest first. */
    buried: (limit: number): Promise<string[]> =>
      ids(firestore.collection("tombstones").orderBy("created_at", "asc").limit(limit)),

    /**
     * Removes a buried account's data; whatever a cut-off try left, the next one finds.
     * First the session documents: with them gone, no turn, usage or rating can be committed any more. Then all that
     * lies beneath the user. A card goes together with the note of its id, by which its versions and counters are
     * found; the tombstone goes last.
     */
    async sweep(uid: string, now: Date): Promise<void> {
      for (const sessions of [sessionsOf(uid), labsOf(uid)]) await removeAll(sessions);
      await firestore.recursiveDelete(user(uid));
      for (let page = await ids(botsOf(uid).limit(PAGE)); page.length > 0; ) {
        const batch = firestore.batch();
        batch.update(tombstone(uid), { bots: FieldValue.arrayUnion(...page), modified_at: now });
        for (const id of page) batch.delete(firestore.collection("bots").doc(id));
        await batch.commit();
        page = await ids(botsOf(uid).limit(PAGE));
      }
      const note = await tombstone(uid).get();
      if (!note.exists) return;
      for (const id of tombstoneDocument.parse(note.data()).bots) {
        await firestore.recursiveDelete(firestore.collection("bots").doc(id));
      }
      await tombstone(uid).delete();
    },
  };
}

export type AccountStore = ReturnType<typeof createAccountStore>;
