import { eventReader, type ServerEvent } from "./sse";

function read(pieces: string[]): ServerEvent[] {
  const events: ServerEvent[] = [];
  const feed = eventReader((event) => events.push(event));
  for (const piece of pieces) feed(piece);
  return events;
}

const wire = 'event: delta\r\ndata: {"text":"a"}\r\n\r\n: still here\n\nevent: done\ndata: 1\ndata:2\n\n';
const events = [
  { event: "delta", data: '{"text":"a"}' },
  { event: "done", data: "1\n2" },
];

test("reads events, skips comments, joins data lines", () => {
  expect(read([wire])).toEqual(events);
});

test("it does not matter where the text is cut", () => {
  expect(read([...wire])).toEqual(events);
  for (let cut = 1; cut < wire.length; cut++) {
    expect(read([wire.slice(0, cut), wire.slice(cut)])).toEqual(events);
  }
});

test("an event that never ended is not an event", () => {
  expect(read(["event: done\ndata: 1\n"])).toEqual([]);
});
