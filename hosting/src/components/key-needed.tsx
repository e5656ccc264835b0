import { texts } from "../texts";
import { KeyForm } from "./key-form";

/** A page that belongs to a key, where there is none yet: what it would show, and the way in. */
export function KeyNeeded({ title, what }: { title: string; what: string }) {
  return (
    <div class="key-needed">
      <section>
        <h1 class="display">{title}</h1>
        <p class="lede">{what}</p>
      </section>
      <section class="sheet" aria-labelledby="come-in">
        <h2 id="come-in">{texts.home.keyTitle}</h2>
        <KeyForm />
      </section>
    </div>
  );
}
