import { createPrivateKey, createPublicKey } from "node:crypto";
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

/** What stands before the 32 bytes of an X25519 private key in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from("302e020100300506032b656e04220420", "hex");

/** The public half of the X25519 pair whose private half is a seed of 32 bytes: any are a private key (RFC 7748 5). */
export function publicKeyOf(seed: Buffer): Buffer {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
  return createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-seed.length);
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
  const publicKey = await hpke.DeserializePublicKey(new Uint8Array(publicKeyOf(seed)));
  const privateKey = await hpke.DeserializePrivateKey(new Uint8Array(seed));
  try {
    const bytes = new Uint8Array(sealed);
    const aad = new Uint8Array(encodeParts(binding));
    const [secret, ciphertext] = [bytes.slice(0, ENCAPSULATED), bytes.slice(ENCAPSULATED)];
    return new TextDecoder().decode(await hpke.Open({ publicKey, privateKey }, secret, ciphertext, { aad }));
  } catch {
    throw new Tampered();
  }
}
