// The usual traffic of an hour of the week, for judging the present. Of each of the last four weeks it takes the rows of that hour:
//
//   median   of the weeks' medians
//   spread   of the weeks' median distances from that median, the median, times 1.4826: the standard deviation if rates were normal
//
// (Hampel 1974, the median absolute deviation). A median over all rows would move when one week in four is odd; of three or four medians,
// one odd one decides nothing. Hours are those of UTC, because records must not depend on the time zone of the process that wrote them;
// `expected-rate.ts` has the days around a change of summer time.

/** The rates that have a baseline: the names of their data sources, in column order. */
export const baselineRates = ['Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes'] as const;

/** One of them. */
export type BaselineRate = (typeof baselineRates)[number];

/** The baseline of one rate in one hour of the week, per second; NaN and NaN of no weeks. */
export interface RateBaseline {
  readonly median: number;
  readonly spread: number;
  /** The number of weeks behind it. */
  readonly weeks: number;
}

/** The baselines of an hour of the week. */
export type HourBaseline = Readonly<Record<BaselineRate, RateBaseline>>;

/** The weeks that a baseline looks back on. */
export const baselineWeeks = 4;

/** Two weeks are the least: one alone may be odd. */
export const leastWeeks = 2;

/** Seconds of an hour, and of a week. */
export const hourS = 3600;
export const weekS = 168 * hourS;

/** From a median absolute deviation to the standard deviation of a normal distribution: 1 / Φ⁻¹(3/4). */
const normalScale = 1.4826;

const unknownBaseline: RateBaseline = { median: Number.NaN, spread: Number.NaN, weeks: 0 };

/** A value for each rate. */
export function byRate<T>(valueFor: (rate: BaselineRate, number: number) => T): Readonly<Record<BaselineRate, T>> {
  // Written out, since every cycle makes thousands of them.
  return {
    Conns: valueFor('Conns', 0),
    InPkts: valueFor('InPkts', 1),
    OutPkts: valueFor('OutPkts', 2),
    InBytes: valueFor('InBytes', 3),
    OutBytes: valueFor('OutBytes', 4),
  };
}

/** The baselines of an hour of which nothing is known. */
export const unknownHour: HourBaseline = byRate(() => unknownBaseline);

/** Are there too few weeks behind a baseline to judge by it? */
export function isTooNew({ weeks }: Pick<RateBaseline, 'weeks'>): boolean {
  return weeks < leastWeeks;
}

/** The number of the hour, since 1970, to which the row that ends at a time belongs: a row at 14:00 is of the hour from 13:00. */
export function hourOf(timeS: number): number {
  return Math.ceil(timeS / hourS) - 1;
}

/** The baseline of an hour from its rows, one list per week. A week counts if at least half of its rows are known. */
export function baselineOf(weeks: readonly Float64Array[]): RateBaseline {
  const known = weeks.map(knownRows).filter((rows, i) => rows.length > 0 && 2 * rows.length >= (weeks[i]?.length ?? 0));
  if (known.length === 0) return unknownBaseline;
  const median = medianOf(Float64Array.from(known, medianOf));
  const distances = known.map((rows) => medianOf(rows.map((rate) => Math.abs(rate - median))));
  return { median, spread: normalScale * medianOf(Float64Array.from(distances)), weeks: known.length };
}

/** A copy of the rows that are known. */
function knownRows(rows: Float64Array): Float64Array {
  // A loop, because `filter` of an array of numbers takes several times as long.
  const known = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i += 1) {
    const rate = rows[i] ?? Number.NaN;
    if (!Number.isNaN(rate)) known[count++] = rate;
  }
  return known.subarray(0, count);
}

/** The median; the mean of the two in the middle if there are two. Sorts the values. */
function medianOf(values: Float64Array): number {
  sortFew(values);
  const half = values.length >> 1;
  const upper = values[half] ?? Number.NaN;
  return values.length % 2 === 1 ? upper : ((values[half - 1] ?? Number.NaN) + upper) / 2;
}

/** Insertion sort: for a dozen values it takes a fraction of the time of `sort`. */
function sortFew(values: Float64Array): void {
  for (let i = 1; i < values.length; i += 1) {
    const value = values[i] ?? Number.NaN;
    let at = i;
    for (; at > 0 && (values[at - 1] ?? value) > value; at -= 1) values[at] = values[at - 1] ?? value;
    values[at] = value;
  }
}
