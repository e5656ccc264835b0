import { heal } from "./heal";

test.each([
  ["whole text stays", "a **b** `c`", "a **b** `c`"],
  ["open bold is closed", "a **b", "a **b**"],
  ["bold that has only begun is left out", "a **", "a "],
  ["half of a closing mark is completed", "a **b*", "a **b**"],
  ["open code is closed", "a `b", "a `b`"],
  ["marks within code are text", "a `**` b", "a `**` b"],
  ["an open fence keeps everything", "```\n**a", "```\n**a"],
  ["only the last paragraph counts", "a ** b\n\nc", "a ** b\n\nc"],
])("%s", (_, text, expected) => expect(heal(text)).toBe(expected));
