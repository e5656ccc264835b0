import { useEffect, useRef } from "preact/hooks";
import { Footer, Header } from "./components/header";
import { later } from "./components/later";
import { AssistantPage } from "./pages/assistant";
import { HomePage } from "./pages/home";
import { LostPage } from "./pages/lost";
import { LoungePage } from "./pages/lounge";
import { address, listenForNavigation, navigate, paths, type Route, routeOf } from "./router";
import { useStore } from "./store";
import { texts } from "./texts";

const ChatPage = later(() => import("./chat/chat").then((module) => module.ChatPage));
const LabPage = later(() => import("./lab/lab").then((module) => module.LabPage));
const UsagePage = later(() => import("./pages/usage/usage").then((module) => module.UsagePage));
const AccountPage = later(() => import("./pages/account/account").then((module) => module.AccountPage));
const RecoverPage = later(() => import("./pages/account/recover").then((module) => module.RecoverPage));
const FaqPage = later(() => import("./pages/faq").then((module) => module.FaqPage));
const TermsPage = later(() => import("./pages/terms").then((module) => module.TermsPage));
const DevelopersPage = later(() =>
  import("./pages/developers/developers").then((module) => module.DevelopersPage),
);

/** The whole site: one frame, and the page that the address means. */
export function App() {
  const href = useStore(address);
  const url = new URL(href);
  const route = routeOf(url);
  const main = useRef<HTMLElement>(null);
  const place = placeOf(route);
  const first = useRef(true);
  useEffect(listenForNavigation, []);
  useEffect(() => {
    // The original's share link, as the address that this site uses.
    if (url.searchParams.has("assistant_id") && route.page === "assistant") {
      navigate(paths.assistant(route.code), { replace: true });
    }
  }, [href]);
  useEffect(() => {
    // After a change of page, whoever uses a keyboard or a screen reader starts at its top.
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [place]);
  return (
    <>
      <a class="skip" href="#content">
        {texts.site.skip}
      </a>
      <Header route={route} />
      <main id="content" class={`page page-${route.page}`} ref={main} tabIndex={-1}>
        <Page route={route} />
      </main>
      {route.page !== "chat" && <Footer />}
    </>
  );
}

/** A chat stays the same place while its address gets its session. */
function placeOf(route: Route): string {
  if (route.page === "lab") return `lab ${route.code} ${route.step}`;
  return route.page === "chat" || route.page === "assistant" ? `${route.page} ${route.code}` : route.page;
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "home":
      return <HomePage />;
    case "lounge":
      return <LoungePage mine={route.mine} />;
    case "assistant":
      return <AssistantPage key={route.code} code={route.code} />;
    case "chat":
      return <ChatPage key={route.code} code={route.code} session={route.session} />;
    case "lab":
      return <LabPage key={route.code ?? ""} code={route.code} step={route.step} />;
    case "usage":
      return <UsagePage />;
    case "account":
      return <AccountPage />;
    case "recover":
      return <RecoverPage />;
    case "faq":
      return <FaqPage />;
    case "terms":
      return <TermsPage />;
    case "developers":
      return <DevelopersPage />;
    case "lost":
      return <LostPage />;
  }
}
