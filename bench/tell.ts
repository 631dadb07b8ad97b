// How a figure of a benchmark is printed: the median, and the spread it is the middle of.

/** Prints the median, minimum and maximum of some rounds. */
export function tell(label: string, values: readonly number[], unit: string): void {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN).toFixed(2);
  console.log(`${label.padEnd(38)} median ${at(0.5)} ${unit}   (${at(0)} to ${at(1)}, ${sorted.length} rounds)`);
}

/** Round by round, the one over the other: a drifting machine changes both. */
export function ratios(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.map((value, i) => value / (b[i] ?? Number.NaN));
}
