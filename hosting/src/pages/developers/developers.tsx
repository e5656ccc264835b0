import "../../styles/own.css";
import "../../styles/developers.css";
import { useState } from "preact/hooks";
import { presets } from "../../client/api";
import { useLoad } from "../../client/use-load";
import { CopyButton } from "../../components/copy-button";
import { type Prose, Rich } from "../../components/rich";
import { developersTexts as words } from "../../texts/developers";
import { useTitle } from "../../title";
import { useHash } from "../../use-hash";
import { LANGUAGE_NAMES, LANGUAGES, type Language, type Step, samplesIn } from "./samples";
import { useBots, YourValues } from "./values";

const PLACEHOLDER = "YOUR_ASSISTANT_CODE";

/** The API by examples that hold the reader's own values. */
export function DevelopersPage() {
  const [language, setLanguage] = useState<Language>("curl");
  const bots = useBots();
  const [chosen, setChosen] = useState("");
  const { data } = useLoad(presets, []);
  useTitle(words.title);
  useHash();
  const base = `${location.origin}/v1`;
  const bot = chosen || (bots.mine[0] ?? bots.lounge[0])?.id || PLACEHOLDER;
  const samples = samplesIn(language, { base, streamBase: data?.stream_base ?? base, bot });
  return (
    <>
      <header class="page-head">
        <h1 class="display">{words.title}</h1>
        <p class="lede">{words.lede}</p>
      </header>
      <YourValues base={base} bots={bots} bot={bot} onBot={setChosen} />
      <div class="steps">
        <LanguageChoice language={language} onLanguage={setLanguage} />
        {(Object.keys(samples) as Step[]).map((step) => (
          <Sample key={step} id={step} {...words.steps[step]} language={language} code={samples[step]} />
        ))}
        <section id="more" class="step">
          <h2>{words.more.title}</h2>
          <div class="step-what">
            <Rich prose={words.more.points} />
          </div>
        </section>
      </div>
    </>
  );
}

type ChoiceProps = { language: Language; onLanguage: (language: Language) => void };

function LanguageChoice({ language, onLanguage }: ChoiceProps) {
  return (
    <fieldset class="choices language">
      <legend class="unseen">{words.languages}</legend>
      {LANGUAGES.map((each) => (
        <label key={each}>
          <input
            class="unseen"
            type="radio"
            name="language"
            checked={each === language}
            onChange={() => onLanguage(each)}
          />
          <span>{LANGUAGE_NAMES[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}

type SampleProps = { id: string; title: string; what: Prose; language: Language; code: string };

function Sample({ id, title, what, language, code }: SampleProps) {
  return (
    <section id={id} class="step">
      <h2>{title}</h2>
      <div class="step-what">
        <Rich prose={what} />
      </div>
      <div class="sample">
        <p class="sample-head">
          <span class="whisper">{LANGUAGE_NAMES[language]}</span>
          <CopyButton text={() => code} label={words.copy(title)} />
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard */}
        <pre tabIndex={0}>
          <code data-testid={`sample-${id}`}>{code}</code>
        </pre>
      </div>
    </section>
  );
}
