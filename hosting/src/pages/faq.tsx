import "../styles/reading.css";
import { useId, useMemo, useState } from "preact/hooks";
import { Contents } from "../components/contents";
import { Empty } from "../components/notice";
import { type Prose, Rich } from "../components/rich";
import { paths } from "../router";
import { type Question, faqTexts as words } from "../texts/faq";
import { useTitle } from "../title";
import { useHash } from "../use-hash";

/** Questions by topic; each answer has an address of its own and opens when somebody comes by it. */
export function FaqPage() {
  const [asked, setAsked] = useState("");
  const groups = useMemo(() => groupsAbout(asked), [asked]);
  const count = groups.reduce((sum, { questions }) => sum + questions.length, 0);
  useTitle(words.title);
  useHash((part) => {
    if (part instanceof HTMLDetailsElement) part.open = true;
  });
  return (
    <div class="reading">
      <header class="page-head">
        <h1 class="display">{words.title}</h1>
        <Find asked={asked} count={count} onAsk={setAsked} />
      </header>
      {count > 0 && <Contents label={words.contents} parts={groups} />}
      <div class="reading-body">
        {groups.map(({ id, title, questions }) => (
          <section key={id} id={id} aria-labelledby={`${id}-title`}>
            <h2 id={`${id}-title`}>{title}</h2>
            {questions.map((question) => (
              <Answer key={question.id} {...question} />
            ))}
          </section>
        ))}
        {count === 0 && (
          <Empty title={words.none} what={words.noneWhat}>
            <button type="button" class="button button-quiet" onClick={() => setAsked("")}>
              {words.all}
            </button>
          </Empty>
        )}
      </div>
    </div>
  );
}

type FindProps = { asked: string; count: number; onAsk: (words: string) => void };

function Find({ asked, count, onAsk }: FindProps) {
  const id = useId();
  return (
    <search class="find">
      <label for={id}>{words.find}</label>
      <input
        id={id}
        class="input"
        type="search"
        autocomplete="off"
        placeholder={words.findHint}
        value={asked}
        onInput={(event) => onAsk(event.currentTarget.value)}
      />
      <span class="whisper" role="status">
        {asked.trim() !== "" && words.found(count)}
      </span>
    </search>
  );
}

function Answer({ id, question, answer }: Question) {
  return (
    <details id={id} class="answer">
      <summary>
        <h3>{question}</h3>
      </summary>
      <div class="answer-words">
        <Rich prose={answer} />
        <p class="whisper">
          <a href={`${paths.faq}#${id}`}>
            {words.link} <span class="unseen">{question}</span>
          </a>
        </p>
      </div>
    </details>
  );
}

/** The topics with those questions that hold every word typed, in question or answer. */
function groupsAbout(asked: string): typeof words.groups {
  const wanted = asked.toLowerCase().split(/\s+/).filter(Boolean);
  const speaksOf = (question: Question) => {
    const text = textOf(question).toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
  return words.groups
    .map((group) => ({ ...group, questions: group.questions.filter(speaksOf) }))
    .filter(({ questions }) => questions.length > 0);
}

const textOf = ({ question, answer }: Question) => [question, ...(answer as Prose).flat()].join(" ");
