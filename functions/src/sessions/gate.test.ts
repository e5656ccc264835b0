import type { Coverage, LeakGuard } from "../protection/leak-guard";
import { Gate } from "./gate";

/** A guard that lets all out and says of marked pieces that they show something; "!" makes it block. */
function fakeGuard() {
  let shown: Coverage | null = null;
  const guard = {
    blocked: false,
    push(text: string) {
      if (text.includes("!")) guard.blocked = true;
      if (text.includes("*")) shown = { runs: [0, 20] };
      return guard.blocked ? "" : text;
    },
    end: () => "",
    takeShown() {
      const taken = shown;
      shown = null;
      return taken;
    },
    channel: () => guard,
  };
  return guard satisfies LeakGuard;
}

/** A gate whose counting is answered by hand, in the order in which it was asked. */
function open() {
  const said: string[] = [];
  const asked: { answer: (may: boolean) => void; fail: (error: Error) => void }[] = [];
  let stops = 0;
  const gate = new Gate<string>(fakeGuard(), {
    count: () => new Promise((answer, fail) => asked.push({ answer, fail })),
    say: (text) => said.push(text),
    stop: () => stops++,
  });
  const take = (text: string) => gate.pass(gate.guard.push(text));
  return { gate, said, asked, take, stops: () => stops };
}

test("ordinary pieces pass in the same call, and nothing is counted", async () => {
  const { gate, said, asked, take } = open();
  take("one ");
  expect(said).toEqual(["one "]);
  take("two");
  await gate.settled();
  expect([said, asked]).toEqual([["one ", "two"], []]);
});

test("a piece that shows something waits until it is counted, and all behind it, in order", async () => {
  const { gate, said, asked, take } = open();
  for (const piece of ["a ", "b* ", "c ", "d* "]) take(piece);
  expect(said).toEqual(["a "]);
  asked[0]?.answer(true);
  while (asked.length < 2) await Promise.resolve();
  expect(said).toEqual(["a ", "b* "]);
  asked[1]?.answer(true);
  await gate.settled();
  expect([said, gate.blocked]).toEqual([["a ", "b* ", "c ", "d* "], false]);
});

test("too much: neither that piece nor any other is said", async () => {
  const { gate, said, asked, take, stops } = open();
  for (const piece of ["a ", "b* ", "c "]) take(piece);
  asked[0]?.answer(false);
  await gate.settled();
  take("d ");
  expect([said, gate.blocked, stops() > 0]).toEqual([["a "], true, true]);
});

test("blocked while it is counted: what waited is not said", async () => {
  const { gate, said, asked, take, stops } = open();
  for (const piece of ["a ", "b* ", "c!"]) take(piece);
  expect(stops()).toBe(1);
  asked[0]?.answer(true);
  await gate.settled();
  expect([said, gate.blocked]).toEqual([["a "], true]);
});

test("where it cannot be counted nothing more is said, and whoever waits is told", async () => {
  const { gate, said, asked, take, stops } = open();
  for (const piece of ["a ", "b* "]) take(piece);
  asked[0]?.fail(new Error("no database"));
  await expect(gate.settled()).rejects.toThrow("no database");
  take("c ");
  expect([said, gate.blocked, stops()]).toEqual([["a "], false, 1]);
});
