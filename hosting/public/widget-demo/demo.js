/** Fills in the assistants, and puts the very script tag on the page that it shows. */
const form = document.getElementById("choice");
const assistant = document.getElementById("assistant");
const key = document.getElementById("key");
const state = document.getElementById("state");

const tagOf = () =>
  `<script src="${location.origin}/widget.js"\n  data-app-key="${key.value || "glp_…"}"\n  data-assistant="${assistant.value}"></script>`;

function showTag() {
  document.getElementById("tag").textContent = tagOf();
}

function embed() {
  document.querySelector("gptlab-chat")?.remove();
  const script = document.createElement("script");
  script.src = "/widget.js";
  script.dataset.appKey = key.value.trim();
  script.dataset.assistant = assistant.value;
  document.body.append(script);
  state.textContent = "It is there, in the corner.";
}

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
    showTag();
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
  showTag();
}

form.addEventListener("input", showTag);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  showTag();
  embed();
});
start();
