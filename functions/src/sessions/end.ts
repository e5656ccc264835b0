import { z } from "zod";
import { operation } from "../operation";
import { idFrom } from "../protection/seal";
import type { SessionVault } from "../protection/vault";
import { type InSession, session, TURN_FAILURES, vaultOf } from "./in-session";
import { openReply } from "./opened";
import { Reply, SessionObject, showReply, showSession } from "./shapes";
import type { Session } from "./store";
import { type FinishedTurn, runTurn } from "./turn";

/** What ending without a recap answers. */
const Left = z.object({ session: SessionObject }).meta({ id: "LeftSession" });

export const end = operation({
  name: "sessions.end",
  route: "POST /sessions/{session}/end",
  summary: "Conclude: the assistant sums up. Again, the same recap. Without a recap the session is left.",
  caller: "session",
  appKeys: "all",
  input: z.strictObject({ session, recap: z.boolean().default(true) }),
  output: z.union([Reply, Left]),
  errors: ["session_not_found", ...TURN_FAILURES],
  streams: true,
  tool: {
    title: "Conclude a conversation",
    description:
      "Ends a conversation: the assistant sums up what was said, and that recap is the reply. Asked again, the same " +
      "recap at no cost. With `recap: false` the session is left without one. A later message opens it again.",
    idempotent: true,
  },
  run: async (context, input) => {
    const vault = vaultOf(context);
    if (!input.recap) return { session: showSession(await leave(context), vault, context.services.now()) };
    const finished = (await storedRecap(context, vault)) ?? (await recap(context, vault));
    return showReply(finished, vault, context.services.now());
  },
});

/** The user leaves without a recap; a completed session stays completed. */
async function leave({ services, session }: InSession): Promise<Session> {
  if (session.status === "completed") return session;
  const change = { status: "abandoned_by_user" as const };
  await services.sessions.change(session, change);
  return { ...session, ...change };
}

async function storedRecap({ services, session, onDelta }: InSession, vault: SessionVault) {
  if (session.status !== "completed" || !session.recap_turn) return null;
  const [turn] = await services.sessions.readTurns(session, session.recap_turn);
  if (!turn) return null;
  const reply = openReply(vault, turn);
  onDelta?.(reply);
  return { session, turn, reply };
}

function recap(
  { services, user, session, signal, onDelta, idempotencyKey }: InSession,
  vault: SessionVault,
): Promise<FinishedTurn> {
  const { users, bots, now } = services;
  return runTurn({
    services,
    user,
    vault,
    session,
    kind: "recap",
    turnId: idFrom(idempotencyKey ? vault.mac("end", idempotencyKey) : vault.mac("recap", session.turns)),
    message: null,
    bodyHmac: vault.mac("recap"),
    model: session.model,
    signal,
    onDelta,
    settle: (batch, { ended_counted }) => {
      if (ended_counted || session.bot === null) return;
      users.touch(batch, user.uid, now(), "sessions_ended");
      bots.count(batch, session.bot, session.bot_version, "ended");
    },
  });
}
