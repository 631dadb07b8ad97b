// A sparkline: the traffic of the last day, with the same day a week ago behind it, as paths of an SVG 96 wide and 24 high. Unknown
// stretches are gaps.

/** Points per day: half hours. */
const sparkPoints = 48;

const [width, height] = [96, 24];

/** A sparkline. */
export interface Spark {
  readonly day: string;
  readonly before: string;
}

/** The paths of a day and of the one before it; both use the same scale. */
export function sparkOf(day: readonly number[], before: readonly number[]): Spark {
  const most = Math.max(0, ...[...day, ...before].filter((value) => !Number.isNaN(value)));
  return { day: pathOf(day, most), before: pathOf(before, most) };
}

function pathOf(values: readonly number[], most: number): string {
  let path = '';
  let isDrawing = false;
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) isDrawing = false;
    else {
      const x = ((i + 0.5) * width) / sparkPoints;
      const y = height - 1 - (most > 0 ? (value / most) * (height - 2) : 0);
      path += `${isDrawing ? 'L' : 'M'}${x.toFixed(0)} ${y.toFixed(1)}`;
      isDrawing = true;
    }
  }
  return path;
}

/** Means of a column by half hour, the newest last; NaN where nothing is known. */
export function halfHours(column: Float64Array): number[] {
  const perPoint = column.length / sparkPoints;
  return Array.from({ length: sparkPoints }, (_, i) => {
    const part = column.subarray(Math.round(i * perPoint), Math.round((i + 1) * perPoint));
    const known = part.filter((value) => !Number.isNaN(value));
    return known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}
