import { randomBytes } from "node:crypto";

/** Crockford's Base32 (https://www.crockford.com/base32.html): no I, L, O, U; read generously. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_BYTES = 20;
const CODE = new RegExp(`^[${ALPHABET}]{32}$`);

/** A new recovery code: 160 random bits as eight groups of four characters. */
export function newRecoveryCode(): string {
  const bits = BigInt(`0x${randomBytes(CODE_BYTES).toString("hex")}`);
  const characters = Array.from({ length: 32 }, (_, i) => ALPHABET[Number((bits >> BigInt(i * 5)) & 31n)]);
  return (characters.join("").match(/.{4}/g) ?? []).join("-");
}

/** A code as somebody typed it, in the one form it is looked up by; null for what cannot be one. */
export function readRecoveryCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return CODE.test(code) ? code : null;
}
