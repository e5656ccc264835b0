/** What is put into a page to measure it: each function stands alone, since the browser gets its text. */

export type Work = { tasks: number[]; settledChanges: number; frames: number[] };

/** Notes long tasks, frames, and changes within messages that nobody is writing. */
export function watchWork() {
  const work: Work = { tasks: [], settledChanges: 0, frames: [] };
  Object.assign(window, { work });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) work.tasks.push(Math.round(duration));
  }).observe({ type: "longtask" });
  const frame = (now: number) => {
    work.frames.push(now);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  addEventListener("DOMContentLoaded", () => {
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const message = element?.closest(".messages > li");
        const written = message?.getAttribute("data-state") === "streaming";
        if (message && !written && message !== message.parentElement?.lastElementChild)
          work.settledChanges += 1;
      }
    }).observe(document.documentElement, { subtree: true, childList: true, characterData: true });
  });
}

export type Lag = { deltas: number; behindMs: number[] };

/** Notes when each character of a reply came, and how late it was on the page. */
export function watchLag() {
  const lag: Lag = { deltas: 0, behindMs: [] };
  const came: number[] = [];
  Object.assign(window, { lag });
  const read = ReadableStreamDefaultReader.prototype.read;
  const decoder = new TextDecoder();
  let rest = "";
  ReadableStreamDefaultReader.prototype.read = async function (...args: []) {
    const piece = await read.apply(this, args);
    const lines = (rest + decoder.decode(piece.value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const text: unknown = line.startsWith("data: {") ? JSON.parse(line.slice(6)).text : null;
      if (typeof text !== "string") continue;
      lag.deltas += 1;
      for (const _ of text) came.push(performance.now());
    }
    return piece;
  };
  const frame = (now: number) => {
    const shown = document.querySelector("[data-state=streaming] .prose")?.textContent?.length;
    const waiting = shown === undefined ? undefined : came[shown];
    if (waiting !== undefined) lag.behindMs.push(Math.max(Math.round(now - waiting), 0));
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** From the end to the beginning and back, a good piece a frame. */
export function scrollThrough(): Promise<void> {
  return new Promise((resolve) => {
    let step = -600;
    const frame = () => {
      const before = scrollY;
      scrollBy({ top: step, behavior: "instant" });
      if (scrollY !== before) return void requestAnimationFrame(frame);
      if (step > 0) return resolve();
      step = 600;
      requestAnimationFrame(frame);
    };
    frame();
  });
}
