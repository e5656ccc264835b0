import { Markdown } from "../chat/markdown";
import type { View } from "../chat/view";
import type { Store } from "../create-store";
import { useStore } from "../store";
import { texts } from "../texts";

type Props = { view: View; writing: Store<string> };

/** The recap as people will get it at the end, until the conversation goes on. */
export function TrialRecap({ view: { recap, busy, session }, writing }: Props) {
  const written = useStore(writing);
  const growing = busy === "recap";
  if (!growing && session?.status !== "completed") return null;
  const words = growing ? written : recap;
  return (
    <section class="trial-recap" aria-label={texts.recap.title}>
      <h3 class="eyebrow">{texts.recap.title}</h3>
      {words ? (
        <Markdown text={words} growing={growing} />
      ) : (
        <p class="recap-wait" role="status">
          <span class="pulse" aria-hidden="true" />
          <span class="whisper">{texts.chat.concluding}</span>
        </p>
      )}
    </section>
  );
}
