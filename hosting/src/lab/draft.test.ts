import { isChanged, longestReply, newDraft, toDraft, toInput } from "./draft";

const presets = {
  stream_base: null,
  demo_key: null,
  session_types: [{ id: "brainstorming", name: "", description: "" }],
  personalities: [
    ["coaching", 0.5, 0.9, 0.3, 0.2],
    ["truthful", 0.5, 0.9, 0.1, 0.2],
    ["custom", 0.7, 1, 0, 0],
  ].map(([id, temperature, top_p, frequency_penalty, presence_penalty]) => ({
    ...{ id: String(id), name: "", description: "" },
    temperature: Number(temperature),
    top_p: Number(top_p),
    frequency_penalty: Number(frequency_penalty),
    presence_penalty: Number(presence_penalty),
  })),
  limits: {},
};
const model = (max_output_tokens: number) => ({
  id: "gpt-4.1-mini",
  known: true,
  context_window: 1,
  max_output_tokens,
  reasoning: false,
  accepted_parameters: [],
  prices: null,
});
const draft = newDraft({ presets, models: [model(100)] });

test("a new draft begins as the original's lab did", () => {
  expect(draft).toMatchObject({ personality: "coaching", session_type: "brainstorming" });
  expect(draft.model_config).toEqual({
    model: "gpt-4.1-mini",
    max_tokens: 250,
    temperature: 0.5,
    top_p: 0.9,
    frequency_penalty: 0.3,
    presence_penalty: 0.2,
    second_check: false,
  });
});

test.each([
  ["a preset's", { frequency_penalty: 0.1 }, "truthful"],
  ["nobody's", { frequency_penalty: 0.7 }, "custom"],
])("the personality is told from %s dials", (_, dials, expected) => {
  const bot = { ...toInput(draft), model_config: { ...draft.model_config, ...dials } };
  expect(toDraft(bot, presets).personality).toBe(expected);
});

test("what a file holds beyond an assistant is left out", () => {
  const bot = { ...toInput(draft), id: "x", model_config: { ...draft.model_config, seed: 1 } };
  expect(toInput(toDraft(bot, presets))).toEqual(toInput(draft));
});

test("an export from before the second check has it off", () => {
  const { second_check: _, ...older } = draft.model_config;
  const bot = { ...toInput(draft), model_config: older as typeof draft.model_config };
  expect(toDraft(bot, presets).model_config.second_check).toBe(false);
});

test.each([
  ["spaces around", { name: "  " }, false],
  ["a name", { name: "Juno" }, true],
  ["a prompt", { initial_prompt: "You are Juno." }, true],
  ["the second check", { model_config: { ...draft.model_config, second_check: true } }, true],
])("%s is a change: %j", (_, part, expected) => {
  expect(isChanged({ ...draft, ...part }, draft)).toBe(expected);
});

test.each([
  [32_768, 32_750],
  [100_000, 100_000],
  [128_000, 100_000],
  [30, 50],
])("a model that writes %d tokens may be allowed %d", (most, expected) => {
  expect(longestReply(model(most))).toBe(expected);
});
