import {
  type DocumentSnapshot,
  type Firestore,
  type Query,
  Timestamp,
  type WriteBatch,
} from "firebase-admin/firestore";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { type Page, type Paging, paginate } from "../paging";
import type { Vault } from "../protection/vault";
import { isConflict } from "../users/store";
import { createBotCounters } from "./counters";

export const SESSION_TYPES = ["brainstorming", "coaching"] as const;

const modelConfig = z.object({
  model: z.string(),
  max_tokens: z.number(),
  temperature: z.number(),
  top_p: z.number(),
  frequency_penalty: z.number(),
  presence_penalty: z.number(),
  second_check: z.boolean().default(false),
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
  /** The version that answers. */
  version: z.number(),
  /** The highest number ever given; versions are 1 to this one, none missing. */
  latest: z.number().default(1),
  sessions_started: z.number(),
  sessions_ended: z.number(),
  counted_at: z.instanceof(Timestamp),
  created_at: z.instanceof(Timestamp),
  modified_at: z.instanceof(Timestamp),
});

const versionDocument = z.object({
  prompts: z.instanceof(Buffer),
  model_config: modelConfig,
  created_at: z.instanceof(Timestamp),
});

export type ModelConfig = z.infer<typeof modelConfig>;
export type Prompts = z.infer<typeof promptsSchema>;
export type SessionType = (typeof SESSION_TYPES)[number];
export type Bot = { id: string; updateTime: Timestamp } & z.infer<typeof botDocument>;
/** What a version holds. */
export type BotContent = { prompts: Prompts; modelConfig: ModelConfig };
export type BotVersion = { number: number } & BotContent;
export type StoredVersion = BotVersion & { createdAt: Date };
export type NewBot = Pick<Bot, "name" | "tag_line" | "description" | "session_type" | "showcased"> &
  BotContent;

const CACHED_VERSIONS = 200;

/** What of a card can change; undefined fields stay as they are. */
type CardChange = Partial<
  Pick<Bot, "name" | "tag_line" | "description" | "session_type" | "version" | "latest">
>;

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
  const versions = new LRUCache<string, StoredVersion>({ max: CACHED_VERSIONS });
  const counters = createBotCounters(collection);

  const parse = (snapshot: DocumentSnapshot): Bot => ({
    id: snapshot.id,
    updateTime: snapshot.updateTime as Timestamp,
    ...botDocument.parse(snapshot.data()),
  });

  /** Opens a version, and keeps it in memory: versions never change. */
  const parseVersion = (snapshot: DocumentSnapshot): StoredVersion => {
    const { path } = snapshot.ref;
    const { prompts, model_config, created_at } = versionDocument.parse(snapshot.data());
    const version = {
      number: Number(snapshot.id),
      prompts: promptsSchema.parse(vault.openPrompts(path, prompts)),
      modelConfig: model_config,
      createdAt: created_at.toDate(),
    };
    versions.set(path, version);
    return version;
  };

  /** Adds a version to a batch, which fails where the number is taken. */
  const addVersion = (
    batch: WriteBatch,
    id: string,
    number: number,
    { prompts, modelConfig }: BotContent,
    now: Date,
  ): void => {
    const ref = versionRef(id, number);
    const sealed = vault.sealPrompts(ref.path, prompts);
    const stamps = { schema: 1, created_at: now, modified_at: now };
    batch.create(ref, { ...stamps, prompts: sealed, model_config: modelConfig });
  };

  return {
    ...counters,
    addVersion,

    async read(id: string): Promise<Bot | null> {
      const snapshot = await collection.doc(id).get();
      return snapshot.exists ? parse(snapshot) : null;
    },

    /** A version's prompts and settings, from memory where they were read before. */
    async readVersion(id: string, number: number): Promise<StoredVersion | null> {
      const ref = versionRef(id, number);
      const cached = versions.get(ref.path);
      if (cached) return cached;
      const snapshot = await ref.get();
      return snapshot.exists ? parseVersion(snapshot) : null;
    },

    /** The versions from one number downwards, newest first. */
    async readVersions(id: string, from: number, limit: number): Promise<StoredVersion[]> {
      const refs = Array.from({ length: Math.min(from, limit) }, (_, i) => versionRef(id, from - i));
      const snapshots = refs.length > 0 ? await firestore.getAll(...refs) : [];
      return snapshots.filter(({ exists }) => exists).map(parseVersion);
    },

    /** Adds a card and its first version to a batch. */
    create(batch: WriteBatch, id: string, creator: string, bot: NewBot, now: Date): void {
      const { prompts, modelConfig, ...card } = bot;
      const stamps = { schema: 1, created_at: now, modified_at: now };
      const counts = { sessions_started: 0, sessions_ended: 0, counted_at: now };
      const state = { active: true, creator, version: 1, latest: 1 };
      batch.create(collection.doc(id), { ...stamps, ...card, ...counts, ...state });
      addVersion(batch, id, 1, { prompts, modelConfig }, now);
    },

    /** Changes a card, only if nobody wrote since it was read. @returns the card as it will be */
    change(batch: WriteBatch, bot: Bot, change: CardChange, now: Date): Bot {
      batch.update(
        collection.doc(bot.id),
        { ...change, modified_at: now },
        { lastUpdateTime: bot.updateTime },
      );
      return { ...bot, ...change, modified_at: Timestamp.fromDate(now) };
    },

    /**
     * Removes a card with its versions and counters, only if nobody wrote since it was read. A conversation that goes
     * on may count its end under the old id, which is never given again and which nobody can read.
     */
    remove(batch: WriteBatch, bot: Bot): void {
      batch.delete(collection.doc(bot.id), { lastUpdateTime: bot.updateTime });
      for (let number = 1; number <= bot.latest; number++) batch.delete(versionRef(bot.id, number));
      for (const shard of counters.shards(bot.id)) batch.delete(shard);
    },

    /** What an operator decides about an assistant; `false` where there is none. */
    mark: (id: string, marks: Partial<Pick<Bot, "showcased" | "active">>, now: Date): Promise<boolean> =>
      collection
        .doc(id)
        .update({ ...marks, modified_at: now })
        .then(
          () => true,
          (error) => {
            if (isConflict(error)) return false;
            throw error;
          },
        ),

    /** How many assistants there are, and how many of them are showcased and taken down. */
    async statistics() {
      const number = async (query: Query) => (await query.count().get()).data().count;
      const [all, showcased, inactive] = await Promise.all([
        number(collection),
        number(collection.where("showcased", "==", true)),
        number(collection.where("active", "==", false)),
      ]);
      return { all, showcased, inactive };
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
  };
}

export type BotStore = ReturnType<typeof createBotStore>;
