/** Fills in the script tag below, which runs after this, and shows it as one would write it. */
const { appKey, assistant } = JSON.parse(sessionStorage.getItem("gptlab.widget-demo") ?? "{}");
if (!appKey) location.replace("/widget-demo");
const widget = document.getElementById("widget");
Object.assign(widget.dataset, { appKey, assistant });
document.getElementById("tag").textContent =
  `<script src="${widget.src}"\n  data-app-key="${appKey}"\n  data-assistant="${assistant}"></script>`;
