import { useEffect, useMemo, useRef, useState } from "preact/hooks";

/** Nearer to the end than this, in pixels, counts as reading along. */
const NEAR = 96;

const fromEnd = () => document.documentElement.scrollHeight - innerHeight - scrollY;
const toEnd = () => scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });

/** Keeps the end in sight while the page grows, as long as the reader has not scrolled away from it. */
export function useFollowing(): { away: boolean; catchUp: () => void } {
  const [away, setAway] = useState(false);
  const following = useRef(true);
  useEffect(() => {
    let before = scrollY;
    const onScroll = () => {
      // Text that has grown since the last jump to the end puts that end away; a reader goes upwards.
      if (fromEnd() < NEAR) following.current = true;
      else if (scrollY < before) following.current = false;
      before = scrollY;
      setAway(!following.current);
    };
    const follow = () => following.current && toEnd();
    const growth = new ResizeObserver(follow);
    growth.observe(document.documentElement);
    const listening = new AbortController();
    addEventListener("scroll", onScroll, { passive: true, signal: listening.signal });
    // A keyboard that slides in, or a phone that is turned.
    addEventListener("resize", follow, listening);
    return () => {
      growth.disconnect();
      listening.abort();
    };
  }, []);
  const catchUp = useMemo(
    () => () => {
      following.current = true;
      setAway(false);
      toEnd();
    },
    [],
  );
  return { away, catchUp };
}
