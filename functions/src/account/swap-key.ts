import { z } from "zod";
import { Failure } from "../errors";
import { type Context, operation } from "../operation";
import { checkNewKey } from "../users/authenticate";
import { Me, readUser } from "../users/operations";
import { moveAccount } from "./move";

export const newKey = z.string().max(512).describe("Another provider key; it alone is checked upstream.");

const swapped = () => new Failure("invalid_key", "This key was replaced by another one.");

export const swapKey = operation({
  name: "users.swap_key",
  route: "POST /me/key",
  summary: "Open the account by another provider key from now on; the old one opens it no more.",
  caller: "user",
  input: z.strictObject({ new_key: newKey }),
  output: Me,
  errors: ["key_in_use", "account_busy"],
  run: async (context, { new_key }) => {
    const { services, user, signal } = context;
    const shown = user.lookup;
    if (new_key === user.apiKey) {
      throw new Failure("invalid_request", "new_key: is the key you came with", { param: "new_key" });
    }
    const models = await checkNewKey(services, new_key, signal);
    const uid = (await swappedBefore(context, new_key, shown)) ?? user.uid;
    if (uid === user.uid) {
      await moveAccount(services, { uid, dek: user.dek, newKey: new_key, models, shown, closed: swapped });
    }
    return { user: await readUser(services, uid), models };
  },
});

/**
 * The account, where this very swap was made before and its answer got lost: the old key, which opens nothing any
 * more, has signed in afresh by being sent again, and the caller holds both keys.
 */
async function swappedBefore({ services, user }: Context<"user">, newKey: string, shown: string) {
  const [there] = await services.access.readKeys(services.vault.lookup(newKey));
  if (there?.record.replaces !== shown) return null;
  return (await services.accounts.isEmpty(user.uid)) ? there.record.uid : null;
}
