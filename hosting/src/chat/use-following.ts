import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Nearer to the end than this, in pixels, counts as reading along. */
const NEAR = 96;

const fromEnd = () => document.documentElement.scrollHeight - innerHeight - scrollY;
const toEnd = () => scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });

/** Keeps the end in sight while text comes, as long as the reader has not scrolled away from it. */
export function useFollowing(content: unknown): { away: boolean; catchUp: () => void } {
  const [away, setAway] = useState(false);
  const following = useRef(true);
  useEffect(() => {
    const onScroll = () => {
      following.current = fromEnd() < NEAR;
      setAway(!following.current);
    };
    addEventListener("scroll", onScroll, { passive: true });
    return () => removeEventListener("scroll", onScroll);
  }, []);
  useLayoutEffect(() => {
    if (following.current) toEnd();
  }, [content]);
  const catchUp = () => {
    following.current = true;
    setAway(false);
    toEnd();
  };
  return { away, catchUp };
}
