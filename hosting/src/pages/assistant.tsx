import { useEffect } from "preact/hooks";
import { planOpening } from "../chat/pending";
import { getBot, knownBot } from "../client/api";
import { key } from "../client/key";
import type { Bot } from "../client/shapes";
import { useLoad } from "../client/use-load";
import { Avatar } from "../components/avatar";
import { CodeForm } from "../components/code-form";
import { KeyForm } from "../components/key-form";
import { Empty, Notice } from "../components/notice";
import { hued } from "../hue";
import { NEW_SESSION, navigate, paths } from "../router";
import { useStore } from "../store";
import { texts } from "../texts";
import { useTitle } from "../title";
import { PastSessions } from "./past-sessions";
import { Start } from "./start";

/** One assistant: who it is, and the way into a talk with it. A shared link leads here, mostly without a key. */
export function AssistantPage({ code }: { code: string }) {
  const signedIn = useStore(key) !== null;
  const { data: bot, error, reload } = useLoad(() => getBot(code), [code, signedIn], knownBot(code));
  useTitle(bot?.name);
  useEffect(() => {
    // The chat is the next step: fetched now, it opens without a pause. Where that fails it is fetched then.
    import("../chat/chat").catch(() => {});
  }, []);
  if (error?.code === "bot_not_found" || error?.code === "invalid_request") return <WrongCode />;
  if (error) return <Notice error={error} again={reload} />;
  if (!bot) return <Skeleton />;
  return (
    <div class="assistant hued" style={hued(bot.id)}>
      <Portrait bot={bot} />
      {signedIn ? <Ready code={code} bot={bot} /> : <ComeIn code={code} bot={bot} />}
    </div>
  );
}

function startTalk(code: string, model?: string) {
  planOpening(code, model);
  const opening = document.querySelector(".assistant");
  navigate(paths.chat(code, NEW_SESSION), opening ? { opening } : {});
}

function Portrait({ bot }: { bot: Bot }) {
  return (
    <section class="portrait">
      <Avatar id={bot.id} size="large" />
      <h1 class="display">{bot.name}</h1>
      <p class="tag-line">{bot.tag_line}</p>
      <p class="lede">{bot.description}</p>
      <p class="whisper">{texts.card.starts(bot.sessions_started)}</p>
    </section>
  );
}

function ComeIn({ code, bot }: { code: string; bot: Bot }) {
  return (
    <section class="sheet" aria-labelledby="come-in">
      <h2 id="come-in">{texts.assistant.keyTitle(bot.name)}</h2>
      <p class="sheet-what">{texts.assistant.keyWhat}</p>
      <KeyForm submit={texts.key.submitTo(bot.name)} onSignedIn={() => startTalk(code)} />
    </section>
  );
}

function Ready({ code, bot }: { code: string; bot: Bot }) {
  return (
    <section class="ready">
      {bot.active ? (
        <Start name={bot.name} onStart={(model) => startTalk(code, model)} />
      ) : (
        <div class="notice">
          <p>
            <strong>{texts.assistant.down}.</strong> {texts.assistant.downWhat}
          </p>
        </div>
      )}
      <PastSessions code={code} bot={bot.id} />
    </section>
  );
}

function WrongCode() {
  useTitle(texts.assistant.wrong);
  return (
    <Empty level={1} title={texts.assistant.wrong} what={texts.assistant.wrongWhat}>
      <CodeForm />
      <a class="onward" href={paths.lounge}>
        {texts.assistant.toLounge}
      </a>
    </Empty>
  );
}

function Skeleton() {
  return (
    <div class="assistant" role="status" aria-label={texts.assistant.loading}>
      <div class="portrait skeleton">
        <span class="bone bone-window bone-large" />
        <span class="bone bone-title" />
        <span class="bone bone-tag" />
        <span class="bone bone-text" />
      </div>
    </div>
  );
}
