import { randomBytes } from "node:crypto";
import { type Binding, deriveKey, hmac, idFrom, open, seal, Tampered } from "./seal";

/** A user's data key, wrapped under one way in (a provider key or a recovery code). */
export type WrappedKey = {
  salt: Buffer;
  wrapped: Buffer;
  /** Which server secret it takes: its fingerprint. */
  secret?: string | undefined;
};

/**
 * Everything that needs the server secret. A data key (DEK) is random per user and stored only wrapped under a key
 * that takes both the server secret and the user's own provider key, so neither the database nor the secret opens a
 * conversation alone.
 * @param provider host of the upstream API: the same key at another provider is another user
 */
export function createVault(serverSecret: string, provider: string) {
  const promptKey = deriveKey(Buffer.from(serverSecret), Buffer.alloc(0), ["prompts/v1"]);

  return {
    ...wayIn(serverSecret, provider),

    /** Recovery codes open an account whichever provider the deployment talks to. */
    recovery: wayIn(serverSecret, "recovery", "code"),

    /** App keys open the data key of a principal of their own. */
    app: {
      ...wayIn(serverSecret, "app", "key"),

      /** The seed of an app key's pair (protection/hpke.ts): it takes the key and the server secret. */
      seed: (key: string, id: string): Buffer =>
        deriveKey(hmac(serverSecret, "app-pair/v1", key), Buffer.alloc(0), ["hpke/v1", id]),

      /** An app key's data key, sealed for the creator. @param dek the creator's */
      sealEscrow: (dek: Buffer, appDek: Buffer, id: string): Buffer =>
        seal(escrowKey(dek), appDek, ["app-dek/v1", id]),

      /** @throws Tampered */
      openEscrow: (dek: Buffer, sealed: Buffer, id: string): Buffer =>
        open(escrowKey(dek), sealed, ["app-dek/v1", id]),
    },

    /** Which server secret this is, without telling anything of it. */
    fingerprint: fingerprintOf(serverSecret),

    newDataKey: (): Buffer => randomBytes(32),

    /** Prompts are sealed under the server secret: the people who talk to an assistant must not hold them. */
    sealPrompts: (path: string, prompts: unknown): Buffer => seal(promptKey, JSON.stringify(prompts), [path]),

    openPrompts: (path: string, sealed: Buffer): unknown =>
      JSON.parse(open(promptKey, sealed, [path]).toString()),
  };
}

/** One kind of secret that opens a user's data key; the same secret of another kind is another way in. */
function wayIn(serverSecret: string, ...kind: string[]) {
  const kek = (secret: string, uid: string, salt: Buffer) =>
    deriveKey(hmac(serverSecret, "kek/v1", ...kind, secret), salt, ["kek/v1", uid]);
  return {
    /** The document id under which a way in is found; one way, unique per secret. */
    lookup: (secret: string): string => hmac(serverSecret, "lookup/v1", ...kind, secret).toString("hex"),

    wrap(dek: Buffer, secret: string, uid: string): WrappedKey {
      const salt = randomBytes(32);
      const wrapped = seal(kek(secret, uid, salt), dek, ["dek/v1", uid]);
      return { salt, wrapped, secret: fingerprintOf(serverSecret) };
    },

    /** @throws Tampered */
    unwrap: ({ salt, wrapped }: WrappedKey, secret: string, uid: string): Buffer =>
      open(kek(secret, uid, salt), wrapped, ["dek/v1", uid]),
  };
}

const fingerprintOf = (serverSecret: string) =>
  hmac(serverSecret, "fingerprint/v1").toString("hex").slice(0, 12);

export type Vault = ReturnType<typeof createVault>;

const escrowKey = (dek: Buffer): Buffer => deriveKey(dek, Buffer.alloc(0), ["app-escrow/v1"]);

/**
 * The data key of one visitor of a page: it takes the publishable key's own data key and a secret that only the
 * visitor's browser holds, so that nobody else opens it, the creator included.
 */
export const visitorKey = (dek: Buffer, secret: Buffer, uid: string): Buffer =>
  deriveKey(dek, secret, ["visitor/v1", uid]);

/** The visitor's part of a session's id: by it one visitor's sessions are not found by another. */
export const visitorTag = (visitorDek: Buffer): string =>
  idFrom(hmac(visitorDek, "visitor-tag/v1")).slice(0, 10);

/** The newest vault, which seals, and which opens prompts that any of them has sealed. */
export const newestOf = (vaults: readonly [Vault, ...Vault[]]): Vault => ({
  ...vaults[0],
  openPrompts: (path, sealed) => openAny(vaults, path, sealed),
});

function openAny([vault, ...earlier]: readonly [Vault, ...Vault[]], path: string, sealed: Buffer): unknown {
  try {
    return vault.openPrompts(path, sealed);
  } catch (error) {
    const [next, ...rest] = earlier;
    if (!next || !(error instanceof Tampered)) throw error;
    return openAny([next, ...rest], path, sealed);
  }
}

/**
 * One session's subkey: seals its messages, context and recap, bound to their place, and names its turns.
 * The binding holds uid, session, epoch, seq, role and attempt, so a moved or swapped ciphertext does not open.
 */
export function createSessionVault(dek: Buffer, uid: string, sessionId: string) {
  const key = deriveKey(dek, Buffer.alloc(0), ["session/v1", uid, sessionId]);
  const macKey = deriveKey(dek, Buffer.alloc(0), ["session-mac/v1", uid, sessionId]);
  const bind = (place: Binding): Binding => [uid, sessionId, ...place];
  return {
    seal: (text: string, ...place: Binding): Buffer => seal(key, text, bind(place)),
    /** @throws Tampered */
    open: (sealed: Buffer, ...place: Binding): string => open(key, sealed, bind(place)).toString(),
    /** A keyed fingerprint: equal bodies are recognised, and a short one cannot be guessed from the database. */
    mac: (...parts: Binding): Buffer => hmac(macKey, ...parts),
  };
}

export type SessionVault = ReturnType<typeof createSessionVault>;

/** Session ids made from an Idempotency-Key, so that a repeated create meets the first. */
export const derivedId = (dek: Buffer, ...parts: Binding): string =>
  idFrom(hmac(deriveKey(dek, Buffer.alloc(0), ["ids/v1"]), ...parts));
