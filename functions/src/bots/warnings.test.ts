import { warningsFor } from "./warnings";

const CARD = { name: "Nori", tag_line: "Patient coach", description: "Helps you think." };
const GREETING = "Hello, I am Nori, and I will be your patient companion on the road to calmer meetings.";
const REST =
  "You coach engineers in their first job. Ask one question at a time, keep answers short, never hurry.";

const fields = (initial: string, card = CARD, summary = "Sum up in three bullets.") =>
  warningsFor(card, {
    prompts: { initial, summary },
    modelConfig: {
      model: "gpt-4.1-mini",
      max_tokens: 1,
      temperature: 0,
      top_p: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      second_check: false,
    },
  }).map(({ field }) => field);

test.each([
  `${REST} Begin with "${GREETING}"`,
  `Introduce yourself by saying: “${GREETING}” ${REST}`,
  `${REST} Beginne mit „${GREETING}“`,
  `${REST} Commence par « ${GREETING} »`,
])("a dictated opening is warned of: %s", (initial) => {
  expect(fields(initial)).toEqual(["initial_prompt"]);
});

test("a dictated recap too", () => {
  const summary = `Start your summary with "${GREETING}"`;
  expect(fields(REST, CARD, summary)).toEqual(["summary_prompt"]);
});

test.each([
  ["a short one", `${REST} Begin with "Hello, I am Nori."`],
  [
    "a described one",
    `${REST} Introduce yourself in one warm sentence, by name, and ask what is on their mind.`,
  ],
  [
    "a quotation that is not to be said",
    `${REST} The old saying goes: it works. "${GREETING}" is what others do.`,
  ],
  ["an open quotation mark", `${REST} Begin with "${"and then ".repeat(300)}`],
])("no warning: %s", (_, initial) => {
  expect(fields(initial)).toEqual([]);
});

test("no warning where the words stand on the card", () => {
  expect(fields(`${REST} Begin with "${GREETING}"`, { ...CARD, description: GREETING })).toEqual([]);
});
