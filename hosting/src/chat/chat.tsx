import "../styles/chat.css";
import "../styles/prose.css";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { getBot, knownBot } from "../client/api";
import { key } from "../client/key";
import { useLoad } from "../client/use-load";
import { Avatar } from "../components/avatar";
import { KeyForm } from "../components/key-form";
import { Notice } from "../components/notice";
import { NEW_SESSION, navigate, paths } from "../router";
import { useStore } from "../store";
import { texts } from "../texts";
import { Conversation } from "./conversation";
import { isOpeningPlanned } from "./pending";
import { Talk } from "./talk";

type Props = { code: string; session: string };

/** A conversation under its own address: reload it, come back to it. */
export function ChatPage({ code, session }: Props) {
  const signedIn = useStore(key) !== null;
  const nothingToOpen = session === NEW_SESSION && !isOpeningPlanned(code);
  useEffect(() => {
    if (nothingToOpen) navigate(paths.assistant(code), { replace: true });
  }, [nothingToOpen]);
  if (nothingToOpen) return null;
  return signedIn ? <Open code={code} session={session} /> : <KeyNeeded code={code} />;
}

function Open({ code, session }: Props) {
  const { data: bot } = useLoad(() => getBot(code), [code], knownBot(code));
  const conversation = useConversation(code, session);
  const { loading, session: loaded, problem } = useStore(conversation.view);
  if (loading) return <Loading code={code} />;
  const failedToLoad = problem !== null && loaded === null && session !== NEW_SESSION;
  if (failedToLoad) return <Notice error={problem.error} again={problem.again} />;
  return <Talk code={code} conversation={conversation} bot={bot} />;
}

/** The conversation of this address; the same one when a new session gets its address. */
function useConversation(code: string, session: string): Conversation {
  const kept = useRef<Conversation | null>(null);
  const conversation = useMemo(() => {
    const before = kept.current;
    if (before?.view.get().session?.id === session) return before;
    before?.leave();
    return new Conversation(code, (opened) => navigate(paths.chat(code, opened.id), { replace: true }));
  }, [session]);
  useEffect(() => {
    if (kept.current === conversation) return;
    kept.current = conversation;
    void conversation.start(session);
  }, [conversation]);
  useEffect(() => () => kept.current?.leave(), []);
  return conversation;
}

function KeyNeeded({ code }: { code: string }) {
  return (
    <div class="assistant">
      <section class="portrait">
        <Avatar id={knownBot(code)?.id ?? code} size="large" />
        <h1>{texts.chat.signInAgain}</h1>
        <p class="lede">{texts.chat.signInAgainWhat}</p>
      </section>
      <section class="sheet" aria-label={texts.home.keyTitle}>
        <KeyForm submit={texts.chat.submit} />
      </section>
    </div>
  );
}

function Loading({ code }: { code: string }) {
  return (
    <div class="chat skeleton" role="status" aria-label={texts.chat.loading}>
      <div class="replied">
        <Avatar id={knownBot(code)?.id ?? code} size="small" />
        <div class="replied-words">
          <span class="bone bone-line" />
          <span class="bone bone-line" />
          <span class="bone bone-line bone-short" />
        </div>
      </div>
    </div>
  );
}
