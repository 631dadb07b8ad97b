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

/** The mean of the known values of a part of a column; NaN if none is known. */
export function meanIn(column: Float64Array, { from, to }: { readonly from: number; readonly to: number }): number {
  let [sum, count] = [0, 0];
  for (let row = from; row < to; row += 1) {
    const value = column[row] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** Means of a column by half hour, the newest last; NaN where nothing is known. */
export function halfHours(column: Float64Array): number[] {
  const perPoint = column.length / sparkPoints;
  const points: number[] = [];
  for (let i = 0; i < sparkPoints; i += 1) {
    points.push(meanIn(column, { from: Math.round(i * perPoint), to: Math.round((i + 1) * perPoint) }));
  }
  return points;
}
