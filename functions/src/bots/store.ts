import {
  type DocumentSnapshot,
  FieldValue,
  type Firestore,
  Timestamp,
  type WriteBatch,
} from "firebase-admin/firestore";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { type Page, type Paging, paginate } from "../paging";
import type { Vault } from "../protection/vault";

export const SESSION_TYPES = ["brainstorming", "coaching"] as const;

const modelConfig = z.object({
  model: z.string(),
  max_tokens: z.number(),
  temperature: z.number(),
  top_p: z.number(),
  frequency_penalty: z.number(),
  presence_penalty: z.number(),
});

/** What is sealed of a version. */
export const promptsSchema = z.object({ initial: z.string(), summary: z.string() });

const botDocument = z.object({
  name: z.string(),
  tag_line: z.string(),
  description: z.string(),
  session_type: z.enum(SESSION_TYPES),
  showcased: z.boolean(),
  active: z.boolean(),
  creator: z.string(),
  version: z.number(),
  sessions_started: z.number(),
  sessions_ended: z.number(),
  counted_at: z.instanceof(Timestamp),
  created_at: z.instanceof(Timestamp),
  modified_at: z.instanceof(Timestamp),
});

const versionDocument = z.object({ prompts: z.instanceof(Buffer), model_config: modelConfig });

export type ModelConfig = z.infer<typeof modelConfig>;
export type Prompts = z.infer<typeof promptsSchema>;
export type SessionType = (typeof SESSION_TYPES)[number];
export type Bot = { id: string } & z.infer<typeof botDocument>;
export type BotVersion = { number: number; prompts: Prompts; modelConfig: ModelConfig };
export type NewBot = Pick<Bot, "name" | "tag_line" | "description" | "session_type" | "showcased"> & {
  prompts: Prompts;
  modelConfig: ModelConfig;
};

/** Starts and ends are spread over this many documents: one document takes about one write a second. */
const SHARDS = 10;
const RECOUNT_AFTER_MS = 60_000;
const CACHED_VERSIONS = 200;

/** The queries of this store; a test compares them with firestore.indexes.json. */
export const BOT_QUERIES = {
  showcased: { collection: "bots", where: ["showcased", "active"], orderBy: "created_at" },
  mine: { collection: "bots", where: ["creator", "active"], orderBy: "created_at" },
} as const;

/** `bots/{id}` with its immutable versions and its counter shards. */
export function createBotStore(firestore: Firestore, vault: Vault) {
  const collection = firestore.collection("bots");
  const versionRef = (id: string, number: number) =>
    collection.doc(id).collection("versions").doc(String(number));
  const versions = new LRUCache<string, BotVersion>({ max: CACHED_VERSIONS });

  const parse = (snapshot: DocumentSnapshot): Bot => ({
    id: snapshot.id,
    ...botDocument.parse(snapshot.data()),
  });

  return {
    async read(id: string): Promise<Bot | null> {
      const snapshot = await collection.doc(id).get();
      return snapshot.exists ? parse(snapshot) : null;
    },

    /** A version's prompts and settings; versions never change, so they are kept in memory. */
    async readVersion(id: string, number: number): Promise<BotVersion | null> {
      const ref = versionRef(id, number);
      const cached = versions.get(ref.path);
      if (cached) return cached;
      const snapshot = await ref.get();
      if (!snapshot.exists) return null;
      const document = versionDocument.parse(snapshot.data());
      const opened = promptsSchema.parse(vault.openPrompts(ref.path, document.prompts));
      const version = { number, prompts: opened, modelConfig: document.model_config };
      versions.set(ref.path, version);
      return version;
    },

    /** Adds a card and its first version to a batch. */
    create(batch: WriteBatch, id: string, creator: string, bot: NewBot, now: Date): void {
      const { prompts, modelConfig, ...card } = bot;
      const stamps = { schema: 1, created_at: now, modified_at: now };
      const counts = { sessions_started: 0, sessions_ended: 0, counted_at: now };
      batch.create(collection.doc(id), { ...stamps, ...card, ...counts, active: true, creator, version: 1 });
      const ref = versionRef(id, 1);
      batch.create(ref, {
        ...stamps,
        prompts: vault.sealPrompts(ref.path, prompts),
        model_config: modelConfig,
      });
    },

    listShowcased: (paging: Paging): Promise<Page<Bot>> =>
      paginate(
        collection.where("showcased", "==", true).where("active", "==", true).orderBy("created_at", "desc"),
        paging,
        parse,
      ),

    listByCreator: (uid: string, paging: Paging): Promise<Page<Bot>> =>
      paginate(
        collection.where("creator", "==", uid).where("active", "==", true).orderBy("created_at", "desc"),
        paging,
        parse,
      ),

    /** Counts one start or end, of the assistant and of its version, on a random shard. */
    count(batch: WriteBatch, id: string, version: number, what: "started" | "ended"): void {
      const shard = collection
        .doc(id)
        .collection("counters")
        .doc(String(Math.floor(Math.random() * SHARDS)));
      const one = { [what]: FieldValue.increment(1) };
      batch.set(shard, { schema: 1, ...one, versions: { [version]: one } }, { merge: true });
    },

    /** Brings the card's numbers up to date from the shards, at most once a minute. */
    async recount(bot: Bot, now: Date): Promise<void> {
      if (now.getTime() - bot.counted_at.toMillis() < RECOUNT_AFTER_MS) return;
      const shards = await collection.doc(bot.id).collection("counters").get();
      const sum = (field: string) => shards.docs.reduce((total, shard) => total + (shard.get(field) ?? 0), 0);
      await collection
        .doc(bot.id)
        .update({ sessions_started: sum("started"), sessions_ended: sum("ended"), counted_at: now });
    },
  };
}

export type BotStore = ReturnType<typeof createBotStore>;
