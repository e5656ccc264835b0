import type { Message, Reply, Session } from "../client/shapes";
import { ask, begin, type Entry, interrupt, isCutShort, settle, toEntries } from "./entries";

const message = (id: string, state: Message["state"] = "complete", more: Partial<Message> = {}): Message => ({
  id,
  role: id.startsWith("u") ? "user" : "assistant",
  content: `says ${id}`,
  created_at: "2026-01-01T00:00:00Z",
  state,
  ...more,
});
const show = (entries: Entry[]) =>
  entries.map(({ stored, content, state, earlier }) =>
    [stored ?? content, state, ...(earlier ? [earlier.map(({ stored }) => stored)] : [])].join(" "),
  );

const stored = [
  message("a0"),
  message("u1"),
  message("a1"),
  message("u2", "superseded"),
  message("a2", "superseded"),
  message("u3"),
  message("a3"),
];

test("what was replaced stands behind what replaced it", () => {
  expect(show(toEntries(stored))).toEqual([
    "a0 complete",
    "u1 complete",
    "a1 complete",
    "u3 complete u2,a2",
    "a3 complete",
  ]);
});

test("a reply that is not there yet is no message; a held back one is told as such", () => {
  const last = message("a2", "blocked", { leak_blocked: true });
  const waiting = [message("u1", "pending"), message("a1", "interrupted", { content: "" }), last];
  expect(show(toEntries(waiting))).toEqual(["u1 complete", "a2 blocked"]);
});

test("a message keeps its place on the page when it is read again", () => {
  const before: Entry[] = [{ id: "here-7", stored: "a0", role: "assistant", content: "", state: "complete" }];
  expect(toEntries(stored, before)[0]?.id).toBe("here-7");
});

test.each([
  ["new words go to the end", { message: "new" }, "new complete", 5],
  [
    "an edit takes the place of its message",
    { message: "new", replaces: "u1" },
    "new complete u1,a1,u3,a3",
    1,
  ],
  ["trying again repeats the words", { replaces: "a1" }, "says u1 complete u1,a1,u3,a3", 1],
  ["earlier versions add up", { replaces: "a3" }, "says u3 complete u2,a2,u3,a3", 3],
])("%s", (_, said, expected, at) => {
  const asked = show(ask(toEntries(stored), said));
  expect(asked.slice(at)).toEqual([expected]);
});

test("a reply begins once, and is settled in its place with what was found about the words", () => {
  const reply = {
    message_id: "a9",
    user_message_id: "u9",
    reply: "whole",
    model: "m",
    leak_blocked: false,
    context_condensed: true,
    moderation: { flagged: true, categories: ["violence"] },
    injection_suspected: true,
  } as Reply;
  const begun = begin(begin(ask([], { message: "hello" })));
  expect(begun.map(({ state }) => state)).toEqual(["complete", "streaming"]);
  const [words, whole] = settle(begun, reply);
  expect(words).toMatchObject({ stored: "u9", suspected: true, moderation: { flagged: true } });
  expect(whole).toMatchObject({ id: begun[1]?.id, stored: "a9", content: "whole", condensed: true });
  expect(interrupt(begun, "who").at(-1)).toMatchObject({ content: "who", state: "interrupted" });
});

const same = { content: "says u1" };
test.each([
  [
    "is put behind them",
    [message("u2", "interrupted", same), message("a2", "interrupted")],
    ["u1 complete u2,a2", "a1 complete"],
  ],
  ["without a word of reply, too", [message("u2", "interrupted", same)], ["u1 complete u2", "a1 complete"]],
  [
    "stays where the words are others",
    [message("u2", "interrupted"), message("a2", "interrupted")],
    ["u1 complete", "a1 complete", "u2 interrupted", "a2 interrupted"],
  ],
  [
    "does not take along what came after",
    [message("u2", "interrupted", same), message("u3"), message("a3")],
    ["u1 complete u2", "a1 complete", "u3 complete", "a3 complete"],
  ],
])("another try of the same words that failed %s", (_, after, expected) => {
  expect(show(toEntries([message("u1"), message("a1"), ...after]))).toEqual(expected);
});

test.each([
  ["three held-back replies", "abandoned_by_system", 3, true],
  ["two, and a long silence", "abandoned_by_system", 2, false],
  ["three of long ago, talking on", "active", 3, false],
] as const)("cut short or not: %s", (_, status, held, ended) => {
  const replies = Array.from({ length: held }, (_, i) => message(`a${i}`, "blocked", { leak_blocked: true }));
  expect(isCutShort({ status } as Session, toEntries(replies))).toBe(ended);
});
