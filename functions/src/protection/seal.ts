import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

/** What a ciphertext is bound to; opening it anywhere else fails. */
export type Binding = readonly (string | number)[];

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Raised when a ciphertext was changed, moved or belongs to another key. */
export class Tampered extends Error {
  constructor() {
    super("ciphertext does not open");
    this.name = "Tampered";
  }
}

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce.
 * @param key 32 bytes @param binding authenticated, not stored
 * @returns version byte ‖ nonce ‖ ciphertext ‖ 16-byte tag
 */
export function seal(key: Buffer, text: string | Buffer, binding: Binding): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(encodeParts(binding));
  const body = Buffer.concat([
    cipher.update(typeof text === "string" ? Buffer.from(text) : text),
    cipher.final(),
  ]);
  return Buffer.concat([Buffer.of(VERSION), iv, body, cipher.getAuthTag()]);
}

/** The inverse of `seal`. @throws Tampered */
export function open(key: Buffer, sealed: Buffer, binding: Binding): Buffer {
  if (sealed.length < 1 + IV_BYTES + TAG_BYTES || sealed[0] !== VERSION) throw new Tampered();
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, 1 + IV_BYTES));
    decipher.setAAD(encodeParts(binding));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const body = sealed.subarray(1 + IV_BYTES, sealed.length - TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    throw new Tampered();
  }
}

/** HMAC-SHA-256 over parts whose boundaries count: ("ab", "c") and ("a", "bc") differ. */
export function hmac(key: string | Buffer, ...parts: Binding): Buffer {
  return createHmac("sha256", key).update(encodeParts(parts)).digest();
}

/** HKDF-SHA-256 (RFC 5869), 32 bytes. */
export function deriveKey(secret: Buffer, salt: Buffer, info: Binding): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, salt, encodeParts(info), 32));
}

/** XOR of two digests: a set's digest that does not depend on the order in which its members arrived. */
export function combineDigests(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A 20-character id (119 bits) from random bytes or a digest, in the manner of Firestore's own. */
export function idFrom(bytes: Buffer = randomBytes(20)): string {
  return Array.from(bytes.subarray(0, 20), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** Parts as bytes, their boundaries included. */
export function encodeParts(parts: Binding): Buffer {
  return Buffer.from(JSON.stringify(parts));
}
