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

async function start() {
  try {
    const response = await fetch("/v1/bots");
    if (!response.ok) throw new Error(String(response.status));
    const { data } = await response.json();
    for (const { id, name, tag_line } of data) assistant.append(new Option(`${name}, ${tag_line}`, id));
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
