import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** Nearer to the end than this, in pixels, counts as reading along. */
const NEAR = 96;

/** Keeps the end of a box in sight while its content or its size changes, unless its reader has scrolled away. */
export function useFollowingBox(content: unknown) {
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const toEnd = () => {
    const { current } = box;
    if (current && following.current) current.scrollTo({ top: current.scrollHeight, behavior: "instant" });
  };
  useLayoutEffect(toEnd, [content]);
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    let height = current.clientHeight;
    const onScroll = () => {
      // A box that has just shrunk has not been scrolled by anybody.
      if (current.clientHeight === height) {
        following.current = current.scrollHeight - current.scrollTop - current.clientHeight < NEAR;
      }
    };
    const sized = new ResizeObserver(() => {
      height = current.clientHeight;
      toEnd();
    });
    // What is in it grows by itself while a reply is being written.
    for (const each of [current, ...current.children]) sized.observe(each);
    current.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      sized.disconnect();
      current.removeEventListener("scroll", onScroll);
    };
  }, []);
  return box;
}
