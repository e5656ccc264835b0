import type { z } from "zod";
import { Failure, notFound } from "../errors";
import type { Call, Operation } from "../operation";
import type { Session } from "../sessions/store";
import { authenticate, type User } from "../users/authenticate";

/** The only way in: checks key and input, then reads the caller (and session) in one round trip, then runs. */
export async function invoke(operation: Operation, raw: unknown, call: Call): Promise<unknown> {
  const { key, tokenUid, ...rest } = call;
  if (operation.caller !== "anyone" && key === null) {
    throw new Failure("missing_key", "Send your key as `Authorization: Bearer <key>`.");
  }
  const input = parseInput(operation.input, raw);
  const caller = await openCaller(operation, input, key, call);
  if (tokenUid !== undefined && caller.user && caller.user.uid !== tokenUid) {
    throw new Failure("token_mismatch", "The Firebase token belongs to another user than the key.");
  }
  return operation.run({ ...rest, ...caller } as never, input as never);
}

type Opened = { user: User | null; session?: Session };

/** The key's user, and for session operations the session: another user's is not found by construction. */
async function openCaller(
  operation: Operation,
  input: Record<string, unknown>,
  key: string | null,
  { services, signal }: Call,
): Promise<Opened> {
  if (key === null) return { user: null };
  if (operation.caller !== "session") return authenticate(services, key, { signal });
  const ref = services.sessions.ref(String(input.session));
  const { user, also } = await authenticate(services, key, { signal, also: ref });
  const session = also ? services.sessions.find(also, services.now()) : null;
  if (session?.uid !== user.uid) throw notFound("session");
  return { user, session };
}

/** Parses input; every wrong field is named at once, the first one as `param`, values never repeated. */
function parseInput(schema: z.ZodObject, raw: unknown): Record<string, unknown> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({ field: [...issue.path, key].join("."), text: "is not a known field" }))
      : [{ field: issue.path.join(".") || "body", text: isMissing(issue) ? "is required" : issue.message }],
  );
  const message = problems.map(({ field, text }) => `${field}: ${text}`).join("; ");
  throw new Failure("invalid_request", message.slice(0, MAX_MESSAGE), {
    param: problems[0]?.field.slice(0, 100),
  });
}

const MAX_MESSAGE = 1_000;

const isMissing = (issue: z.core.$ZodIssue) => issue.code === "invalid_type" && issue.input === undefined;
