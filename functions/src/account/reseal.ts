import { FieldPath, type QueryDocumentSnapshot } from "firebase-admin/firestore";
import { Tampered } from "../protection/seal";
import type { Vault } from "../protection/vault";
import type { Services } from "../services";
import { isConflict } from "../users/store";

/** Collections whose documents hold prompts, sealed under the server secret. */
const SEALED = ["versions", "sessions", "labs"] as const;
const PAGE = 100;

export type Resealed = {
  resealed: number;
  /** Prompts that none of the secrets opens. */
  damaged: number;
  /** Keys and recovery codes that were not used since: they take an earlier secret. */
  keysLeft: number;
};

/**
 * Seals all prompts under the newest server secret. Safe to run again and beside a running service; afterwards only the
 * keys that were not used since still need an earlier secret.
 */
export async function resealPrompts({ firestore, vault, vaults }: Services): Promise<Resealed> {
  const done = { resealed: 0, damaged: 0 };
  for (const name of SEALED) {
    const all = firestore.collectionGroup(name).select("prompts").orderBy(FieldPath.documentId()).limit(PAGE);
    for (let page = (await all.get()).docs; page.length > 0; ) {
      for (const snapshot of page) await reseal(snapshot, vaults, done);
      page = (await all.startAfter(page.at(-1)).get()).docs;
    }
  }
  const keys = firestore.collection("keys");
  const [total, newest] = await Promise.all([
    keys.count().get(),
    keys.where("secret", "==", vault.fingerprint).count().get(),
  ]);
  return { ...done, keysLeft: total.data().count - newest.data().count };
}

async function reseal(
  snapshot: QueryDocumentSnapshot,
  vaults: Vault[],
  done: { resealed: number; damaged: number },
) {
  const sealed = snapshot.get("prompts") as Buffer;
  const { ref } = snapshot;
  if (sealed.length === 0) return; // an imported conversation whose assistant is not here
  const opened = vaults.map((vault) => tryOpen(vault, ref.path, sealed));
  if (opened[0]) return;
  const prompts = opened.find((one) => one !== null);
  if (!prompts) {
    done.damaged++;
    return;
  }
  await ref.update({ prompts: vaults[0]?.sealPrompts(ref.path, prompts) }).catch((error) => {
    if (!isConflict(error)) throw error; // deleted meanwhile
  });
  done.resealed++;
}

function tryOpen(vault: Vault, path: string, sealed: Buffer): unknown {
  try {
    return vault.openPrompts(path, sealed);
  } catch (error) {
    if (error instanceof Tampered) return null;
    throw error;
  }
}
