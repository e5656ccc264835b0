import type { DocumentReference, DocumentSnapshot } from "firebase-admin/firestore";
import { Failure } from "../errors";
import { openSealed } from "../protection/hpke";
import { Tampered } from "../protection/seal";
import { type Vault, visitorKey } from "../protection/vault";
import type { Services } from "../services";
import { providerKeyOf, readAppKey } from "./app-key";
import type { AppKey } from "./app-key-store";
import type { User } from "./authenticate";
import { renewAppKey } from "./renew-key";
import { type KeyRecord, parseKey, refuseSuspended } from "./store";

/** The same answer for a key that was revoked, rotated, has expired or never was. */
const invalid = () => new Failure("invalid_key", "This app key is not valid.");

type Options = { also?: DocumentReference | undefined; visitorSecret?: string | undefined };

/**
 * Opens an app key: it names its settings, so its way in, they and one more document are one round trip.
 * @throws Failure invalid_key, key_refused (suspended)
 */
export async function openAppKey(
  services: Services,
  key: string,
  { also: further, visitorSecret }: Options,
): Promise<{ user: User; also: DocumentSnapshot | undefined }> {
  const { firestore, users, appKeys, vaults, now } = services;
  const named = readAppKey(key);
  if (!named) throw invalid();
  const refs = vaults.map(({ app }) => users.keyRef(app.lookup(key)));
  const [settings, ...others] = await firestore.getAll(
    appKeys.ref(named.id),
    ...refs,
    ...(further ? [further] : []),
  );
  const appKey = settings ? appKeys.parse(settings) : null;
  const at = refs.findIndex(({ id }) => id === appKey?.lookup);
  const [way, vault] = [others[at], vaults[at]];
  const record = way ? parseKey(way) : null;
  if (!record || !vault || !appKey || appKey.kind !== named.kind) throw invalid();
  if (appKey.expiresAt && appKey.expiresAt <= now()) throw invalid();
  refuseSuspended(record);
  const opened = await open(vault, key, record, appKey);
  await renewAppKey(services, appKey, { key, ...opened });
  return { user: principal(appKey, opened, visitorSecret), also: others[refs.length] };
}

/** What an app key opens: its own data key, and the provider key that pays. */
async function open(
  vault: Vault,
  key: string,
  record: KeyRecord,
  { id, sealed }: AppKey,
): Promise<{ dek: Buffer; apiKey: string }> {
  try {
    const dek = vault.app.unwrap(record, key, id);
    return { dek, apiKey: await openSealed(vault.app.seed(key, id), sealed, providerKeyOf(id)) };
  } catch (error) {
    if (error instanceof Tampered) throw invalid();
    throw error;
  }
}

function principal(
  appKey: AppKey,
  { dek, apiKey }: { dek: Buffer; apiKey: string },
  visitorSecret: string | undefined,
): User {
  const { id: uid, models, lookup } = appKey;
  const caller = { uid, apiKey, lookup, models, paused: {}, isNew: false, appKey };
  if (appKey.kind === "publishable") return visitor(caller, dek, visitorSecret);
  refuseVisitor(visitorSecret);
  return { ...caller, dek };
}

/**
 * Everyone who visits a page shares its key, so that key's data key opens nothing: what is stored is sealed under a key
 * that takes the visitor's own secret too. Who brings none can do all that stores nothing.
 */
function visitor(caller: Omit<User, "dek">, dek: Buffer, secret: string | undefined): User {
  const own = secret === undefined ? null : visitorKey(dek, readSecret(secret), caller.uid);
  return {
    ...caller,
    get dek(): Buffer {
      if (own) return own;
      throw new Failure("invalid_request", `${VISITOR}: is required to talk with a publishable key`, {
        param: VISITOR,
      });
    },
  };
}

const VISITOR = "X-Visitor-Secret";

/** Whoever takes another key's sessions for the visitor's own is told. @throws Failure invalid_request */
export function refuseVisitor(secret: string | undefined): void {
  if (secret === undefined) return;
  throw new Failure("invalid_request", `${VISITOR}: is for publishable keys`, { param: VISITOR });
}

/** 32 random bytes in base64url, as one browser keeps them. */
function readSecret(secret: string): Buffer {
  if (/^[A-Za-z0-9_-]{43}$/.test(secret)) return Buffer.from(secret, "base64url");
  throw new Failure("invalid_request", `${VISITOR}: must be 32 bytes in base64url`, { param: VISITOR });
}

/** A page's origin must be one of a publishable key's; who sends none is no browser. @throws Failure origin_not_allowed */
export function checkOrigin({ appKey }: User, origin: string | undefined): void {
  if (appKey?.kind !== "publishable" || origin === undefined || appKey.origins.includes(origin)) return;
  throw new Failure("origin_not_allowed", "This app key may not be used on this page.");
}

/** Whether a caller may use an assistant: an app key those it names, or else its creator's. */
export function mayUseBot(user: User | null, bot: { id: string; creator: string }): boolean {
  if (!user?.appKey) return true;
  const { bots, creator } = user.appKey;
  return bots.length > 0 ? bots.includes(bot.id) : bot.creator === creator;
}

/** Plain models and the lab are for app keys that nobody limited to assistants. */
export const mayUsePlainModels = ({ appKey }: User): boolean =>
  !appKey || (appKey.kind === "secret" && appKey.bots.length === 0);

/** @throws Failure not_allowed_for_app_key */
export function requirePlainModels(user: User): void {
  if (!mayUsePlainModels(user)) throw notAllowed("This app key is for its assistants only.");
}

/** The model is the assistant's own where anybody could ask for a dearer one. @throws Failure not_allowed_for_app_key */
export function requireModelChoice({ appKey }: User): void {
  if (appKey?.kind === "publishable") throw notAllowed("This app key cannot choose a model.", "model");
}

export const notAllowed = (text: string, param?: string) =>
  new Failure("not_allowed_for_app_key", text, { param });
