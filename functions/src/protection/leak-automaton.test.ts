import fc from "fast-check";
import { buildAutomaton } from "./leak-automaton";

const symbols = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 });

test("accepts exactly the substrings, and knows where each first ends", () => {
  fc.assert(
    fc.property(symbols, symbols, (text, query) => {
      const automaton = buildAutomaton(text, 4);
      let state = 0;
      let length = 0;
      for (const symbol of query) {
        const next = automaton.next(state, symbol);
        if (next === 0) break;
        state = next;
        length++;
      }
      const wanted =
        [...query.keys()].findLast((i) => text.join().includes(query.slice(0, i + 1).join())) ?? -1;
      expect(length).toBe(wanted + 1);
      if (length === 0) return;
      const end = automaton.end[state] ?? 0;
      expect(text.slice(end - length + 1, end + 1)).toEqual(query.slice(0, length));
    }),
    { numRuns: 500 },
  );
});

test("is linear in size, however repetitive the text", () => {
  const text = new Array(10_000).fill(0).map((_, i) => (i % 100 === 0 ? 1 : 0));
  expect(buildAutomaton(text, 2).bytes).toBeLessThan(10_000 * 80);
});
