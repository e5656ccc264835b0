import fc from "fast-check";
import { dropOldest, type Entry, insert, keep, MAX_CONTEXT_BYTES, ROLLING_WINDOW } from "./context";

const entry = (seq: number, role: Entry["role"], content = `${role}${seq}`): Entry => ({
  seq,
  role,
  content,
});

test.each([
  ["keeps all that fits", 6, "aa|bb|cc", "aa|bb|cc"],
  ["drops the oldest first", 4, "aa|bb|cc", "bb|cc"],
  ["the last message always stays", 1, "aa|bb|cccc", "cccc"],
])("dropOldest %s", (_, budget, given, kept) => {
  expect(dropOldest(given.split("|"), budget, (text) => text.length).join("|")).toBe(kept);
});

test("a pair that finishes late stands in its place", () => {
  const pair = (seq: number) => [entry(seq, "user"), entry(seq, "assistant")];
  const merged = insert(insert(pair(1), pair(3)), pair(2));
  expect(merged.map(({ content }) => content)).toEqual([
    "user1",
    "assistant1",
    "user2",
    "assistant2",
    "user3",
    "assistant3",
  ]);
});

test("brainstorming keeps the last 20 messages, coaching all of them", () => {
  const entries = Array.from({ length: 50 }, (_, i) => entry(i, "user"));
  expect(keep("brainstorming", entries).map(({ seq }) => seq)).toEqual(
    Array.from({ length: ROLLING_WINDOW }, (_, i) => 30 + i),
  );
  expect(keep("coaching", entries)).toHaveLength(50);
});

test("the stored context never passes its bound while more than one message is kept", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      const kept = keep(
        "coaching",
        sizes.map((size, i) => entry(i, "user", "é".repeat(size))),
      );
      const bytes = kept.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
      expect(kept.at(-1)?.seq).toBe(sizes.length - 1);
      expect(kept.length === 1 || bytes <= MAX_CONTEXT_BYTES).toBe(true);
    }),
  );
});
