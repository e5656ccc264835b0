import type { Bot, Dials } from "../client/shapes";

export type ModelConfig = Dials & { model: string; max_tokens: number; second_check: boolean };

/** An assistant as `POST /bots` takes it and an export holds it. */
export type BotInput = {
  name: string;
  tag_line: string;
  description: string;
  session_type: string;
  initial_prompt: string;
  summary_prompt: string;
  model_config: ModelConfig;
};

/** An assistant as its creator sees it. */
export type OwnBot = Bot & BotInput & { warnings?: Warning[] };

export type Version = Pick<BotInput, "initial_prompt" | "summary_prompt" | "model_config"> & {
  version: number;
  current: boolean;
  created_at: string;
  sessions_started: number;
  sessions_ended: number;
};

export type Check = {
  model: string;
  attempts: number;
  estimated_cost_usd: number | null;
  cost_usd: number | null;
  results: CheckResult[];
};

/** One trick: whether the model fell for it, and whether the guard then held the reply back. */
export type CheckResult = {
  id: string;
  title: string;
  leaked: boolean;
  blocked: boolean;
  /** It could not be tried, which says nothing about the prompt. */
  error?: { code: string; message: string };
};

/** What its maker should know of a text that was just saved. */
export type Warning = { field: string; message: string };
