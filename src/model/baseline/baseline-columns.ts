// The baselines around a time in columns, because a thousand services have 15,000 of them, which take longer as objects than to read.
// They are stored as 4-byte floats, so nothing is lost.

import { baselineRates } from './baseline.js';

/** Baselines of some archives: of each, five rates in the hour before, the hour itself and the hour after. Nobody may change the arrays. */
export interface BaselineColumns {
  readonly names: readonly string[];
  readonly weeks: Uint8Array;
  readonly medians: Float32Array;
  readonly spreads: Float32Array;
}

const hours = 3;
const rates = baselineRates.length;

/** Empty columns for some archives: nothing is known of them. */
export function emptyBaselines(names: readonly string[]): BaselineColumns {
  const count = names.length * hours * rates;
  const unknown = (): Float32Array => new Float32Array(count).fill(Number.NaN);
  return { names, weeks: new Uint8Array(count), medians: unknown(), spreads: unknown() };
}

/** The place of a rate, by its number, in one of the three hours of an archive, by its number. */
export function baselineCell(archive: number, hour: number, rate: number): number {
  return (archive * hours + hour) * rates + rate;
}
