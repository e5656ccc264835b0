import { ApiError } from "../client/errors";
import { newDraft } from "./draft";
import { problemsIn, whatIsWrong } from "./problems";

const named = { id: "brainstorming", name: "Brainstorming", description: "" };
const model = {
  id: "gpt-4.1-mini",
  known: true,
  context_window: 1000,
  max_output_tokens: 120,
  reasoning: false,
  accepted_parameters: [],
  prices: null,
};
const presets = {
  stream_base: null,
  demo_key: null,
  session_types: [named],
  personalities: [],
  limits: { name: 5 },
};

test.each([
  ["one field", "name: is required", { name: "is required" }],
  [
    "several, a nested one among them",
    "name: is required; model_config.max_tokens: Too small: expected number to be >=1",
    { name: "is required", "model_config.max_tokens": "Too small: expected number to be >=1" },
  ],
  ["a semicolon in a reason parts nothing", "name: too odd; really", { name: "too odd; really" }],
  ["a sentence that names no field", "Something else.", {}],
])("%s", (_, message, expected) => {
  expect(problemsIn(new ApiError("invalid_request", message))).toEqual(expected);
});

test("a refusal of another kind stands at the field it names", () => {
  const error = new ApiError("model_not_available", "Not for this key.", { param: "model" });
  expect(problemsIn(error)).toEqual({ model: "Not for this key." });
});

test("what is missing, too long or out of range is said before the server is asked", () => {
  const draft = {
    ...newDraft({ presets, models: [model] }),
    name: " 123456 ",
    tag_line: "t",
    description: "d",
  };
  expect(whatIsWrong(draft, presets.limits, model)).toEqual({
    initial_prompt: "Write the prompt first.",
    name: "1 character too many.",
    "model_config.max_tokens": "A whole number from 1 to 100.",
  });
});
