import { BOT, describeDoors, KEY, keyOf } from "./support";

const NO_CODE = "0000-0000-0000-0000-0000-0000-0000-0000";

describeDoors("ways into an account", (door, server) => {
  let serial = 0;
  const fresh = (name: string) => keyOf(`${name}-${door().name}-${serial++}`);
  const me = async (key: string) => (await door().call("users.get", {}, { key })).body.user;
  /** A key with an account that holds a conversation. */
  const settled = async (name: string) => {
    const key = fresh(name);
    const bot = (await door().call("bots.create", BOT, { key })).body.id as string;
    const session = (await door().call("sessions.create", { bot }, { key })).body.session.id as string;
    await door().call("sessions.respond", { session, message: "I keep bees." }, { key });
    return { key, bot, session, uid: (await me(key)).id as string };
  };
  const words = async (session: string, key: string) => {
    const { body } = await door().call("sessions.messages", { session }, { key });
    return body.data?.map(({ content }: { content: string }) => content) ?? body.error.code;
  };
  const keysOf = async (uid: string) =>
    (await server().services.firestore.collection("keys").where("uid", "==", uid).get()).size;

  test("swap: the new key reads everything and goes on, the old one is a stranger", async () => {
    const { key, session, uid } = await settled("swap");
    const before = await words(session, key);
    const context = (await server().services.sessions.ref(session)?.get())?.get("context");
    const newKey = fresh("swapped");
    const { body } = await door().call("users.swap_key", { new_key: newKey }, { key });
    expect(body).toMatchObject({ user: { id: uid }, models: expect.arrayContaining(["gpt-4.1-mini"]) });
    expect(await words(session, newKey)).toEqual(before);
    expect((await server().services.sessions.ref(session)?.get())?.get("context")).toEqual(context);
    const said = await door().call("sessions.respond", { session, message: "More" }, { key: newKey });
    expect(said.status).toBe(200);
    expect(await keysOf(uid)).toBe(1);
    expect(await words(session, key)).toBe("session_not_found");
    expect((await me(key)).id).not.toBe(uid);
  });

  test("a key that the provider refuses by now still reads and swaps; only the new key is asked about", async () => {
    const { users, vault, now } = server().services;
    const uid = (fresh("refused").replace(/[^A-Za-z0-9]/g, "") + "x".repeat(20)).slice(-20);
    const key = keyOf("revoked");
    const wrapped = vault.wrap(vault.newDataKey(), key, uid);
    const kept = { uid, kind: "provider" as const, ...wrapped, models: ["gpt-4.1-mini"] };
    await users.create(vault.lookup(key), kept, now());
    const bot = (await door().call("bots.create", BOT, { key })).body.id;
    expect((await door().call("bots.get", { bot }, { key })).body.initial_prompt).toBe(BOT.initial_prompt);
    const newKey = fresh("after-refusal");
    const { body } = await door().call("users.swap_key", { new_key: newKey }, { key });
    expect(body.user.id).toBe(uid);
    const refused = await door().call("users.swap_key", { new_key: key }, { key: newKey });
    expect(refused.body.error).toMatchObject({ code: "invalid_key", param: "new_key" });
  });

  test.each([
    ["the same key", () => KEY, "invalid_request"],
    ["a short key", () => "sk-short", "invalid_key"],
    ["a key the provider does not know", () => "sk-other-0123456789abcdef", "invalid_key"],
    ["a revoked key", () => keyOf("revoked"), "invalid_key"],
    ["a provider that is down", () => keyOf("down"), "upstream_unavailable"],
  ])("swap to %s changes nothing", async (_, newKey, code) => {
    const { id } = await me(KEY);
    const { body } = await door().call("users.swap_key", { new_key: newKey() });
    expect(body.error).toMatchObject({ code, param: "new_key" });
    expect((await me(KEY)).id).toBe(id);
  });

  test("a new key with an empty account takes its place, with a full one it is refused", async () => {
    const mine = await settled("mine");
    const full = await settled("full");
    const { body } = await door().call("users.swap_key", { new_key: full.key }, { key: mine.key });
    expect(body.error).toMatchObject({ code: "key_in_use", param: "new_key" });
    expect(await words(mine.session, mine.key)).toHaveLength(3);
    expect(await words(full.session, full.key)).toHaveLength(3);

    const empty = fresh("empty");
    const replaced = (await me(empty)).id;
    const code = (await door().call("users.recovery_code", {}, { key: empty })).body.recovery_code;
    expect((await door().call("users.swap_key", { new_key: empty }, { key: mine.key })).status).toBe(200);
    expect(await words(mine.session, empty)).toHaveLength(3);
    expect(await keysOf(replaced)).toBe(0);
    const lost = await door().call("users.recover", { code, new_key: fresh("late") }, { key: null });
    expect(lost.body.error.code).toBe("invalid_recovery_code");
    expect((await server().services.firestore.collection("tombstones").get()).size).toBe(0);
  });

  test("an account with an assistant only is not empty", async () => {
    const other = fresh("author");
    await door().call("bots.create", BOT, { key: other });
    const { body } = await door().call("users.swap_key", { new_key: other }, { key: fresh("swapper") });
    expect(body.error.code).toBe("key_in_use");
  });

  // A swap that comes later than the one that was made finds the old key signing in afresh, with nothing in it.
  test("of ten swaps at once one moves the account, and one way in is left", async () => {
    const { key, session, uid } = await settled("race");
    const keys = Array.from({ length: 10 }, (_, i) => fresh(`racer-${i}`));
    const swap = (new_key: string) => door().call("users.swap_key", { new_key }, { key });
    const answers = await Promise.all(keys.map(swap));
    const made = answers.flatMap(({ body }, i) => (body.user?.id === uid ? [keys[i] ?? ""] : []));
    expect(made).toHaveLength(1);
    expect(await words(session, made[0] ?? "")).toHaveLength(3);
    expect(await keysOf(uid)).toBe(1);
    const { body } = await door().call("users.get", {}, { key: made[0] ?? "" });
    expect(body.user.id).toBe(uid);
  });

  test("a swap whose answer got lost can be sent again", async () => {
    const { key, uid } = await settled("again");
    const newKey = fresh("lost-answer");
    await door().call("users.swap_key", { new_key: newKey }, { key });
    const { body } = await door().call("users.swap_key", { new_key: newKey }, { key });
    expect(body.user.id).toBe(uid);
  });

  test("a recovery code opens the account once, by a new key alone", async () => {
    const { key, session, uid } = await settled("recover");
    const code = (await door().call("users.recovery_code", {}, { key })).body.recovery_code as string;
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/);
    const stored = await server().services.firestore.collection("keys").where("uid", "==", uid).get();
    expect(JSON.stringify(stored.docs.map((doc) => [doc.id, doc.data()]))).not.toContain(code.slice(0, 4));

    const newKey = fresh("recovered");
    const typed = ` ${code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l")} `;
    const { body } = await door().call("users.recover", { code: typed, new_key: newKey }, { key: null });
    expect(body.user.id).toBe(uid);
    expect(await words(session, newKey)).toHaveLength(3);
    expect(await words(session, key)).toBe("session_not_found");
    expect(await keysOf(uid)).toBe(1);
    const again = await door().call("users.recover", { code, new_key: fresh("twice") }, { key: null });
    expect(again.body.error.code).toBe("invalid_recovery_code");
  });

  test("a second code takes the first one's place, and a code outlives a swap", async () => {
    const { key, session } = await settled("rotate");
    const codeFor = async (of: string) =>
      (await door().call("users.recovery_code", {}, { key: of })).body.recovery_code as string;
    const first = await codeFor(key);
    const second = await codeFor(key);
    const newKey = fresh("rotated");
    await door().call("users.swap_key", { new_key: newKey }, { key });
    const lastKey = fresh("rotated-again");
    const old = await door().call("users.recover", { code: first, new_key: lastKey }, { key: null });
    expect(old.body.error.code).toBe("invalid_recovery_code");
    const good = await door().call("users.recover", { code: second, new_key: lastKey }, { key: null });
    expect(good.status).toBe(200);
    expect(await words(session, lastKey)).toHaveLength(3);
  });

  test.each([
    ["an unknown code", NO_CODE, "invalid_recovery_code"],
    ["a malformed code", "open sesame", "invalid_recovery_code"],
    ["a provider key", KEY, "invalid_recovery_code"],
    ["an overlong code", "0".repeat(101), "invalid_request"],
  ])("%s opens nothing, and no provider is asked", async (_, code, expected) => {
    const input = { code, new_key: keyOf("down") }; // asking about this key would answer upstream_unavailable
    const { body } = await door().call("users.recover", input, { key: null });
    expect(body.error).toMatchObject({ code: expected, param: "code" });
  });

  test("recovery with a wrong new key, the same one or a used one leaves the code as it is", async () => {
    const { key, session } = await settled("careful");
    const full = await settled("occupied");
    const code = (await door().call("users.recovery_code", {}, { key })).body.recovery_code;
    for (const [new_key, expected] of [
      [keyOf("revoked"), "invalid_key"],
      [key, "invalid_request"],
      [full.key, "key_in_use"],
    ]) {
      const { body } = await door().call("users.recover", { code, new_key }, { key: null });
      expect(body.error).toMatchObject({ code: expected, param: "new_key" });
    }
    const newKey = fresh("at-last");
    expect((await door().call("users.recover", { code, new_key: newKey }, { key: null })).status).toBe(200);
    expect(await words(session, newKey)).toHaveLength(3);
  });

  test("neither a recovery code nor a lookup is a key", async () => {
    const { key } = await settled("not-a-key");
    const code = (await door().call("users.recovery_code", {}, { key })).body.recovery_code;
    expect((await door().call("users.get", {}, { key: code })).body.error.code).toBe("invalid_key");
    expect(server().logged.join()).not.toContain(code);
  });

  test("a suspended account opens by no way in, and does not move to another key", async () => {
    const { key, session, uid } = await settled("suspended");
    const code = (await door().call("users.recovery_code", {}, { key })).body.recovery_code;
    const { users, now } = server().services;
    await users.suspend(uid, true, now());
    const new_key = fresh("evasive");
    const answers = [
      await door().call("users.recover", { code, new_key }, { key: null }),
      await door().call("users.swap_key", { new_key }, { key }),
      await door().call("users.delete", {}, { key }),
      await door().call("users.swap_key", { new_key: key }, { key: new_key }),
    ];
    expect(answers.map(({ body }) => body.error?.code)).toEqual(Array(4).fill("key_refused"));
    await users.suspend(uid, false, now());
    expect(await words(session, key)).toHaveLength(3);
  });

  test("delete: sessions, usage and assistants are gone, others' stay, and the key starts afresh", async () => {
    const gone = await settled("gone");
    const other = await settled("stays");
    const guest = (await door().call("sessions.create", { bot: gone.bot }, { key: other.key })).body.session
      .id;
    const { body } = await door().call("users.delete", {}, { key: gone.key });
    expect(body).toEqual({ id: gone.uid, object: "user", deleted: true });
    const left = await server().services.firestore.doc(`users/${gone.uid}`).listCollections();
    expect([left.length, await keysOf(gone.uid)]).toEqual([0, 0]);
    const card = await door().call("bots.get", { bot: gone.bot }, { key: null });
    expect(card.body.error.code).toBe("bot_not_found");
    expect(await words(other.session, other.key)).toHaveLength(3);
    const said = await door().call("sessions.respond", { session: guest, message: "Hi" }, { key: other.key });
    expect(said.status).toBe(200);
    const again = await door().call("users.sign_in", {}, { key: gone.key });
    expect(again.body).toMatchObject({ is_new: true, user: { bots_created: 0, sessions_started: 0 } });
  });
});
