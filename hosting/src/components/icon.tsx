const strokes = {
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12ZM12 14.800a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600Z",
  eyeOff:
    "M4 4l16 16M9.900 5.800A9 9 0 0 1 12 5.500c6 0 9.500 6.500 9.500 6.500a16 16 0 0 1-2.700 3.400M6.300 7.300A15.500 15.500 0 0 0 2.500 12S6 18.500 12 18.500a9.300 9.300 0 0 0 4.300-1M10 10a2.800 2.800 0 0 0 4 4",
  send: "M12 19V5M5.500 11.500 12 5l6.500 6.500",
  stop: "M7 7h10v10H7Z",
  edit: "M4 20l1-4.500L16.500 4l3.500 3.500L8.500 19ZM14 6.500l3.500 3.500",
  again: "M19 12a7 7 0 1 1-2.200-5.100L19.500 9.500M19.500 4v5.500H14",
  more: "M5.500 12h.010M12 12h.010M18.500 12h.010",
  open: "M6.500 9.500 12 15l5.500-5.500",
  copy: "M9 9h10.500v10.500H9ZM5 15H4.500V4.500H15V5",
  check: "M5 12.500l4.500 4.500L19 7.500",
  right: "M5 12h14M12.500 5.500 19 12l-6.500 6.500",
  down: "M12 5v14M5.500 12.500 12 19l6.500-6.500",
  up: "M7.500 10.500 11.500 3c1.700 0 2.600 1.200 2.300 2.800L13.200 9H19c1.300 0 2.200 1.200 1.900 2.400l-1.700 7A2 2 0 0 1 17.300 20H7.500M7.500 10.500V20H4V10.500Z",
} as const;

type IconName = keyof typeof strokes;

/** A line icon, always beside a word or inside a named button: it says nothing by itself. */
export function Icon({ name, flipped = false }: { name: IconName; flipped?: boolean }) {
  return (
    <svg class={flipped ? "icon icon-flipped" : "icon"} viewBox="0 0 24 24" aria-hidden="true">
      <path d={strokes[name]} />
    </svg>
  );
}
