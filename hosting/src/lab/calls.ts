import { listModels, presets } from "../client/api";
import { call } from "../client/http";
import { key } from "../client/key";
import type { List, Model, Presets } from "../client/shapes";
import type { BotInput, Check, OwnBot, Version } from "./shapes";

const path = (bot: string, rest = "") => `/bots/${encodeURIComponent(bot)}${rest}`;

/** What the lab works with: the server's presets and the models of the visitor's key. */
export type Kit = { presets: Presets; models: Model[] };

let last: Kit | undefined;
key.subscribe(() => {
  last = undefined;
});

/** The kit as it was last fetched with this key, so that coming back is not a wait. */
export const knownKit = () => last;

export async function loadKit(): Promise<Kit> {
  const [given, models] = await Promise.all([presets(), listModels()]);
  last = { presets: given, models };
  return last;
}

export const createBot = (input: BotInput) => call<OwnBot>("POST", "/bots", input);
export const changeBot = (bot: string, input: BotInput) => call<OwnBot>("PATCH", path(bot), input);
export const deleteBot = (bot: string) => call<unknown>("DELETE", path(bot));
export const duplicateBot = (bot: string, name: string) =>
  call<OwnBot>("POST", path(bot, "/duplicate"), { name });
export const exportBot = (bot: string) => call<BotInput>("GET", path(bot, "/export"));

export const listVersions = (bot: string, cursor: string | null) =>
  call<List<Version>>("GET", path(bot, `/versions${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`));
export const restoreVersion = (bot: string, version: number) =>
  call<OwnBot>("POST", path(bot, `/versions/${version}/restore`), {});

/** Tries known tricks on an assistant; with `estimate` only says what that would cost. */
export const checkBot = (bot: string, estimate: boolean) =>
  call<Check>("POST", path(bot, "/check"), estimate ? { estimate } : {});
