import type { z } from "zod";
import type { FailureCode } from "./errors";
import type { Services } from "./services";
import type { Session } from "./sessions/store";
import type { User } from "./users/authenticate";

/** Who calls, as a door saw it. */
export type Call = {
  services: Services;
  /** The Bearer key, unchecked; null where none came along. */
  key: string | null;
  /** The user of a verified Firebase ID token, which must be the key's. */
  tokenUid?: string | undefined;
  /** What a page's visitor shows, with a publishable app key. */
  visitorSecret?: string | undefined;
  /** The page that a browser says it calls from; every door has to tell. */
  origin: string | undefined;
  /** Tells the door that the page may read the answer. */
  allowOrigin?: ((origin: string) => void) | undefined;
  idempotencyKey?: string | undefined;
  requestId: string;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
  /** Receives the reply's text piece by piece; absent where the caller wants it whole. */
  onDelta?: ((text: string) => void) | undefined;
  /** Receives pieces that are more than text, where a door has a wire for them. */
  onPart?: ((part: object) => void) | undefined;
};

/** What each kind of caller brings: nobody, a user, or a user together with the session the input names. */
type Callers = {
  anyone: { user: User | null };
  user: { user: User };
  session: { user: User; session: Session };
};

type DoorsOwn = "key" | "tokenUid" | "visitorSecret" | "origin" | "allowOrigin";
export type Context<K extends keyof Callers = keyof Callers> = Omit<Call, DoorsOwn> & Callers[K];

export type OperationSpec<K extends keyof Callers, I extends z.ZodType, O extends z.ZodType> = {
  /** `module.verb`, as callables and MCP name it. */
  name: `${string}.${string}`;
  /** Method and path under /v1; names in braces are input fields. */
  route: `${"GET" | "POST" | "PATCH" | "DELETE"} /${string}`;
  summary: string;
  caller: K;
  /** Which app keys may call it; none, unless it says so. */
  appKeys?: "secret" | "all";
  input: I;
  output: O;
  /** Failures of its own; what every operation can answer is added by the document. */
  errors: readonly FailureCode[];
  /** Whether the reply can come as server-sent events, and takes an Idempotency-Key. */
  streams?: boolean;
  /** Whether it takes an Idempotency-Key without streaming in our own framing. */
  idempotent?: boolean;
  /** Whether the output is a file: REST sends its content as such, a callable its fields. */
  file?: boolean;
  /** Makes it a tool for language models too: its title for people, and what a model must know to use it well. */
  tool?: { title: string; description: string; idempotent?: true };
  run: (context: Context<K>, input: z.output<I>) => Promise<z.input<O>>;
};

/** An operation with its types erased, as the registry and the doors hold it. */
export type Operation = Omit<OperationSpec<keyof Callers, z.ZodObject, z.ZodType>, "run"> & {
  run: (context: never, input: never) => Promise<unknown>;
};

/** Defines an operation once; REST route, callable, OpenAPI entry and tool are made from it. */
export const operation = <K extends keyof Callers, I extends z.ZodObject, O extends z.ZodType>(
  spec: OperationSpec<K, I, O>,
): Operation => spec as unknown as Operation;
