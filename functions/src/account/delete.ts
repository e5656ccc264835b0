import { z } from "zod";
import { operation } from "../operation";
import type { Services } from "../services";
import { contend } from "./contend";
import { closeAccount, removeBuried } from "./move";

/** Accounts whose cut-off removal one call finishes. */
const LEFTOVERS = 20;

export const deleteUser = operation({
  name: "users.delete",
  route: "DELETE /me",
  summary:
    "Delete the account with its sessions, usage, assistants and app keys. The key starts afresh afterwards.",
  caller: "user",
  input: z.strictObject({}),
  output: z
    .object({ id: z.string(), object: z.literal("user"), deleted: z.literal(true) })
    .meta({ id: "UserDeleted" }),
  errors: ["account_busy"],
  run: async ({ services, user }) => {
    await deleteAccount(services, user.uid);
    await finishDeletions(services);
    return { id: user.uid, object: "user" as const, deleted: true as const };
  },
});

/**
 * Deletes an account: one batch closes every way in (what is left is noise from then on) and leaves a tombstone, then
 * its data is removed. An account that is not there any more only has its data removed.
 */
async function deleteAccount(services: Services, uid: string): Promise<void> {
  const { access, firestore } = services;
  const closed = await contend(async () => {
    const account = await access.read(uid);
    if (!account) return [uid];
    const batch = firestore.batch();
    const uids = await closeAccount(services, batch, account);
    await batch.commit();
    return uids;
  });
  for (const one of closed) await removeBuried(services, one);
}

/** Removes what deletions that were cut off have left; called with every deletion and when a server starts. */
export async function finishDeletions(services: Services): Promise<void> {
  for (const uid of await services.accounts.buried(LEFTOVERS)) await removeBuried(services, uid);
}
