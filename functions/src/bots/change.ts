import { isDeepStrictEqual } from "node:util";
import type { WriteBatch } from "firebase-admin/firestore";
import { z } from "zod";
import { Failure } from "../errors";
import { operation } from "../operation";
import type { Services } from "../services";
import type { User } from "../users/authenticate";
import { isConflict } from "../users/store";
import {
  BotObject,
  botInput,
  findOwn,
  modelConfigChange,
  openVersion,
  showBot,
  withWarnings,
} from "./operations";
import type { Bot, BotContent } from "./store";

const TRIES = 40;
const MAX_PAUSE_MS = 200;

/** An assistant of one's own, whole: a version has no changes of its own. */
export const ownBot = z.string().describe("The id of an assistant of yours.");

/**
 * Reads the caller's assistant, lets `fill` write its change into a batch that holds only if nobody wrote since, and
 * begins again with the newer card where somebody did. @throws Failure bot_not_found, bot_busy
 */
export async function changeOwn<T>(
  { services, user }: { services: Services; user: User },
  id: string,
  fill: (batch: WriteBatch, bot: Bot) => Promise<T> | T,
): Promise<T> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const bot = await findOwn(services, id, user);
    const batch = services.firestore.batch();
    const result = await fill(batch, bot);
    if (await batch.commit().then(() => true, conflict)) return result;
    const pauseMs = Math.random() * Math.min(MAX_PAUSE_MS, 5 * 2 ** tries);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Failure("bot_busy", "Too many changes at once to this assistant.", { retryAfter: 1 });
}

function conflict(error: unknown): false {
  if (isConflict(error)) return false;
  throw error;
}

/** The fields that are there; one given as undefined changes nothing. */
const given = <T extends object>(change: T) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

const botChange = botInput.partial().extend({ model_config: modelConfigChange.optional() });

/** A version's content with a change applied; null where it says nothing new. */
function nextContent(current: BotContent, change: z.output<typeof botChange>): BotContent | null {
  const next = {
    prompts: {
      initial: change.initial_prompt ?? current.prompts.initial,
      summary: change.summary_prompt ?? current.prompts.summary,
    },
    modelConfig: { ...current.modelConfig, ...given(change.model_config ?? {}) },
  };
  const { prompts, modelConfig } = current;
  return isDeepStrictEqual(next, { prompts, modelConfig }) ? null : next;
}

export const updateBot = operation({
  name: "bots.update",
  route: "PATCH /bots/{bot}",
  summary: "Change some of an assistant's fields; new prompts or settings make a new version.",
  caller: "user",
  input: botChange.extend({ bot: ownBot }),
  output: BotObject,
  errors: ["bot_not_found", "bot_incomplete", "bot_busy"],
  run: (context, { bot: id, ...change }) => {
    const { services, user } = context;
    const { bots, now } = services;
    const { initial_prompt: _, summary_prompt: __, model_config: ___, ...fields } = change;
    const card = given(fields);
    return changeOwn(context, id, async (batch, bot) => {
      const current = await openVersion(services, bot, bot.version);
      const content = nextContent(current, change);
      if (!content) return showBot(bots.change(batch, bot, card, now()), current, user);
      const number = bot.latest + 1;
      bots.addVersion(batch, bot.id, number, content, now());
      const changed = bots.change(batch, bot, { ...card, version: number, latest: number }, now());
      return withWarnings(showBot(changed, { number, ...content }, user), content);
    });
  },
});

export const deleteBot = operation({
  name: "bots.delete",
  route: "DELETE /bots/{bot}",
  summary: "Remove an assistant with all its versions; conversations that were begun go on.",
  caller: "user",
  input: z.strictObject({ bot: ownBot }),
  output: z
    .object({ id: z.string(), object: z.literal("bot"), deleted: z.literal(true) })
    .meta({ id: "BotDeleted" }),
  errors: ["bot_not_found", "bot_busy"],
  run: (context, { bot: id }) =>
    changeOwn(context, id, (batch, bot) => {
      context.services.bots.remove(batch, bot);
      return { id: bot.id, object: "bot" as const, deleted: true as const };
    }),
});
