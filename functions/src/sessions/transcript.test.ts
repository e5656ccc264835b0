import { writeTranscript } from "./transcript";

const at = new Date("2026-01-31T12:00:00.123Z");
const message = (role: "user" | "assistant", content: string) => ({
  id: "msg_x",
  object: "message" as const,
  role,
  content,
  created_at: "2026-01-31T11:00:00.000Z",
  state: "complete" as const,
  ...(role === "assistant"
    ? {
        model: "gpt-4.1-mini",
        usage: { input_tokens: 10, cached_tokens: 0, output_tokens: 5, cost_usd: 0.000012 },
      }
    : {}),
});
const talk = [message("user", 'Hello, "you"\nthere'), message("assistant", "Hi")];

test("CSV: a header, quoted cells, tokens and cost", () => {
  const { filename, content_type, content } = writeTranscript("csv", "Nori", talk, at);
  expect(filename).toBe("conversation_20260131T120000Z.csv");
  expect(content_type).toBe("text/csv; charset=utf-8");
  expect(content).toBe(
    "\ufefftime,role,content,state,model,input_tokens,output_tokens,cost_usd\n" +
      '2026-01-31T11:00:00.000Z,user,"Hello, ""you""\nthere",complete,,,,\n' +
      "2026-01-31T11:00:00.000Z,assistant,Hi,complete,gpt-4.1-mini,10,5,0.000012\n",
  );
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])("the formula %j is neutralised", (content) => {
  const csv = writeTranscript("csv", "Nori", [message("user", content)], at).content;
  expect(csv.split("user,")[1]?.replace(/^"/, "").startsWith("'")).toBe(true);
});

test("JSON and Markdown hold the same words", () => {
  const json = JSON.parse(writeTranscript("json", "Nori", talk, at).content);
  expect(json.messages.map(({ content }: { content: string }) => content)).toEqual(
    talk.map(({ content }) => content),
  );
  const md = writeTranscript("md", "Nori", talk, at).content;
  expect(md).toContain("# Conversation with Nori");
  expect(md).toContain("**You**");
  expect(md).toContain("**Nori**");
});
