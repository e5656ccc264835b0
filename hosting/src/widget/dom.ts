import type { Piece } from "./markdown";
import { texts } from "./texts";

type Child = Node | string;

/** An element with attributes and children; strings become text, never HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  chat: "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M8 8h8v8H8z",
  anew: "M4 12a8 8 0 1 0 2.4-5.7M4 4v5h5",
} as const;

/** A small drawing beside words, or in a button that has a label of its own. */
export function icon(name: keyof typeof PATHS): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows a drawing and says its name to those who do not see it. */
export function iconButton(name: keyof typeof PATHS, label: string, onClick: () => void): HTMLButtonElement {
  const button = h("button", { type: "button", class: name, "aria-label": label, title: label }, icon(name));
  button.addEventListener("click", onClick);
  return button;
}

/** What Markdown was read into, as nodes. */
export const drawAll = (pieces: Piece[]): Node[] => pieces.map(draw);

function draw(piece: Piece): Node {
  if (typeof piece === "string") return document.createTextNode(piece);
  const { tag, href, start, children } = piece;
  const element = h(tag as "p", {}, ...drawAll(children));
  if (start !== undefined && start !== 1) element.setAttribute("start", String(start));
  if (tag === "pre") element.tabIndex = 0; // it scrolls, so the keyboard has to reach it
  if (href === undefined) return element;
  const attributes = { href, target: "_blank", rel: "noopener noreferrer nofollow" };
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(h("span", { class: "unseen" }, ` ${texts.newTab}`));
  return element;
}
