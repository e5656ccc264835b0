import { createApi } from "./api";
import { Conversation } from "./conversation";
import { View } from "./view";
import { openVisit } from "./visit";

/**
 * `<script src="https://…/widget.js" data-app-key="glp_…" data-assistant="…">` puts an assistant on a page. Nothing
 * is asked of the network before the visitor opens the chat, and nothing is left in the page's global scope.
 */
function mount(script: HTMLScriptElement): void {
  const { appKey, assistant, label, theme } = script.dataset;
  if (!appKey || !assistant) {
    console.error("GPT Lab: the script tag needs data-app-key and data-assistant.");
    return;
  }
  const visit = openVisit(assistant);
  const api = createApi(new URL(script.src).origin, appKey, visit.get().secret);
  const conversation = new Conversation(api, assistant, visit, (state) => view.show(state));
  const view = new View(assistant, label, {
    onOpen: () => void conversation.begin(),
    onSend: (text) => void conversation.send(text),
    onStop: () => conversation.stop(),
    onRetry: () => void conversation.retry(),
    onRestart: () => void conversation.restart(),
  });
  if (theme) view.host.dataset.theme = theme;
  document.body.append(view.host);
}

// A module script is nobody's "current" one.
const script = document.currentScript ?? document.querySelector("script[data-app-key][data-assistant]");
if (script instanceof HTMLScriptElement) {
  if (document.body) mount(script);
  else addEventListener("DOMContentLoaded", () => mount(script), { once: true });
}
