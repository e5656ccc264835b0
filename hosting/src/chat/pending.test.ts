import type { Message } from "../client/shapes";
import { fateOf } from "./pending";

const said = (id: string, content: string, state: Message["state"]): Message => ({
  id,
  role: id.startsWith("u") ? "user" : "assistant",
  content,
  created_at: "",
  state,
});
const before = [said("a0", "hello", "complete"), said("u1", "yes", "complete"), said("a1", "ok", "complete")];
const turn = { idempotencyKey: "k", said: { message: "yes" }, after: "a1" };

test.each([
  ["the same words said before are not these", [], "unsent"],
  ["still being answered", [said("u2", "yes", "pending")], "running"],
  ["broken off", [said("u2", "yes", "interrupted"), said("a2", "we", "interrupted")], "broken"],
  ["answered", [said("u2", "yes", "complete"), said("a2", "well", "complete")], "answered"],
  ["another tab spoke, these words did not arrive", [said("u2", "no", "complete")], "unsent"],
])("%s", (_, since, fate) => expect(fateOf(turn, [...before, ...since])).toBe(fate));
