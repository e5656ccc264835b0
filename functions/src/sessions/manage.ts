import { z } from "zod";
import { operation } from "../operation";
import { clearContext } from "./clear";
import { readVerified, session, vaultOf } from "./in-session";
import { SessionObject, showMessages, showSession } from "./shapes";
import { TRANSCRIPT_FORMATS, writeTranscript } from "./transcript";

export const rate = operation({
  name: "sessions.rate",
  route: "POST /sessions/{session}/rating",
  summary: "Thumbs up or down.",
  caller: "session",
  appKeys: "all",
  input: z.strictObject({ session, liked: z.boolean() }),
  output: SessionObject,
  errors: ["session_not_found", "session_damaged"],
  run: async (context, { liked }) => {
    const { services } = context;
    await services.sessions.change(context.session, { liked });
    return showSession({ ...context.session, liked }, vaultOf(context), services.now());
  },
});

export const clear = operation({
  name: "sessions.clear",
  route: "POST /sessions/{session}/clear",
  summary: "Start over from the opening: what was said is kept, the assistant no longer remembers it.",
  caller: "session",
  appKeys: "all",
  input: z.strictObject({ session }),
  output: SessionObject,
  errors: ["session_not_found", "session_busy", "session_damaged"],
  run: async (context) => {
    const vault = vaultOf(context);
    const cleared = await clearContext(context.services, vault, context.session);
    return showSession(cleared, vault, context.services.now());
  },
});

export const transcript = operation({
  name: "sessions.transcript",
  route: "GET /sessions/{session}/transcript",
  summary: "The conversation as a file: CSV, JSON or Markdown.",
  caller: "session",
  appKeys: "all",
  input: z.strictObject({ session, format: z.enum(TRANSCRIPT_FORMATS).default("csv") }),
  output: z
    .object({ filename: z.string(), content_type: z.string(), content: z.string() })
    .meta({ id: "Transcript" }),
  errors: ["session_not_found", "session_damaged"],
  file: true,
  tool: {
    title: "Read a conversation",
    description:
      "Everything that was said in a session, oldest first, as a file's text: `md` to read and quote, `json` to work " +
      "with, `csv` for a spreadsheet.",
  },
  run: async (context, { format }) => {
    const vault = vaultOf(context);
    const now = context.services.now();
    const { session, turns } = await readVerified(context, vault);
    const messages = turns
      .filter(({ superseded }) => !superseded)
      .flatMap((turn) => showMessages(turn, vault, now));
    return writeTranscript(format, session.bot_name || "the lab", messages, now);
  },
});

export const remove = operation({
  name: "sessions.delete",
  route: "DELETE /sessions/{session}",
  summary: "Delete a session and everything that was said in it.",
  caller: "session",
  appKeys: "all",
  input: z.strictObject({ session }),
  output: z
    .object({ id: z.string(), object: z.literal("session"), deleted: z.literal(true) })
    .meta({ id: "DeletedSession" }),
  errors: ["session_not_found"],
  run: async ({ services, session }) => {
    await services.sessions.delete(session);
    return { id: session.id, object: "session" as const, deleted: true as const };
  },
});
