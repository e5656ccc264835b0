import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { combineDigests, hmac, idFrom, open, seal, Tampered } from "./seal";
import { createSessionVault, createVault } from "./vault";

const key = randomBytes(32);

test("what was sealed opens again, and never twice as the same bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.string()), (text, place) => {
      const sealed = seal(key, text, place);
      expect(open(key, sealed, place).toString()).toBe(text);
      expect(seal(key, text, place).equals(sealed)).toBe(false);
    }),
  );
});

test("a flipped bit, a cut, another place and another key do not open", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.nat(7), (text, at, bit) => {
      const sealed = seal(key, text, ["here", 1]);
      const flipped = Buffer.from(sealed);
      const index = at % sealed.length;
      flipped[index] = (flipped[index] ?? 0) ^ (1 << bit);
      for (const attempt of [
        () => open(key, flipped, ["here", 1]),
        () => open(key, sealed.subarray(0, index), ["here", 1]),
        () => open(key, sealed, ["here", 2]),
        () => open(key, sealed, ["here1"]),
        () => open(randomBytes(32), sealed, ["here", 1]),
      ]) {
        expect(attempt).toThrow(Tampered);
      }
    }),
  );
});

test("the boundaries of hashed parts count", () => {
  expect(hmac("k", "ab", "c").equals(hmac("k", "a", "bc"))).toBe(false);
  expect(hmac("k", "a", 1).equals(hmac("k", "a", "1"))).toBe(false);
});

test("a set's digest does not depend on the order, and each member counts", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1 }), (names) => {
      const digest = (list: string[]) =>
        list.reduce<Buffer>((sum, name) => combineDigests(sum, hmac("k", name)), Buffer.alloc(32));
      expect(digest([...names].reverse()).equals(digest(names))).toBe(true);
      expect(digest(names.slice(1)).equals(digest(names))).toBe(false);
    }),
  );
});

test("ids have 20 letters or digits and follow from what they are made of", () => {
  expect(idFrom()).toMatch(/^[A-Za-z0-9]{20}$/);
  expect(idFrom(hmac("k", "x"))).toBe(idFrom(hmac("k", "x")));
  expect(idFrom()).not.toBe(idFrom());
});

describe("the vault", () => {
  const vault = createVault("a server secret of 32 characters", "api.example.com");
  const apiKey = "sk-0123456789abcdef0123";

  test("a data key opens with the same key, user and server secret only", () => {
    const dek = vault.newDataKey();
    const wrapped = vault.wrap(dek, apiKey, "u1");
    expect(vault.unwrap(wrapped, apiKey, "u1").equals(dek)).toBe(true);
    const otherSecret = createVault("another secret of 32 characters!", "api.example.com");
    const otherProvider = createVault("a server secret of 32 characters", "other.example.com");
    for (const attempt of [
      () => vault.unwrap(wrapped, `${apiKey}x`, "u1"),
      () => vault.unwrap(wrapped, apiKey, "u2"),
      () => vault.unwrap({ ...wrapped, salt: randomBytes(32) }, apiKey, "u1"),
      () => otherSecret.unwrap(wrapped, apiKey, "u1"),
      () => otherProvider.unwrap(wrapped, apiKey, "u1"),
    ]) {
      expect(attempt).toThrow(Tampered);
    }
    expect(otherProvider.lookup(apiKey)).not.toBe(vault.lookup(apiKey));
  });

  test("prompts open at their own path only", () => {
    const sealed = vault.sealPrompts("bots/a/versions/1", { initial: "secret" });
    expect(vault.openPrompts("bots/a/versions/1", sealed)).toEqual({ initial: "secret" });
    expect(() => vault.openPrompts("bots/b/versions/1", sealed)).toThrow(Tampered);
  });

  test("a message opens in its own session and place only", () => {
    const dek = randomBytes(32);
    const session = createSessionVault(dek, "u1", "s1");
    const sealed = session.seal("hello", 0, 1, "user", 1);
    expect(session.open(sealed, 0, 1, "user", 1)).toBe("hello");
    expect(() => session.open(sealed, 0, 1, "assistant", 1)).toThrow(Tampered);
    expect(() => createSessionVault(dek, "u1", "s2").open(sealed, 0, 1, "user", 1)).toThrow(Tampered);
    expect(() => createSessionVault(randomBytes(32), "u1", "s1").open(sealed, 0, 1, "user", 1)).toThrow(
      Tampered,
    );
  });
});
