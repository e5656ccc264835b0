import { type DocumentSnapshot, FieldPath, type Query, Timestamp } from "firebase-admin/firestore";
import { z } from "zod";
import { Failure } from "./errors";

export type Paging = { limit: number; cursor?: string | undefined };
export type Page<T> = { data: T[]; nextCursor: string | null };

/** Input fields of every listing. */
export const pagingInput = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(200).optional().describe("`next_cursor` of the page before."),
};

/** Output of every listing, in OpenAI's shape. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({
    object: z.literal("list"),
    data: z.array(item),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  });

export const showPage = <T, O>({ data, nextCursor }: Page<T>, show: (item: T) => O) => ({
  object: "list" as const,
  data: data.map(show),
  has_more: nextCursor !== null,
  next_cursor: nextCursor,
});

const position = z.tuple([
  z.int(),
  z.int().min(0).max(999_999_999),
  z.string().regex(/^(?!__)[A-Za-z0-9_]{1,100}$/),
]);

/** One page of a query ordered by `created_at`, newest first; one read more than asked tells whether more follow. */
export async function paginate<T>(
  query: Query,
  { limit, cursor }: Paging,
  parse: (snapshot: DocumentSnapshot) => T,
): Promise<Page<T>> {
  let ordered = query.orderBy(FieldPath.documentId(), "desc");
  if (cursor) ordered = ordered.startAfter(...decode(cursor));
  const { docs } = await ordered.limit(limit + 1).get();
  const last = docs[limit - 1];
  return {
    data: docs.slice(0, limit).map(parse),
    nextCursor: docs.length > limit && last ? encode(last) : null,
  };
}

function encode(snapshot: DocumentSnapshot): string {
  const at = snapshot.get("created_at") as Timestamp;
  return Buffer.from(JSON.stringify([at.seconds, at.nanoseconds, snapshot.id])).toString("base64url");
}

function decode(cursor: string): [Timestamp, string] {
  try {
    const [seconds, nanoseconds, id] = position.parse(
      JSON.parse(Buffer.from(cursor, "base64url").toString()),
    );
    return [new Timestamp(seconds, nanoseconds), id];
  } catch {
    throw new Failure("invalid_request", "cursor: is not one of ours", { param: "cursor" });
  }
}
