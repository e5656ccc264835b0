import { fitHistory } from "./chat-window";

type Message = {
  role: string;
  content: string;
  tool_calls?: { function: { name: string; arguments: string } }[];
};

/** "s1 u9 c t a": a role's letter and how many words it says; c calls a tool, t is its result. */
const ROLES: Record<string, string> = { s: "system", d: "developer", u: "user", a: "assistant", t: "tool" };
const parse = (text: string): Message[] =>
  text.split(" ").map((one) => ({
    role: one.startsWith("c") ? "assistant" : (ROLES[one.charAt(0)] ?? ""),
    content: `${one} ${"word ".repeat(Number(one.slice(1) || 1))}`,
    ...(one.startsWith("c") ? { tool_calls: [{ function: { name: "look", arguments: "{}" } }] } : {}),
  }));
const show = (messages: Message[] | null) =>
  messages?.map(({ content }) => content.split(" ", 1)[0]).join(" ") ?? null;

test.each([
  ["all of it where it fits", 500, "s u1 a1 u2", "s u1 a1 u2"],
  ["drops the oldest first", 100, "u50 a50 u3", "a50 u3"],
  ["instructions stay wherever they stand", 130, "s9 u50 a50 d9 u3", "s9 a50 d9 u3"],
  ["a call and its results go together", 60, "u3 c t30 t30 a3 u3", "a3 u3"],
  ["results that come last keep their call", 130, "u50 a50 u40 c t9 t9", "u40 c t9 t9"],
  ["what cannot fit at all", 20, "u3 a3 u90", null],
  ["not even with its call", 40, "u3 c t90", null],
  ["instructions that leave no room", 40, "s90 u3", null],
])("%s", (_, budget, given, kept) => {
  expect(show(fitHistory(parse(given), budget))).toBe(kept);
});
