import { heal } from "../chat/heal";
import { hued } from "../hue";
import type { Line, State } from "./conversation";
import { drawAll, h, icon, iconButton } from "./dom";
import { readMarkdown } from "./markdown";
import { texts } from "./texts";
import css from "./widget.css?inline";

export type Actions = {
  onOpen: () => void;
  onSend: (text: string) => void;
  onStop: () => void;
  onRetry: () => void;
  onRestart: () => void;
};

/** From here down the dialog fills the screen, and the page behind it cannot be reached. */
const SMALL = "(max-width: 480px)";

/**
 * The bubble and its dialog, in a shadow root: the page's styles do not reach in, these do not reach out. Styles come
 * from a constructed sheet and attributes from the DOM, so that no content security policy stands in the way.
 */
export class View {
  readonly host = document.createElement("gptlab-chat");
  private readonly bubble: HTMLButtonElement;
  private readonly dialog: HTMLDialogElement;
  private readonly title = h("h2", { id: "title" }, texts.open);
  private readonly tagLine = h("p", { class: "tag-line" });
  private readonly mark = h("span", { class: "mark", "aria-hidden": "true" });
  private readonly list = h("ol", { "aria-label": texts.conversation, tabindex: "0" });
  private readonly status = h("p", { class: "unseen", role: "status" });
  private readonly notice = h("div", { class: "notice", role: "alert" });
  private readonly field: HTMLTextAreaElement;
  private readonly sendButton: HTMLButtonElement;
  private readonly stopButton: HTMLButtonElement;
  private drawn: { line: Line; element: HTMLLIElement }[] = [];
  private state: State | null = null;

  constructor(
    assistant: string,
    label: string | undefined,
    private readonly actions: Actions,
  ) {
    const { bubble, field, form, send, stop } = buildControls(label ?? texts.open);
    this.bubble = bubble;
    this.field = field;
    this.sendButton = send;
    this.stopButton = stop;
    const close = iconButton("close", texts.close, () => this.close());
    const anew = iconButton("anew", texts.anew, () => this.askToRestart());
    const head = h("div", { class: "head" }, this.mark, h("div", {}, this.title, this.tagLine), anew, close);
    const note = h("p", { class: "note" }, texts.note);
    this.dialog = h("dialog", { "aria-labelledby": "title", id: "chat" });
    this.dialog.append(head, this.list, this.notice, form, note, this.status);
    for (const [name, value] of Object.entries(hued(assistant))) this.host.style.setProperty(name, value);
    const root = this.host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    root.append(this.bubble, this.dialog);
    this.listen(form);
  }

