import { hash, hued } from "../hue";

/** Heads, in a window 72 wide and 88 high. Plain shapes: somebody, but nobody in particular. */
const heads = [
  "M36 24c10 0 16 7 16 17s-6 19-16 19-16-9-16-19 6-17 16-17Z",
  "M24 26h24c4 0 6 3 6 7v12c0 9-7 15-18 15s-18-6-18-15V33c0-4 2-7 6-7Z",
  "M36 20c8 0 13 8 13 20s-5 21-13 21-13-9-13-21 5-20 13-20Z",
  "M36 25c12 0 19 7 19 16s-8 18-19 18-19-9-19-18 7-16 19-16Z",
  "M36 21c6 5 16 12 16 23 0 10-7 16-16 16s-16-6-16-16c0-11 10-18 16-23Z",
];

const tops = [
  "",
  "M19 38c-2-14 6-21 17-21s19 7 17 21c-5-8-11-10-17-10s-12 2-17 10Z",
  "M36 25c-2-8 2-14 9-16 1 7-2 13-9 16ZM35 25c-1-5-5-8-10-8 1 5 5 8 10 8Z",
  "M18 33c0-10 8-16 18-16s18 6 18 16ZM15 33h42v4H15Z",
  "M20 36a6 6 0 0 1 2-11 7 7 0 0 1 11-6 7 7 0 0 1 11 1 6.500 6.500 0 0 1 7 9 5 5 0 0 1 1 7c-3-4-6-6-9-7-6 3-15 3-23 7Z",
  "M29 17a7 7 0 1 1 14 0c8 2 12 9 10 19-4-7-10-9-17-9s-13 2-17 9c-2-10 2-17 10-19Z",
  "M20 29 21 14l10 9ZM52 29 51 14l-10 9Z",
];

const eyes = [
  <>
    <circle cx="29.500" cy="42" r="1.900" />
    <circle cx="42.500" cy="42" r="1.900" />
  </>,
  <path class="line" d="M26.500 43c1.500-2 4.500-2 6 0M39.500 43c1.500-2 4.500-2 6 0" />,
  <path class="line" d="M26.500 41.500c1.500 2 4.500 2 6 0M39.500 41.500c1.500 2 4.500 2 6 0" />,
  <>
    <circle cx="29.500" cy="42" r="1.600" />
    <circle cx="42.500" cy="42" r="1.600" />
    <path
      class="line"
      d="M34.500 41.500c1-1 2-1 3 0M24 42a5.500 5.500 0 1 0 11 0 5.500 5.500 0 1 0-11 0M37 42a5.500 5.500 0 1 0 11 0 5.500 5.500 0 1 0-11 0"
    />
  </>,
];

const mouths = [
  "M31.500 50.500c2.500 2.500 6.500 2.500 9 0",
  "M33 51.500h6",
  "M32 50.500c1.500 2 4 2.500 7 .500",
];

/** A figure in an arched window, drawn from an assistant's id: the same face everywhere and always. */
export function Avatar({ id, size = "medium" }: { id: string; size?: "small" | "medium" | "large" }) {
  const seed = hash(`face ${id}`);
  const pick = <T,>(from: readonly T[], shift: number): T => from[(seed >>> shift) % from.length] as T;
  return (
    <svg
      class={`avatar avatar-${size} hued`}
      style={hued(id)}
      viewBox="0 0 72 88"
      aria-hidden="true"
      data-shared
    >
      <path class="avatar-wall" d="M0 36a36 36 0 0 1 72 0v44a8 8 0 0 1-8 8H8a8 8 0 0 1-8-8Z" />
      <circle class="avatar-sun" cx={18 + ((seed >>> 3) % 36)} cy={30 + ((seed >>> 7) % 14)} r="24" />
      <path class="avatar-body" d="M8 88c0-17 11-25 28-25s28 8 28 25Z" />
      <path class="avatar-neck" d="M30 54h12v12c0 3-3 5-6 5s-6-2-6-5Z" />
      <path class="avatar-head" d={pick(heads, 0)} />
      <path class="avatar-top" d={pick(tops, 5)} />
      <g class="avatar-face">
        {pick(eyes, 11)}
        <path class="line" d={pick(mouths, 17)} />
      </g>
    </svg>
  );
}
