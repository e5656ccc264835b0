import { dayOf, readSettings } from "./app-key-settings";

const filled = {
  name: " My site ",
  bots: "a",
  origins: "https://a.example/page, https://b.example",
  budget_usd: "2,5",
  requests_per_day: "100",
  expires_at: "2999-12-31",
};

function form(change: Partial<typeof filled> = {}): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries({ ...filled, ...change })) if (value) data.append(name, value);
  return data;
}

test("what the form says, as the API takes it", () => {
  expect(readSettings(form(), "publishable")).toEqual({
    name: "My site",
    kind: "publishable",
    bots: ["a"],
    origins: ["https://a.example", "https://b.example"],
    budget_usd: 2.5,
    requests_per_day: 100,
    expires_at: new Date("2999-12-31T23:59:59.999").toISOString(),
  });
});

test("a key for a server needs a name alone, and has no sites", () => {
  const empty = { bots: "", budget_usd: "", requests_per_day: "", expires_at: "" };
  expect(readSettings(form(empty), "secret")).toEqual({
    name: "My site",
    kind: "secret",
    bots: [],
    origins: [],
    budget_usd: null,
    requests_per_day: null,
    expires_at: null,
  });
});

test.each([
  ["name", { name: " " }],
  ["bots", { bots: "" }],
  ["origins", { origins: "" }],
  ["budget_usd", { budget_usd: "" }],
  ["budget_usd", { budget_usd: "five" }],
  ["budget_usd", { budget_usd: "0" }],
  ["requests_per_day", { requests_per_day: "many" }],
  ["requests_per_day", { requests_per_day: "1.5" }],
])("the field at fault is %s", (wrong, change) => {
  expect(readSettings(form(change), "publishable")).toEqual({ wrong });
});

test.each(["2999-12-31", "2031-03-01", ""])("the last day %p is read as it was written", (day) => {
  const read = readSettings(form({ expires_at: day }), "publishable");
  expect(dayOf("wrong" in read ? null : read.expires_at)).toBe(day);
});
