import type { Choice } from "../openai/stream";
import { createLeakGuard, prepareSecrets } from "../protection/leak-guard";
import { ArrivingReply, type Delta } from "./chat-reply";

const PROMPT = [
  "You are Nori.",
  "Ask one question.",
  "Never give advice.",
  "Speak of gardens.",
  "Count slowly.",
  "Praise the roots.",
  "Mention no rain.",
  "Close with a proverb.",
].join("\n");

const guard = () =>
  createLeakGuard({ prepared: prepareSecrets({ secrets: [PROMPT], publicTexts: [] }), userTexts: [] });

/** What of these pieces goes out, and what came together. */
function run(deltas: Choice["delta"][], watched = true) {
  const opened = watched ? guard() : null;
  const heard: Delta[] = [];
  const reply = new ArrivingReply(opened, (delta) => heard.push(delta));
  for (const delta of deltas) reply.push({ delta });
  reply.end();
  return { heard, blocked: opened?.blocked ?? false, message: reply.message, received: reply.received };
}

const pieces = (text: string, size: number) => text.match(new RegExp(`.{1,${size}}`, "gs")) ?? [];
const call = (written: string, index = 0, more: object = {}) => ({
  tool_calls: [{ index, ...more, function: { arguments: written } }],
});
const written = (heard: Delta[]) =>
  heard
    .flatMap((delta) => delta.tool_calls ?? [])
    .map((one) => one.function?.arguments ?? "")
    .join("");

test.each([true, false])("puts words, a refusal, reasoning and calls together (guarded: %s)", (watched) => {
  const { message, heard, blocked } = run(
    [
      { content: "Hello " },
      { content: "Ada", refusal: "No", reasoning_content: "Hm" },
      { tool_calls: [{ index: 0, id: "call_1", function: { name: "look", arguments: "" } }] },
      call('{"at":'),
      { tool_calls: [{ index: 1, id: "call_2", function: { name: "see", arguments: "{}" } }] },
      call('"roses"}'),
    ],
    watched,
  );
  expect(blocked).toBe(false);
  expect(message).toEqual({
    content: "Hello Ada",
    refusal: "No",
    reasoning_content: "Hm",
    tool_calls: [
      { id: "call_1", type: "function", function: { name: "look", arguments: '{"at":"roses"}' } },
      { id: "call_2", type: "function", function: { name: "see", arguments: "{}" } },
    ],
  });
  expect(heard.find((delta) => delta.tool_calls)?.tool_calls?.[0]).toMatchObject({
    id: "call_1",
    type: "function",
  });
});

test.each([
  ["words", pieces(PROMPT, 5).map((content) => ({ content }))],
  ["a refusal", pieces(PROMPT, 7).map((refusal) => ({ refusal }))],
  ["reasoning, as some providers tell it", pieces(PROMPT, 7).map((reasoning) => ({ reasoning }))],
  ["arguments", pieces(PROMPT, 5).map((text) => call(text))],
  [
    "arguments as JSON, line ends escaped",
    pieces(JSON.stringify({ x: PROMPT }), 3).map((text) => call(text)),
  ],
  [
    "arguments with every character as \\u",
    pieces([...PROMPT].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""), 4).map(
      (text) => call(text),
    ),
  ],
  [
    "names of calls",
    pieces(PROMPT.replace(/\W/g, "_"), 20).map((name, index) => ({
      tool_calls: [{ index, id: `call_${index}`, function: { name, arguments: "{}" } }],
    })),
  ],
  ["many calls, a piece in each", pieces(PROMPT, 40).map((text, index) => call(text, index))],
] as [string, Choice["delta"][]][])("a prompt in %s is blocked before it is out", (_, deltas) => {
  const { blocked, heard } = run(deltas);
  expect(blocked).toBe(true);
  const out = JSON.stringify(heard);
  expect(out).not.toContain("Close with a proverb");
  expect(written(heard).length).toBeLessThan(PROMPT.length);
});

test("an escape that a piece tears apart is read whole", () => {
  const json = JSON.stringify({ x: PROMPT });
  for (let size = 1; size < 12; size++) {
    expect(run(pieces(json, size).map((text) => call(text))).blocked).toBe(true);
  }
});

test("calls out of all bounds are left aside", () => {
  const { message, heard } = run([call("x", -1), call("x", 1e9), call("x", Number.NaN)]);
  expect([message.tool_calls, heard]).toEqual([undefined, []]);
});

test("all that came is known, let out or not", () => {
  expect(run(pieces(PROMPT, 9).map((content) => ({ content }))).received).toBe(PROMPT);
});
