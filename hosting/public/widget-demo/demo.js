/** Lets the visitor choose what the page with the widget shows. */
const form = document.getElementById("choice");
const assistant = document.getElementById("assistant");
const key = document.getElementById("key");
const state = document.getElementById("state");

async function call(path, key, body) {
  const response = await fetch(`/v1${path}`, {
    method: body ? "POST" : "GET",
    headers: key ? { authorization: `Bearer ${key}` } : {},
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

/** On a local stack, whose demo key costs nothing, a publishable key for this very page is one click away. */
function offerKey(demoKey) {
  const make = document.getElementById("make");
  make.hidden = false;
  make.addEventListener("click", async () => {
    const bots = [...assistant.options].map(({ value }) => value).slice(0, 20);
    const settings = {
      name: "Widget demo",
      kind: "publishable",
      bots,
      origins: [location.origin],
      budget_usd: 1,
    };
    try {
      key.value = (await call("/app-keys", demoKey, settings)).key;
      make.hidden = true;
    } catch {
      state.textContent = "The key could not be made just now. Try again in a moment.";
    }
  });
}

async function start() {
  try {
    const [{ data }, { demo_key }] = await Promise.all([call("/bots"), call("/presets")]);
    for (const { id, name, tag_line } of data) assistant.append(new Option(`${name}, ${tag_line}`, id));
    if (demo_key) offerKey(demo_key);
  } catch {
    state.textContent = "The API does not answer just now. Reload the page in a moment.";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const choice = { appKey: key.value.trim(), assistant: assistant.value };
  sessionStorage.setItem("gptlab.widget-demo", JSON.stringify(choice));
  location.assign("/widget-demo/page");
});
start();
