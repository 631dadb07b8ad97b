// Statistics over rounds: the median, and the spread.

/** The median, and the 10th and 90th percentiles, which enclose four rounds of five. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The spread of some rounds; NaN when there are none. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number): number => sorted[place] ?? Number.NaN;
  const last = sorted.length - 1;
  // For an even number of rounds, the middle between the two in the middle.
  const median = (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2;
  return { median, low: at(Math.round(0.1 * last)), high: at(Math.round(0.9 * last)) };
}

/** The median of some rounds. */
export function medianOf(values: readonly number[]): number {
  return spreadOf(values).median;
}

/** The arithmetic mean. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The ratios round by round, since a machine that slows down changes both sides. A single value counts for all rounds. */
export function ratiosOf(above: readonly number[], below: readonly number[]): readonly number[] {
  const rounds = Math.max(above.length, below.length);
  const at = (values: readonly number[], round: number): number =>
    (values.length === 1 ? values[0] : values[round]) ?? Number.NaN;
  return Array.from({ length: rounds }, (_, round) => at(above, round) / at(below, round)).filter(Number.isFinite);
}
