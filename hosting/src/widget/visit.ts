/** What this page remembers of a visitor: the secret that opens their conversations, and the one they were in. */
export type Visit = { secret: string; session: string | null };

const SECRET = /^[\w-]{43}$/;

/** A visit kept in the page's own storage, one for each assistant; without storage it lasts as long as the page. */
export function openVisit(assistant: string) {
  const place = `gptlab-widget:${assistant}`;
  const visit = read(place) ?? { secret: newSecret(), session: null };
  return {
    get: (): Visit => visit,
    keep(session: string | null): void {
      visit.session = session;
      try {
        localStorage.setItem(place, JSON.stringify(visit));
      } catch {
        // A page or browser that keeps nothing: the conversation ends with the page.
      }
    },
  };
}

export type OpenVisit = ReturnType<typeof openVisit>;

function read(place: string): Visit | null {
  try {
    const { secret, session } = JSON.parse(localStorage.getItem(place) ?? "null") as Visit;
    return SECRET.test(secret) ? { secret, session: typeof session === "string" ? session : null } : null;
  } catch {
    return null;
  }
}

/** 32 random bytes in base64url. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (c) => ({ "+": "-", "/": "_" })[c] ?? "");
}
