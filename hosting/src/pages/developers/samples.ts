import { sampleWords } from "../../texts/developers";

export const LANGUAGES = ["curl", "node", "python"] as const;
export type Language = (typeof LANGUAGES)[number];
export const LANGUAGE_NAMES: Record<Language, string> = { curl: "curl", node: "Node", python: "Python" };

/** The reader's own values; the key itself is read from the environment. */
export type Values = { base: string; streamBase: string; bot: string };

export type Step = "start" | "respond" | "stream" | "openai" | "appKey";
type Samples = Record<Step, string>;

/** The line that puts a key where every example finds it. */
export const keyLine = (key: string) => `export GPTLAB_KEY='${key.replaceAll("'", "'\\''")}'`;

/** The examples in one language. Each goes on from those before it, but for the OpenAI one, which stands alone. */
export const samplesIn = (language: Language, values: Values): Samples => WRITERS[language](values);

const { first, second, app } = sampleWords;
const body = (value: unknown) => JSON.stringify(value);

const WRITERS: Record<Language, (values: Values) => Samples> = {
  curl: ({ base, streamBase, bot }) => ({
    start: `curl ${base}/sessions \\
  -H "Authorization: Bearer $GPTLAB_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${body({ bot })}'`,
    respond: `SESSION=ses_…   # "id" of "session" in the answer

curl ${base}/sessions/$SESSION/messages \\
  -H "Authorization: Bearer $GPTLAB_KEY" \\
  -H "Content-Type: application/json" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -d '${body({ message: first })}'`,
    stream: `curl -N ${streamBase}/sessions/$SESSION/messages \\
  -H "Authorization: Bearer $GPTLAB_KEY" \\
  -H "Content-Type: application/json" \\
  -H "Accept: text/event-stream" \\
  -d '${body({ message: second })}'`,
    openai: `curl ${base}/chat/completions \\
  -H "Authorization: Bearer $GPTLAB_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${body({ model: bot, messages: [{ role: "user", content: first }] })}'`,
    appKey: `curl ${base}/app-keys \\
  -H "Authorization: Bearer $GPTLAB_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${body({ name: app, kind: "secret", bots: [bot], budget_usd: 5 })}'`,
  }),

  node: ({ base, streamBase, bot }) => ({
    start: `const api = "${base}";
const headers = {
  Authorization: \`Bearer \${process.env.GPTLAB_KEY}\`,
  "Content-Type": "application/json",
};

const started = await fetch(\`\${api}/sessions\`, {
  method: "POST",
  headers,
  body: JSON.stringify({ bot: "${bot}" }),
});
const { session, reply } = await started.json();
console.log(reply);`,
    respond: `const messages = \`/sessions/\${session.id}/messages\`;
const answered = await fetch(api + messages, {
  method: "POST",
  headers: { ...headers, "Idempotency-Key": crypto.randomUUID() },
  body: JSON.stringify({ message: "${first}" }),
});
const answer = await answered.json();
console.log(answer.reply, answer.usage.cost_usd);`,
    stream: `const streamed = await fetch("${streamBase}" + messages, {
  method: "POST",
  headers: { ...headers, Accept: "text/event-stream" },
  body: JSON.stringify({ message: "${second}" }),
});
const text = streamed.body.pipeThrough(new TextDecoderStream());
let rest = "";
for await (const piece of text) {
  const events = (rest + piece).split("\\n\\n");
  rest = events.pop();
  for (const event of events) {
    const data = event.match(/^data: (.*)$/m)?.[1];
    if (!event.startsWith("event: delta")) continue;
    process.stdout.write(JSON.parse(data).text);
  }
}`,
    openai: `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${base}",
  apiKey: process.env.GPTLAB_KEY,
});
const completion = await client.chat.completions.create({
  model: "${bot}",
  messages: [{ role: "user", content: "${first}" }],
});
console.log(completion.choices[0].message.content);`,
    appKey: `const made = await fetch(\`\${api}/app-keys\`, {
  method: "POST",
  headers,
  body: JSON.stringify({
    name: "${app}",
    kind: "secret",
    bots: ["${bot}"],
    budget_usd: 5,
  }),
});
const { key } = await made.json();`,
  }),

  python: ({ base, streamBase, bot }) => ({
    start: `import json, os, uuid
import requests

api = "${base}"
headers = {"Authorization": f"Bearer {os.environ['GPTLAB_KEY']}"}

started = requests.post(f"{api}/sessions", headers=headers, json={"bot": "${bot}"}).json()
session = started["session"]["id"]
print(started["reply"])`,
    respond: `answer = requests.post(
    f"{api}/sessions/{session}/messages",
    headers={**headers, "Idempotency-Key": str(uuid.uuid4())},
    json={"message": "${first}"},
).json()
print(answer["reply"], answer["usage"]["cost_usd"])`,
    stream: `streamed = requests.post(
    f"${streamBase}/sessions/{session}/messages",
    headers={**headers, "Accept": "text/event-stream"},
    json={"message": "${second}"},
    stream=True,
)
event = ""
for line in streamed.iter_lines(decode_unicode=True):
    if line.startswith("event: "):
        event = line.removeprefix("event: ")
    elif line.startswith("data: ") and event == "delta":
        print(json.loads(line.removeprefix("data: "))["text"], end="", flush=True)`,
    openai: `import os
from openai import OpenAI

client = OpenAI(
    base_url="${base}",
    api_key=os.environ["GPTLAB_KEY"],
)
completion = client.chat.completions.create(
    model="${bot}",
    messages=[{"role": "user", "content": "${first}"}],
)
print(completion.choices[0].message.content)`,
    appKey: `made = requests.post(
    f"{api}/app-keys",
    headers=headers,
    json={
        "name": "${app}",
        "kind": "secret",
        "bots": ["${bot}"],
        "budget_usd": 5,
    },
).json()
key = made["key"]`,
  }),
};
