import { useEffect } from "preact/hooks";
import { listBots } from "../client/api";
import { key } from "../client/key";
import type { Bot } from "../client/shapes";
import { useLoad } from "../client/use-load";
import { BotCard, CardSkeleton } from "../components/bot-card";
import { CodeForm } from "../components/code-form";
import { Empty, Notice } from "../components/notice";
import { hash } from "../hue";
import { navigate, paths } from "../router";
import { useStore } from "../store";
import { texts } from "../texts";
import { useTitle } from "../title";

/** Another order for every visit, so that nobody is always first; the same one while the visit lasts. */
const visit = Math.random().toString();
const shuffled = (bots: Bot[]) => [...bots].sort((a, b) => hash(visit + a.id) - hash(visit + b.id));

/** The room with everyone in it: showcased assistants, one's own, and a way in by code. */
export function LoungePage({ mine }: { mine: boolean }) {
  const signedIn = useStore(key) !== null;
  const onlyMine = mine && signedIn;
  useTitle(texts.lounge.title);
  useEffect(() => {
    if (mine && !signedIn) navigate(paths.lounge, { replace: true });
  }, [mine, signedIn]);
  return (
    <>
      <header class="page-head">
        <h1 class="display">{texts.lounge.title}</h1>
        <p class="lede">{texts.lounge.what}</p>
        {signedIn && (
          <nav class="tabs" aria-label={texts.lounge.filter}>
            <a href={paths.lounge} aria-current={onlyMine ? undefined : "page"}>
              {texts.lounge.everyone}
            </a>
            <a href={paths.mine} aria-current={onlyMine ? "page" : undefined}>
              {texts.lounge.mine}
            </a>
          </nav>
        )}
      </header>
      <Cards key={onlyMine ? "mine" : "showcased"} filter={onlyMine ? "mine" : "showcased"} />
      <section class="by-code" aria-labelledby="by-code">
        <h2 id="by-code">{texts.code.title}</h2>
        <CodeForm />
      </section>
    </>
  );
}

function Cards({ filter }: { filter: "showcased" | "mine" }) {
  const { data, error, reload } = useLoad(() => listBots(filter), [filter]);
  if (error) return <Notice error={error} again={reload} />;
  if (!data) return <Skeletons />;
  if (data.length === 0) return <NobodyHere filter={filter} />;
  return (
    <div class="cards">
      {(filter === "mine" ? data : shuffled(data)).map((bot) => (
        <BotCard key={bot.id} bot={bot} />
      ))}
    </div>
  );
}

function Skeletons() {
  return (
    <div class="cards" role="status" aria-label={texts.lounge.loading}>
      <CardSkeleton />
      <CardSkeleton />
      <CardSkeleton />
      <CardSkeleton />
    </div>
  );
}

function NobodyHere({ filter }: { filter: "showcased" | "mine" }) {
  const { empty, emptyWhat, emptyMine, emptyMineWhat, emptyMineGo } = texts.lounge;
  if (filter === "showcased") return <Empty title={empty} what={emptyWhat} />;
  return (
    <Empty title={emptyMine} what={emptyMineWhat}>
      <a class="button" href={paths.lab()}>
        {emptyMineGo}
      </a>
    </Empty>
  );
}
