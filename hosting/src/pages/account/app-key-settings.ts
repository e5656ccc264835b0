import type { AppKeyKind, createAppKey } from "../../client/app-keys";

type Settings = Parameters<typeof createAppKey>[0];

/** What the form says as the API takes it, or the first field that cannot be right. */
export function readSettings(form: FormData, kind: AppKeyKind): Settings | { wrong: string } {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const publishable = kind === "publishable";
  const settings: Settings = {
    name: text("name"),
    kind,
    bots: form.getAll("bots").map(String),
    origins: publishable
      ? text("origins")
          .split(/[\s,]+/)
          .filter(Boolean)
          .map(originOf)
      : [],
    budget_usd: numberOf(text("budget_usd")),
    requests_per_day: numberOf(text("requests_per_day")),
    expires_at: endOf(text("expires_at")),
  };
  const { budget_usd, requests_per_day } = settings;
  if (settings.name === "") return { wrong: "name" };
  if (publishable && settings.bots.length === 0) return { wrong: "bots" };
  if (publishable && settings.origins.length === 0) return { wrong: "origins" };
  if (budget_usd === null ? publishable : !(budget_usd > 0)) return { wrong: "budget_usd" };
  if (requests_per_day !== null && !(Number.isInteger(requests_per_day) && requests_per_day > 0)) {
    return { wrong: "requests_per_day" };
  }
  return settings;
}

/** Empty is no limit; what is no number is NaN, which no limit may be. */
const numberOf = (text: string): number | null => (text === "" ? null : Number(text.replace(",", ".")));

/** A site as browsers name it: somebody may have pasted the address of a page. */
const originOf = (text: string): string => {
  const origin = URL.canParse(text) ? new URL(text).origin : "null";
  return origin === "null" ? text : origin;
};

/** The day at whose end a key stops, as a date field takes it. */
export const dayOf = (end: string | null): string => {
  if (end === null) return "";
  const date = new Date(end);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
};

/** The end of a day where the visitor is. */
const endOf = (date: string): string | null =>
  date === "" ? null : new Date(`${date}T23:59:59.999`).toISOString();
