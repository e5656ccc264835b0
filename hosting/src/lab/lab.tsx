import "../styles/lab.css";
import { useState } from "preact/hooks";
import { getBot } from "../client/api";
import { key } from "../client/key";
import { useLoad } from "../client/use-load";
import { CodeForm } from "../components/code-form";
import { KeyForm } from "../components/key-form";
import { Empty, Notice } from "../components/notice";
import { type LabStep, paths } from "../router";
import { useStore } from "../store";
import { texts } from "../texts";
import { labTexts } from "../texts/lab";
import { useTitle } from "../title";
import { knownKit, loadKit } from "./calls";
import type { OwnBot } from "./shapes";
import { Studio } from "./studio";

type Props = { code: string | null; step: LabStep };

/** Where assistants are made and changed: `/lab` begins a new one, `/lab/{code}` opens one of the visitor's own. */
export function LabPage(props: Props) {
  const signedIn = useStore(key) !== null;
  useTitle(labTexts.title);
  return signedIn ? <Open {...props} /> : <Guest />;
}

function Open({ code, step }: Props) {
  const kit = useLoad(loadKit, [], knownKit());
  const bot = useLoad(() => (code ? getBot(code) : Promise.resolve(null)), [code]);
  const [fresh, setFresh] = useState<OwnBot | null>(null);
  const failed = kit.error ? kit : bot;
  if (failed.error && isWrongCode(failed.error.code)) return <NotYours />;
  if (failed.error) return <Notice error={failed.error} again={failed.reload} />;
  if (!kit.data || (code && !bot.data)) return <Loading />;
  if (bot.data && !isOwn(bot.data)) return <NotYours />;
  return <Studio kit={kit.data} saved={fresh ?? bot.data ?? null} step={step} onSaved={setFresh} />;
}

const isWrongCode = (code: string) => code === "bot_not_found" || code === "invalid_request";

const isOwn = (bot: object): bot is OwnBot => "initial_prompt" in bot;

function Guest() {
  return (
    <div class="entrance">
      <section class="entrance-what">
        <h1 class="display">{labTexts.guest.title}</h1>
        <p class="lede">{labTexts.guest.what}</p>
      </section>
      <section class="entrance-key sheet" aria-labelledby="come-in">
        <h2 id="come-in">{labTexts.guest.keyTitle}</h2>
        <KeyForm submit={labTexts.guest.submit} />
      </section>
    </div>
  );
}

function NotYours() {
  useTitle(texts.assistant.wrong);
  return (
    <Empty level={1} title={texts.assistant.wrong} what={texts.assistant.wrongWhat}>
      <CodeForm />
      <a class="onward" href={paths.lab()}>
        {labTexts.share.another}
      </a>
    </Empty>
  );
}

function Loading() {
  return (
    <div class="skeleton lab-skeleton" role="status" aria-label={labTexts.loading}>
      <span class="bone bone-title" />
      <span class="bone bone-sheet" />
    </div>
  );
}
