// The trend of weekly peaks, and when it reaches a limit. The slope is the median of the slopes between pairs of weeks, so that an odd week or
// a gap decides nothing: all pairs (Theil 1950; Sen, JASA 63, 1968), or, once there are enough, those that are a year apart, since a season
// bends a line even over whole years (Hirsch, Slack and Smith, Water Resources Research 18, 1982). The band is that of the rank correlation,
// for independent weeks. A season that has not come round yet looks like a trend, which is why texts name the number of weeks.

/** Seconds of a week. */
export const weekS = 7 * 86_400;

/** Peaks of consecutive weeks, oldest first; NaN for a week that is unknown. */
export interface WeekPeaks {
  readonly peaks: Float64Array;
  /** The end of the last week. */
  readonly endS: number;
}

/** A straight line through weekly peaks: the level at the end of the last week, and its rise per week. */
export interface Line {
  readonly level: number;
  readonly slope: number;
}

/** The trend of weekly peaks: the median line, and its band. */
export interface Trend extends Line {
  /** The least slope of the band, through the median peaks. */
  readonly low: Line;
  /** The greatest slope of the band, through high peaks: nine of ten lie below. A season makes some weeks high each year. */
  readonly high: Line;
  /** The known weeks. */
  readonly weeks: number;
}

/** Known weeks under which there is no trend. */
export const leastWeeks = 12;

/** Weeks that are looked ahead, and at most back: two years. */
const horizonWeeks = 104;

/** A year of weeks. */
const yearWeeks = 52;

/** Nine of ten bands contain the slope, if weeks are independent: Φ⁻¹(0.95). */
const normalQuantile = 1.645;

/** The part of the weeks whose peaks lie below the upper line of the band. */
const highPart = 0.9;

/** The trend of the newest two years of peaks; null if fewer than `leastWeeks` are known. */
export function trendOf({ peaks }: Pick<WeekPeaks, 'peaks'>): Trend | null {
  const recent = peaks.subarray(Math.max(0, peaks.length - horizonWeeks));
  const known = [...recent.entries()]
    .filter(([, peak]) => !Number.isNaN(peak))
    .map(([week, peak]) => ({ atWeek: week - (recent.length - 1), peak }));
  if (known.length < leastWeeks) return null;
  const { slopes, variance } = slopesOf(known);
  const spread = normalQuantile * Math.sqrt(variance);
  const lineWith = (slope: number, part = 0.5): Line => ({
    slope,
    level: quantileOf(
      known.map(({ atWeek, peak }) => peak - slope * atWeek),
      part,
    ),
  });
  const rank = Math.floor((slopes.length - spread) / 2);
  return {
    ...lineWith(quantileOf(slopes, 0.5)),
    low: lineWith(slopes[Math.max(0, rank)] ?? Number.NaN),
    high: lineWith(slopes[Math.min(slopes.length - 1, slopes.length - 1 - rank)] ?? Number.NaN, highPart),
    weeks: known.length,
  };
}

/** When peaks reach a limit, as far as the trend tells. Times are epoch seconds. */
export type Outlook =
  | { readonly kind: 'too-little'; readonly weeks: number }
  /** A peak of the last four weeks reached it; `atS` is the end of the first week of all that did. */
  | { readonly kind: 'reached'; readonly atS: number }
  | { readonly kind: 'reaches'; readonly fromS: number; readonly toS: number }
  /** Only the steeper slopes of the band reach it within the horizon. */
  | { readonly kind: 'may-reach'; readonly fromS: number }
  | { readonly kind: 'not-soon' };

/** Weeks whose peaks count as those of now. */
const recentWeeks = 4;

/** When weekly peaks reach a limit. */
export function outlookOf(weeks: WeekPeaks, trend: Trend | null, limit: number): Outlook {
  const { peaks, endS } = weeks;
  if (peaks.subarray(-recentWeeks).some((peak) => peak >= limit)) {
    const first = peaks.findIndex((peak) => peak >= limit);
    return { kind: 'reached', atS: endS - (peaks.length - 1 - first) * weekS };
  }
  if (trend === null) return { kind: 'too-little', weeks: peaks.filter((peak) => !Number.isNaN(peak)).length };
  const [earliest, middle, latest] = [trend.high, trend, trend.low].map((line) => weeksTo(line, limit));
  if (earliest === undefined || middle === undefined || latest === undefined) return { kind: 'not-soon' };
  if (trend.slope <= 0 || earliest > horizonWeeks) return { kind: 'not-soon' };
  const fromS = endS + earliest * weekS;
  if (latest > horizonWeeks) return { kind: 'may-reach', fromS };
  return { kind: 'reaches', fromS, toS: endS + latest * weekS };
}

/** Weeks until a line reaches a limit, 0 if it has; infinite if it never does. */
function weeksTo({ level, slope }: Line, limit: number): number {
  if (level >= limit) return 0;
  return slope > 0 ? (limit - level) / slope : Number.POSITIVE_INFINITY;
}

interface KnownPeak {
  readonly atWeek: number;
  readonly peak: number;
}

/** The slopes between pairs of weeks, in order, and the variance of the number of rising pairs less that of falling ones. */
function slopesOf(known: readonly KnownPeak[]): { readonly slopes: Float64Array; readonly variance: number } {
  const byWeek = new Map(known.map(({ atWeek, peak }) => [atWeek, peak]));
  const yearly = known.flatMap(({ atWeek, peak }) => {
    const before = byWeek.get(atWeek - yearWeeks);
    return before === undefined ? [] : [(peak - before) / yearWeeks];
  });
  if (yearly.length >= leastWeeks) return { slopes: Float64Array.from(yearly).sort(), variance: yearly.length };
  const count = known.length;
  const slopes = new Float64Array((count * (count - 1)) / 2);
  let at = 0;
  for (const [i, later] of known.entries()) {
    for (const earlier of known.slice(0, i)) {
      slopes[at] = (later.peak - earlier.peak) / (later.atWeek - earlier.atWeek);
      at += 1;
    }
  }
  return { slopes: slopes.sort(), variance: (count * (count - 1) * (2 * count + 5)) / 18 };
}

/** A quantile; between two values where it lies between them. */
function quantileOf(values: Iterable<number>, part: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = part * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return below + (at - Math.floor(at)) * (above - below);
}
