import type { Model } from "../client/shapes";
import { dearNext } from "./dear";
import type { Entry } from "./entries";

const after = (tokens: number, more: Partial<Entry> = {}): Entry[] => [
  {
    id: "a",
    role: "assistant",
    content: "",
    state: "complete",
    usage: { input_tokens: tokens - 100, cached_tokens: 0, output_tokens: 100, cost_usd: 0 },
    ...more,
  },
];
const model = (input: number): Model => ({
  id: "m",
  context_window: 1,
  max_output_tokens: 1,
  reasoning: false,
  accepted_parameters: [],
  known: true,
  prices: { input, cached_input: input, output: input },
});

test.each([
  ["a short one is not", after(7_999), model(0.4), null],
  ["many tokens are", after(8_000), model(0.5), { tokens: 8_000, costUsd: 0.004 }],
  ["also where no price is known", after(8_000), undefined, { tokens: 8_000, costUsd: null }],
  ["few tokens of a dear model are", after(1_000), model(10), { tokens: 1_000, costUsd: 0.01 }],
  ["once it is summed up nobody knows", after(9_000, { condensed: true }), model(1), null],
  ["nor while nothing was said", [], model(1), null],
])("dear or not: %s", (_, entries, of, expected) => expect(dearNext(entries, of)).toEqual(expected));
