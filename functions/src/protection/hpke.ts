import { type Binding, encodeParts, Tampered } from "./seal";

/** Length of the encapsulated secret that stands before the ciphertext (X25519). */
const ENCAPSULATED = 32;

type Suite = InstanceType<typeof import("hpke")["CipherSuite"]>;
let loaded: Promise<Suite> | undefined;

/** Loaded on first use: a process that meets no app key does without. */
function suite(): Promise<Suite> {
  loaded ??= import("hpke").then(
    (hpke) =>
      new hpke.CipherSuite(hpke.KEM_DHKEM_X25519_HKDF_SHA256, hpke.KDF_HKDF_SHA256, hpke.AEAD_AES_256_GCM),
  );
  return loaded;
}

/** The public half of the pair that a 32-byte seed stands for (RFC 9180 7.1.3). */
export async function publicKeyOf(seed: Buffer): Promise<Buffer> {
  const hpke = await suite();
  const { publicKey } = await hpke.DeriveKeyPair(seed, true);
  return Buffer.from(await hpke.SerializePublicKey(publicKey));
}

/**
 * Seals a text so that only who has the seed opens it: HPKE in base mode (RFC 9180), X25519 with HKDF-SHA-256 and
 * AES-256-GCM. @param binding authenticated, not stored @returns encapsulated secret ‖ ciphertext
 */
export async function sealTo(publicKey: Buffer, text: string, binding: Binding): Promise<Buffer> {
  const hpke = await suite();
  const key = await hpke.DeserializePublicKey(new Uint8Array(publicKey));
  const aad = new Uint8Array(encodeParts(binding));
  const { encapsulatedSecret, ciphertext } = await hpke.Seal(key, new TextEncoder().encode(text), { aad });
  return Buffer.concat([encapsulatedSecret, ciphertext]);
}

/** The inverse of `sealTo`. @throws Tampered */
export async function openSealed(seed: Buffer, sealed: Buffer, binding: Binding): Promise<string> {
  const hpke = await suite();
  const { privateKey } = await hpke.DeriveKeyPair(seed);
  try {
    const bytes = new Uint8Array(sealed);
    const aad = new Uint8Array(encodeParts(binding));
    const [secret, ciphertext] = [bytes.slice(0, ENCAPSULATED), bytes.slice(ENCAPSULATED)];
    return new TextDecoder().decode(await hpke.Open(privateKey, secret, ciphertext, { aad }));
  } catch {
    throw new Tampered();
  }
}
