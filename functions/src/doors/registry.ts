import { createBot, getBot, listBots } from "../bots/operations";
import type { Operation } from "../operation";
import { clear, rate, remove } from "../sessions/manage";
import { create, end, get, list, messages, respond } from "../sessions/operations";
import { getUser, signInOperation } from "../users/operations";
import { health, presets } from "./service-operations";

/** The public surface on one screen: REST routes, callables and the OpenAPI document are made from this list. */
export const REGISTRY: readonly Operation[] = [
  signInOperation,
  getUser,
  listBots,
  getBot,
  createBot,
  create,
  list,
  get,
  respond,
  messages,
  end,
  rate,
  clear,
  remove,
  presets,
  health,
];

/** The modules of the original; one callable function each. */
export const MODULES = ["users", "bots", "sessions"] as const;
export type Module = (typeof MODULES)[number];
