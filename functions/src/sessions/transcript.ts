import { stringify } from "csv-stringify/sync";
import type { z } from "zod";
import type { MessageObject } from "./shapes";

type Message = z.input<typeof MessageObject>;
export const TRANSCRIPT_FORMATS = ["csv", "json", "md"] as const;
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

export type Transcript = { filename: string; content_type: string; content: string };

const TYPES = {
  csv: "text/csv; charset=utf-8",
  json: "application/json; charset=utf-8",
  md: "text/markdown; charset=utf-8",
} as const;

/** A conversation as a file; `at` names it: conversation_20260131T120000Z.csv. */
export function writeTranscript(
  format: TranscriptFormat,
  title: string,
  messages: Message[],
  at: Date,
): Transcript {
  const stamp = at.toISOString().replace(/[-:]|\.\d+/g, "");
  return {
    filename: `conversation_${stamp}.${format}`,
    content_type: TYPES[format],
    content: WRITERS[format](title, messages),
  };
}

const row = ({ created_at, role, content, state, model, usage }: Message) => ({
  time: created_at,
  role,
  content,
  state,
  model: model ?? null,
  input_tokens: usage?.input_tokens ?? null,
  output_tokens: usage?.output_tokens ?? null,
  cost_usd: usage?.cost_usd ?? null,
});

const WRITERS: Record<TranscriptFormat, (title: string, messages: Message[]) => string> = {
  // A byte order mark, because spreadsheets otherwise misread accents; formulas are neutralised (CWE-1236).
  csv: (_, messages) => stringify(messages.map(row), { header: true, bom: true, escape_formulas: true }),
  json: (title, messages) => `${JSON.stringify({ title, messages: messages.map(row) }, null, 2)}\n`,
  md: (title, messages) => {
    const said = messages.map(({ role, created_at, content }) => {
      const who = role === "user" ? "You" : title;
      return `**${who}** · ${created_at}\n\n${content}\n`;
    });
    return `# Conversation with ${title}\n\n${said.join("\n---\n\n")}`;
  },
};
