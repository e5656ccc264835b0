import { readExport } from "./read-export";

const BOT = {
  name: "Juno",
  tag_line: "patient editor",
  description: "Reads along.",
  session_type: "brainstorming",
  initial_prompt: "You are Juno.",
  summary_prompt: "Sum up.",
  model_config: {
    model: "gpt-4.1-mini",
    max_tokens: 250,
    temperature: 0.5,
    top_p: 0.9,
    frequency_penalty: 0.3,
    presence_penalty: 0.2,
  },
};

test("an export is read as it was written", () => {
  expect(readExport(JSON.stringify(BOT))).toEqual(BOT);
});

test.each([
  ["no JSON", "You are Juno."],
  ["null", "null"],
  ["a list", "[]"],
  ["a field that is missing", JSON.stringify({ ...BOT, initial_prompt: undefined })],
  ["settings that are missing", JSON.stringify({ ...BOT, model_config: undefined })],
  ["a dial that is a text", JSON.stringify({ ...BOT, model_config: { ...BOT.model_config, top_p: "0.9" } })],
])("%s is no assistant", (_, text) => {
  expect(readExport(text)).toBeNull();
});
