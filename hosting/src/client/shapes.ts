/** What the API sends, as far as this front end reads it. Field names are the API's own. */
type User = {
  id: string;
  created_at: string;
  sessions_started: number;
  sessions_ended: number;
  bots_created: number;
};

export type SignedIn = { user: User; models: string[]; is_new?: boolean };

export type Bot = {
  id: string;
  name: string;
  tag_line: string;
  description: string;
  active: boolean;
  version: number;
  sessions_started: number;
  mine: boolean;
};

/** A model that the visitor's key may use. */
export type Model = {
  id: string;
  /** In tokens. */
  context_window: number;
  max_output_tokens: number;
  reasoning: boolean;
  accepted_parameters: string[];
  /** Whether the window is a fact; else it is a cautious guess. */
  known: boolean;
  /** Dollars per million tokens; null where not known. */
  prices: { input: number; cached_input: number; output: number } | null;
};

export type Usage = {
  input_tokens: number;
  cached_tokens: number;
  output_tokens: number;
  /** Dollars; null where the model has no known price. */
  cost_usd: number | null;
  estimated?: boolean;
};

type SessionStatus = "active" | "completed" | "abandoned_by_user" | "abandoned_by_system" | "failed_upstream";

export type Session = {
  id: string;
  /** The assistant as it was at the start; null for a session of the lab. */
  bot: { id: string; version: number; name: string; tag_line: string } | null;
  model: string;
  /** The assistant's own model, where the key may not use it and `model` answers instead. */
  fallback_from: string | null;
  status: SessionStatus;
  liked: boolean | null;
  recap: string | null;
  message_count: number;
  usage: Usage;
  created_at: string;
  updated_at: string;
};

export type Message = {
  id: string;
  role: "user" | "assistant";
  content: string;
  created_at: string;
  state: "complete" | "pending" | "interrupted" | "blocked" | "superseded";
  model?: string;
  usage?: Usage;
  /** Of the visitor's words: what the provider's check found. */
  moderation?: Moderation;
  /** Of the visitor's words: they read like an attempt to get at the prompt. */
  injection_suspected?: boolean;
  /** Of a reply: it would have given the prompt away and was held back. */
  leak_blocked?: boolean;
  /** Of a reply: from here on the assistant goes by a summary of what was said long before. */
  context_condensed?: boolean;
  /** The conversation was cleared after it: the assistant does not remember it. */
  cleared?: boolean;
};

export type Moderation = { flagged: boolean; categories: string[] };

export type Reply = {
  message_id: string;
  session: Session;
  reply: string;
  model: string;
  usage: Usage;
  user_message_id?: string;
  /** The reply would have given the prompt away: `reply` says sorry, and replaces what was shown. */
  leak_blocked: boolean;
  context_condensed: boolean;
  /** Null where it was not checked. */
  moderation: Moderation | null;
  injection_suspected: boolean;
};

type Named = { id: string; name: string; description: string };

/** The dials of a model, as far as it has them. */
export type Dials = {
  temperature: number;
  top_p: number;
  frequency_penalty: number;
  presence_penalty: number;
};

export type Presets = {
  stream_base: string | null;
  demo_key: string | null;
  session_types: Named[];
  personalities: (Named & Dials)[];
  /** Characters at most, by field. */
  limits: Record<string, number>;
};

export type List<T> = { data: T[]; has_more: boolean; next_cursor: string | null };
