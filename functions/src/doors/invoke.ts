import type { z } from "zod";
import { Failure, notFound } from "../errors";
import type { Call, Operation } from "../operation";
import { isOwn } from "../sessions/owner";
import type { Session } from "../sessions/store";
import { checkOrigin, notAllowed } from "../users/app-key-access";
import { fund } from "../users/app-key-funding";
import { authenticate, type User } from "../users/authenticate";

/** The only way in: checks key and input, then reads the caller (and session) in one round trip, then runs. */
export async function invoke(operation: Operation, raw: unknown, call: Call): Promise<unknown> {
  const { key, tokenUid, visitorSecret: _, origin: __, allowOrigin: ___, ...rest } = call;
  if (operation.caller !== "anyone" && key === null) {
    throw new Failure("missing_key", "Send your key as `Authorization: Bearer <key>`.");
  }
  const input = parseInput(operation.input, raw);
  const caller = await openCaller(operation, input, key, call);
  if (tokenUid !== undefined && caller.user && caller.user.uid !== tokenUid) {
    throw new Failure("token_mismatch", "The Firebase token belongs to another user than the key.");
  }
  const { services, settled } = fund(call.services, caller.user);
  try {
    return await operation.run({ ...rest, ...caller, services } as never, input as never);
  } finally {
    await settled();
  }
}

type Opened = { user: User | null; session?: Session };

/** The key's user, and for session operations the session: another user's is not found by construction. */
async function openCaller(
  operation: Operation,
  input: Record<string, unknown>,
  key: string | null,
  call: Call,
): Promise<Opened> {
  if (key === null) return { user: null };
  const { services, signal, visitorSecret } = call;
  const ref = operation.caller === "session" ? services.sessions.ref(String(input.session)) : undefined;
  const { user, also } = await authenticate(services, key, { signal, also: ref, visitorSecret });
  admit(operation, user, call);
  if (operation.caller !== "session") return { user };
  const session = also ? services.sessions.find(also, services.now()) : null;
  if (!isOwn(user, session)) throw notFound("session");
  return { user, session };
}

/** What an app key may call, and from where. @throws Failure not_allowed_for_app_key, origin_not_allowed */
function admit({ appKeys }: Operation, user: User, { origin, allowOrigin }: Call): void {
  if (!user.appKey) return;
  checkOrigin(user, origin);
  if (origin !== undefined && user.appKey.origins.includes(origin)) allowOrigin?.(origin);
  if (appKeys === "all" || (appKeys === "secret" && user.appKey.kind === "secret")) return;
  throw notAllowed("An app key cannot do this.");
}

/** Parses input; every wrong field is named at once, the first one as `param`, values never repeated. */
function parseInput(schema: z.ZodObject, raw: unknown): Record<string, unknown> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .flatMap(unfold)
    .flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({ field: [...issue.path, key].join("."), text: "is not a known field" }))
        : [{ field: issue.path.join(".") || "body", text: isMissing(issue) ? "is required" : issue.message }],
    );
  const message = problems.map(({ field, text }) => `${field}: ${text}`).join("; ");
  throw new Failure("invalid_request", message.slice(0, MAX_MESSAGE), {
    param: problems[0]?.field.slice(0, 100),
  });
}

/** Of several shapes that a value may have, the one that was meant: whose first problem lies deepest. */
function unfold(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const shapes = issue.errors.map((issues) => issues.flatMap(unfold));
  const depth = (issues: z.core.$ZodIssue[]) => Math.max(0, ...issues.map(({ path }) => path.length));
  const meant = shapes.reduce((best, one) => (depth(one) > depth(best) ? one : best), []);
  return meant.length === 0
    ? [issue]
    : meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

const MAX_MESSAGE = 1_000;

const isMissing = (issue: z.core.$ZodIssue) => issue.code === "invalid_type" && issue.input === undefined;
