import { z } from "zod";
import { copyOf } from "../bots/copies";
import { botInput } from "../bots/operations";
import { Failure } from "../errors";
import { type Context, operation } from "../operation";
import { pagingInput } from "../paging";
import { createSessionVault } from "../protection/vault";
import { verifyTurns } from "../sessions/opened";
import { MessageObject, SessionObject, showMessages, showSession } from "../sessions/shapes";
import type { SessionSummary } from "../sessions/store";
import { AppKeyObject } from "../users/app-key-shapes";
import { showAppKeys } from "../users/app-keys";
import { readUser, UserObject } from "../users/operations";
import { DayUsage, showDay } from "../users/usage";

/** Sessions a page holds at most: their messages come with them. */
const MAX_SESSIONS = 20;

const SessionExport = SessionObject.extend({
  messages: z.array(MessageObject),
  damaged: z
    .literal(true)
    .optional()
    .describe("Was changed outside this service and cannot be opened; its messages are left out."),
}).meta({ id: "SessionExport" });

const AccountExport = z
  .object({
    object: z.literal("account_export"),
    user: UserObject.optional().describe("On the first page."),
    usage: z.array(DayUsage).optional().describe("Every day of use; on the first page."),
    app_keys: z
      .array(AppKeyObject)
      .optional()
      .describe("Settings and usage of your app keys, never the keys; on the first page."),
    bots: z
      .array(z.object({ id: z.string(), bot: z.strictObject(botInput.shape) }))
      .optional()
      .describe("Your assistants as `bots.create` takes them; on the first page."),
    sessions: z.array(SessionExport).describe("Newest first, as `users.import` takes them."),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: "AccountExport" });

export const exportAccount = operation({
  name: "users.export",
  route: "GET /me/export",
  summary:
    "Everything of the account: profile, usage, app keys and assistants on the first page, sessions page by page.",
  caller: "user",
  input: z.strictObject({
    limit: z.coerce.number().int().min(1).max(MAX_SESSIONS).default(10).describe("Sessions a page."),
    cursor: pagingInput.cursor,
  }),
  output: AccountExport,
  errors: [],
  run: async (context, paging) => {
    const { services, user } = context;
    const page = await services.sessions.list(user.uid, undefined, paging);
    const sessions: z.input<typeof SessionExport>[] = [];
    for (const summary of page.data) {
      const exported = await exportSession(context, summary);
      if (exported) sessions.push(exported);
    }
    return {
      object: "account_export" as const,
      ...(paging.cursor === undefined ? await exportProfile(context) : {}),
      sessions,
      has_more: page.nextCursor !== null,
      next_cursor: page.nextCursor,
    };
  },
});

async function exportProfile({ services, user }: Context<"user">) {
  const [profile, usage, appKeys, ids] = await Promise.all([
    readUser(services, user.uid),
    services.users.readUsage(user.uid, "0000-01-01", "9999-12-31"),
    services.appKeys.ofCreator(user.uid),
    services.accounts.botsOf(user.uid),
  ]);
  const bots = [];
  for (const id of ids) bots.push({ id, bot: await copyOf(services, id, user) });
  const app_keys = await showAppKeys(services, appKeys);
  return { user: profile, usage: usage.map(showDay), app_keys, bots };
}

/** One session with all it holds for its user, of one moment; null where it was deleted just now. */
async function exportSession({ services, user }: Context<"user">, summary: SessionSummary) {
  const { sessions, now } = services;
  const vault = createSessionVault(user.dek, user.uid, summary.id);
  const ref = sessions.ref(summary.id);
  const { session, turns } = ref ? await sessions.readAll({ ref }) : { session: null, turns: [] };
  if (!session) return null;
  try {
    verifyTurns(vault, session, turns);
    const messages = turns.flatMap((turn) => showMessages(turn, vault, now()));
    return { ...showSession(session, vault, now()), messages };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "session_damaged") throw error;
    return {
      ...showSession({ ...session, recap: null }, vault, now()),
      messages: [],
      damaged: true as const,
    };
  }
}
