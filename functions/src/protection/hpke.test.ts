import { randomBytes } from "node:crypto";
import { openSealed, publicKeyOf, sealTo } from "./hpke";
import { Tampered } from "./seal";

const KEY = "sk-provider-0123456789";
const seed = randomBytes(32);

test("what is sealed to a public key opens with its seed, and is another ciphertext each time", async () => {
  const publicKey = publicKeyOf(seed);
  expect(publicKey).toHaveLength(32);
  expect(publicKeyOf(seed)).toEqual(publicKey);
  const sealed = await sealTo(publicKey, KEY, ["a"]);
  expect(sealed.includes(KEY)).toBe(false);
  expect(await sealTo(publicKey, KEY, ["a"])).not.toEqual(sealed);
  expect(await openSealed(seed, sealed, ["a"])).toBe(KEY);
});

test.each<[string, (sealed: Buffer) => [Buffer, Buffer, string[]]]>([
  ["another seed", (sealed) => [randomBytes(32), sealed, ["a"]]],
  ["another binding", (sealed) => [seed, sealed, ["b"]]],
  ["a changed ciphertext", (sealed) => [seed, flip(sealed, sealed.length - 1), ["a"]]],
  ["a changed encapsulated secret", (sealed) => [seed, flip(sealed, 0), ["a"]]],
  ["nothing at all", () => [seed, Buffer.alloc(0), ["a"]]],
])("%s does not open it", async (_, change) => {
  const sealed = await sealTo(publicKeyOf(seed), KEY, ["a"]);
  await expect(openSealed(...change(sealed))).rejects.toThrow(Tampered);
});

function flip(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