  private listen(form: HTMLFormElement): void {
    this.bubble.addEventListener("click", () => (this.dialog.open ? this.close() : this.open()));
    this.dialog.addEventListener("close", () => this.closed());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.close();
      event.stopPropagation(); // the page's own shortcuts do not see what is typed here
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.stopButton.addEventListener("click", () => {
      this.actions.onStop();
      this.field.focus();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
  }

  private open(): void {
    if (matchMedia(SMALL).matches) this.dialog.showModal();
    else this.dialog.show();
    this.bubble.setAttribute("aria-expanded", "true");
    this.field.focus();
    this.scrollDown();
    this.actions.onOpen();
  }

  private close(): void {
    this.dialog.close();
  }

  private closed(): void {
    this.bubble.setAttribute("aria-expanded", "false");
    this.bubble.focus();
  }

  private send(): void {
    const text = this.field.value.trim();
    if (text === "" || this.state?.busy !== false || this.state.lines.length === 0) return;
    this.field.value = "";
    this.notice.replaceChildren();
    this.actions.onSend(text);
    this.scrollDown();
  }

  /** A conversation that was left is gone from here, so the visitor is asked first. */
  private askToRestart(): void {
    if ((this.state?.lines.length ?? 0) < 2) this.restart();
    else this.notify(texts.leave, texts.anew, () => this.restart());
  }

  private restart(): void {
    this.notice.replaceChildren();
    this.field.focus();
    this.actions.onRestart();
  }

  private notify(text: string, label: string, onClick: () => void): void {
    const button = h("button", { type: "button" }, label);
    button.addEventListener("click", onClick);
    this.notice.replaceChildren(h("p", {}, text), button);
  }

  /** Shows a state; only what changed is drawn anew. */
  show(state: State): void {
    const before = this.state;
    this.state = state;
    const wasAtEnd = this.list.scrollTop + this.list.clientHeight >= this.list.scrollHeight - 40;
    const name = state.name || texts.assistant;
    if (before?.name !== state.name && state.name) {
      this.title.textContent = state.name;
      this.tagLine.textContent = state.tagLine;
      this.mark.textContent = [...state.name][0] ?? "";
      this.bubble.setAttribute("aria-label", texts.openWith(state.name));
    }
    this.showLines(state.lines, name);
    this.list.setAttribute("aria-busy", String(state.busy));
    this.sendButton.hidden = state.busy;
    this.stopButton.hidden = !state.busy;
    if (before?.problem !== state.problem) this.showProblem(state);
    if (before?.busy !== state.busy) this.announce(state, name);
    if (wasAtEnd) this.scrollDown();
  }

  private showLines(lines: readonly Line[], name: string): void {
    for (const { element } of this.drawn.splice(lines.length)) element.remove();
    lines.forEach((line, at) => {
      const old = this.drawn[at];
      if (old?.line === line) return;
      const element = drawLine(line, name);
      if (old) old.element.replaceWith(element);
      else this.list.append(element);
      this.drawn[at] = { line, element };
    });
  }

  /** A screen reader hears that a reply is on its way, then the whole of it: not each word as it comes. */
  private announce({ busy, lines }: State, name: string): void {
    const last = lines.at(-1);
    const reply = last?.role === "assistant" ? (this.drawn.at(-1)?.element.innerText ?? "") : "";
    this.status.textContent = busy ? texts.writing(name) : reply;
  }

  private showProblem({ problem }: State): void {
    if (problem?.way === "again") this.notify(problem.text, texts.again, () => this.retry());
    else if (problem?.way === "anew") this.notify(problem.text, texts.anew, () => this.restart());
    else this.notice.replaceChildren(...(problem ? [h("p", {}, problem.text)] : []));
  }

  private retry(): void {
    this.field.focus();
    this.actions.onRetry();
  }

  private scrollDown(): void {
    this.list.scrollTop = this.list.scrollHeight;
  }
}

function buildControls(label: string) {
  const bubble = h(
    "button",
    {
      type: "button",
      class: "bubble",
      "aria-label": label,
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
      "aria-controls": "chat",
    },
    icon("chat"),
  );
  const field = h("textarea", {
    id: "message",
    rows: "1",
    maxlength: "32000",
    placeholder: texts.placeholder,
    enterkeyhint: "send",
    "aria-label": texts.label,
  });
  const send = h(
    "button",
    { type: "submit", class: "send", "aria-label": texts.send, title: texts.send },
    icon("send"),
  );
  const stop = h(
    "button",
    { type: "button", class: "send", "aria-label": texts.stop, title: texts.stop },
    icon("stop"),
  );
  stop.hidden = true;
  return { bubble, field, send, stop, form: h("form", {}, field, send, stop) };
}

function drawLine({ role, text, state }: Line, name: string): HTMLLIElement {
  const who = h("span", { class: "unseen" }, `${role === "user" ? texts.you : name}: `);
  if (role === "user") return h("li", { class: "said" }, who, h("p", {}, text));
  const growing = state === "growing";
  if (growing && text === "") {
    return h("li", { class: "waiting", "aria-hidden": "true" }, h("span"), h("span"), h("span"));
  }
  const words = h("div", { class: "words" }, ...drawAll(readMarkdown(growing ? heal(text) : text)));
  const broken = state === "broken" ? [h("p", { class: "note" }, texts.interrupted)] : [];
  return h("li", { class: "replied" }, who, words, ...broken);
}
