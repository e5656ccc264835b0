import { signOut } from "../client/account";
import { key } from "../client/key";
import type { Route } from "../router";
import { paths } from "../router";
import { useStore } from "../store";
import { texts } from "../texts";

/** Pages to look at without a key, which do not ask for one themselves. */
const WITHOUT_FORM: ReadonlySet<Route["page"]> = new Set(["lounge", "faq", "terms", "developers"]);

/** The head of every page: where one is, and the way out. */
export function Header({ route }: { route: Route }) {
  const signedIn = useStore(key) !== null;
  return (
    <header class="site-header">
      <a class="wordmark" href={paths.home}>
        <svg viewBox="0 0 20 24" aria-hidden="true">
          <path d="M1 23V10a9 9 0 0 1 18 0v13Z M10 1v22M1 12h18" />
        </svg>
        <span class="wordmark-name">{texts.site.name}</span>
      </a>
      <nav class="site-nav" aria-label={texts.site.name}>
        <a href={paths.lounge} aria-current={route.page === "lounge" ? "page" : undefined}>
          {texts.site.lounge}
        </a>
        <a href={paths.lab()} aria-current={route.page === "lab" ? "page" : undefined}>
          {texts.site.lab}
        </a>
        {signedIn && (
          <>
            <a
              class="site-nav-more"
              href={paths.usage}
              aria-current={route.page === "usage" ? "page" : undefined}
            >
              {texts.site.usage}
            </a>
            <a href={paths.account} aria-current={route.page === "account" ? "page" : undefined}>
              {texts.site.account}
            </a>
          </>
        )}
        {signedIn ? (
          <button type="button" class="link" onClick={() => signOut()}>
            {texts.site.signOut}
          </button>
        ) : (
          WITHOUT_FORM.has(route.page) && <a href={paths.home}>{texts.site.signIn}</a>
        )}
      </nav>
    </header>
  );
}

/** The foot of every page but the chat. */
export function Footer() {
  return (
    <footer class="site-footer whisper">
      <p>{texts.site.footer}</p>
      <nav aria-label={texts.site.more}>
        <a href={paths.faq}>{texts.site.faq}</a> <a href={paths.terms}>{texts.site.terms}</a>{" "}
        <a href={paths.developers}>{texts.site.developers}</a> <a href="/docs">{texts.site.docs}</a>{" "}
        <span>{texts.site.version(__VERSION__)}</span>
      </nav>
    </footer>
  );
}
