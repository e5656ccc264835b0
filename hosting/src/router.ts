import { createStore } from "./create-store";

export type Route =
  | { page: "home" }
  | { page: "lounge"; mine: boolean }
  | { page: "assistant"; code: string }
  | { page: "chat"; code: string; session: string }
  | { page: "lab"; code: string | null; step: LabStep }
  | { page: PlainPage }
  | { page: "lost" };

/** The lab's way from an idea to an assistant; the last two are there once it is saved. */
export const LAB_STEPS = ["prompt", "test", "card", "share", "versions"] as const;
export type LabStep = (typeof LAB_STEPS)[number];

/** Pages at an address of their own, of which nothing is a parameter. */
const plainPages = {
  "/usage": "usage",
  "/account": "account",
  "/account/recover": "recover",
  "/faq": "faq",
  "/terms": "terms",
  "/developers": "developers",
} as const;
type PlainPage = (typeof plainPages)[keyof typeof plainPages];

/** The session part of an address while its first message is still on the way. */
export const NEW_SESSION = "new";

export const paths = {
  home: "/",
  lounge: "/lounge",
  mine: "/lounge?show=mine",
  usage: "/usage",
  account: "/account",
  recover: "/account/recover",
  faq: "/faq",
  terms: "/terms",
  developers: "/developers",
  assistant: (code: string) => `/a/${encodeURIComponent(code)}`,
  lab: (code: string | null = null, step: LabStep = "prompt") =>
    `/lab${code ? `/${encodeURIComponent(code)}` : ""}${step === "prompt" ? "" : `?step=${step}`}`,
  chat: (code: string, session: string) => `/a/${encodeURIComponent(code)}/${encodeURIComponent(session)}`,
};

/** Which page an address means. `?assistant_id=` is the original's share link and works on any path. */
export function routeOf(url: URL): Route {
  const linked = url.searchParams.get("assistant_id");
  if (linked) return { page: "assistant", code: linked.trim() };
  const parts = segments(url.pathname);
  if (parts === null) return { page: "lost" };
  const [first, code, session] = parts;
  if (first === undefined) return { page: "home" };
  if (first === "lounge" && parts.length === 1) {
    return { page: "lounge", mine: url.searchParams.get("show") === "mine" };
  }
  if (first === "a" && code !== undefined && parts.length <= 3) {
    return session === undefined ? { page: "assistant", code } : { page: "chat", code, session };
  }
  if (first === "lab" && parts.length <= 2) {
    const step = LAB_STEPS.find((name) => name === url.searchParams.get("step")) ?? "prompt";
    return { page: "lab", code: code ?? null, step };
  }
  const plain = `/${parts.join("/")}`;
  if (Object.hasOwn(plainPages, plain)) return { page: plainPages[plain as keyof typeof plainPages] };
  return { page: "lost" };
}

function segments(pathname: string): string[] | null {
  try {
    return pathname.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** The address shown now, as text. */
export const address = createStore(typeof location === "undefined" ? "/" : location.href);

/** Goes to a page of this site. `opening` is the card that opens into it, where the browser can show that. */
export function navigate(
  path: string,
  { replace = false, opening }: { replace?: boolean; opening?: Element } = {},
) {
  const change = async () => {
    history[replace ? "replaceState" : "pushState"](null, "", path);
    address.set(location.href);
    if (!replace) scrollTo(0, 0);
    await drawn();
  };
  const shared = opening?.querySelector<HTMLElement>("[data-shared]");
  if (!shared || !document.startViewTransition || matchMedia("(prefers-reduced-motion: reduce)").matches) {
    void change();
    return;
  }
  shared.style.viewTransitionName = "assistant";
  document.startViewTransition(change);
}

const LOOK_MS = 20;
const LONGEST_LOOK_MS = 400;

/** Resolves when the card's picture is on the new page as well, whose script may still be on its way. */
const drawn = () =>
  new Promise<void>((resolve) => {
    const until = performance.now() + LONGEST_LOOK_MS;
    const look = () => {
      if (document.querySelector("main [data-shared]") || performance.now() > until) resolve();
      else setTimeout(look, LOOK_MS);
    };
    setTimeout(look, LOOK_MS);
  });

/** Makes plain links and the back button work without loading the page anew. Returns how to stop. */
export function listenForNavigation(): () => void {
  const onClick = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.("a");
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    if (url.hash || routeOf(url).page === "lost") return;
    event.preventDefault();
    const opening = link.closest("[data-opens]");
    navigate(url.pathname + url.search, opening ? { opening } : {});
  };
  const onPop = () => address.set(location.href);
  document.addEventListener("click", onClick);
  addEventListener("popstate", onPop);
  return () => {
    document.removeEventListener("click", onClick);
    removeEventListener("popstate", onPop);
  };
}
