import { texts } from "../texts";
import type { Entry } from "./entries";
import { Markdown } from "./markdown";

/** What a message was written in place of: there for whoever wants to look, and otherwise a word. */
export function Earlier({ entries, name }: { entries: Entry[]; name: string }) {
  const replies = entries.filter(({ role }) => role === "assistant").length;
  return (
    <details class="earlier">
      <summary>{texts.chat.earlier(replies)}</summary>
      <ol>
        {entries.map(({ id, role, content }) => (
          <li key={id}>
            <strong>{role === "user" ? texts.chat.you : texts.chat.they(name)}: </strong>
            {role === "user" ? <p dir="auto">{content}</p> : <Markdown text={content} growing={false} />}
          </li>
        ))}
      </ol>
    </details>
  );
}
