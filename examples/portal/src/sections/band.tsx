/** A picture of a value beside what would have been normal; the same numbers stand in words below. */

import type { JSX } from "preact";

interface BandProps {
  readonly observed: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
  /** The whole picture in one sentence. */
  readonly text: string;
}

const WIDTH = 320;
const MARGIN = 10;

/** Places on a scale from zero, or from the least value, to the greatest. */
export function places({ observed, expected, lower, upper }: Omit<BandProps, "text">) {
  const least = Math.min(0, lower, observed);
  const span = Math.max(upper, observed, expected) - least || 1;
  const place = (value: number) =>
    Math.round((MARGIN + ((value - least) / span) * (WIDTH - 2 * MARGIN)) * 10) / 10;
  return {
    observed: place(observed),
    expected: place(expected),
    lower: place(lower),
    upper: place(upper),
  };
}

export function Band({ text, ...values }: BandProps): JSX.Element {
  const { observed, expected, lower, upper } = places(values);
  return (
    <svg class="band" viewBox={`0 0 ${WIDTH} 34`} role="img" aria-label={text}>
      <line class="band-scale" x1={MARGIN} x2={WIDTH - MARGIN} y1="17" y2="17" />
      <rect
        class="band-normal"
        x={lower}
        width={Math.max(upper - lower, 2)}
        y="9"
        height="16"
        rx="4"
      />
      <line class="band-expected" x1={expected} x2={expected} y1="6" y2="28" />
      <path class="band-observed" d={`M${observed} 8.500l8.500 8.500-8.500 8.500-8.500-8.500z`} />
    </svg>
  );
}
