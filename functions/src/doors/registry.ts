import { createAppKey, revokeAppKey, rotateAppKey } from "../account/app-keys";
import { deleteUser } from "../account/delete";
import { exportAccount } from "../account/export";
import { importSession } from "../account/import";
import { createRecoveryCode, recover } from "../account/recovery";
import { swapKey } from "../account/swap-key";
import { deleteBot, updateBot } from "../bots/change";
import { duplicateBot, exportBot } from "../bots/copies";
import { createBot, getBot, listBots } from "../bots/operations";
import { listVersions, restoreVersion } from "../bots/versions";
import type { Operation } from "../operation";
import { chatCompletions } from "../sessions/chat";
import { checkBot } from "../sessions/check";
import { end } from "../sessions/end";
import { clear, rate, remove, transcript } from "../sessions/manage";
import { create, get, list, messages } from "../sessions/operations";
import { respond } from "../sessions/respond";
import { createResponse, deleteResponse, getResponse, listInputItems } from "../sessions/responses";
import { listAppKeys, updateAppKey } from "../users/app-keys";
import { getUser, signInOperation } from "../users/operations";
import { getUsage } from "../users/usage";
import { health } from "./health";
import { getModel, listModels } from "./models";
import { presets } from "./service-operations";

/** The public surface on one screen: REST routes, callables, MCP tools and the OpenAPI document are made of it. */
export const REGISTRY: readonly Operation[] = [
  signInOperation,
  getUser,
  getUsage,
  swapKey,
  createRecoveryCode,
  recover,
  exportAccount,
  importSession,
  deleteUser,
  createAppKey,
  listAppKeys,
  updateAppKey,
  rotateAppKey,
  revokeAppKey,
  listBots,
  getBot,
  createBot,
  updateBot,
  deleteBot,
  listVersions,
  restoreVersion,
  exportBot,
  duplicateBot,
  checkBot,
  create,
  list,
  get,
  respond,
  messages,
  end,
  rate,
  clear,
  transcript,
  remove,
  chatCompletions,
  createResponse,
  getResponse,
  deleteResponse,
  listInputItems,
  listModels,
  getModel,
  presets,
  health,
];

/** The modules of the original; one callable function each. */
export const MODULES = ["users", "bots", "sessions"] as const;
export type Module = (typeof MODULES)[number];
