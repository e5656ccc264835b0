import "../styles/reading.css";
import { Contents } from "../components/contents";
import { Rich } from "../components/rich";
import { termsTexts as words } from "../texts/terms";
import { useTitle } from "../title";
import { useHash } from "../use-hash";

/** What one agrees to, and what is stored how. */
export function TermsPage() {
  useTitle(words.title);
  useHash();
  return (
    <div class="reading">
      <header class="page-head">
        <h1 class="display">{words.title}</h1>
        <p class="lede">{words.lede}</p>
        <p class="whisper">{words.updated}</p>
      </header>
      <Contents label={words.contents} parts={words.parts} />
      <div class="reading-body">
        {words.parts.map(({ id, title, sections }) => (
          <section key={id} id={id} class="terms-part">
            <h2>{title}</h2>
            {sections.map((section) => (
              <section key={section.id} id={section.id} class="clause">
                <h3>{section.title}</h3>
                <Rich prose={section.body} />
              </section>
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}
