// The baselines of an archive for eight hours of the week (docs/format.md, "Baselines"). The eight hours are the same for every retention,
// although its windows may be shorter or longer. Rates are kept as 4-byte floats: seven digits are more than a median is good for.

import { baselineRates, byRate, type HourBaseline, hourS, weekS } from '../../model/baseline/baseline.js';
import { type BaselineColumns, baselineCell } from '../../model/baseline/baseline-columns.js';
import { type KeyRange, timedKey, timedRange } from '../layout/keys.js';
import type { Grid } from './slot.js';

/** Hours whose baselines share a record: a shift. Shift *s* is the time (8 h × *s*, 8 h × (*s* + 1)]. */
export const hoursPerShift = 8;

/** Seconds of a shift. */
export const shiftS = hoursPerShift * hourS;

/** Shifts in a week. */
export const shiftsPerWeek = weekS / shiftS;

/** The baselines of the hours of a shift, in order. */
export interface ShiftBaselines {
  readonly name: string;
  /** The newest shift that they look back on. */
  readonly shift: number;
  readonly hours: readonly HourBaseline[];
}

const rates = baselineRates.length;
const rateBytes = 9;
const hourBytes = rateBytes * rates;
const nameAt = 4 + hoursPerShift * hourBytes;

/** The key of the baselines of an archive for a shift; weeks share it. */
export function baselineKey(shift: number, id: number): Buffer {
  return timedKey('b', shift % shiftsPerWeek, id);
}

/** The keys of all archives' baselines for a shift. */
export function baselineRange(shift: number): KeyRange {
  return timedRange('b', shift % shiftsPerWeek, (shift % shiftsPerWeek) + 1);
}

/** The keys of all baselines of an archive, stored or not. */
export function baselineKeys(id: number): readonly Buffer[] {
  return Array.from({ length: shiftsPerWeek }, (_, shift) => baselineKey(shift, id));
}

/**
 * The first shift whose baselines are not due: those of a shift are, once the window after it is sealed. Its first reading closes the shift's
 * last data point, and sealed readings are read fastest.
 */
export function firstOpenShift({ windowS }: Pick<Grid, 'windowS'>, sealedWindows: number): number {
  return Math.max(0, Math.floor(((sealedWindows - 1) * windowS) / shiftS));
}

/** The progress that leaves all hours of the week to be done, the earliest first. */
export function allDue(grid: Pick<Grid, 'windowS'>, sealedWindows: number): { readonly at: number; readonly block: 0 } {
  return { at: Math.max(0, firstOpenShift(grid, sealedWindows) - shiftsPerWeek), block: 0 };
}

/** The stored form. */
export function packBaselines({ name, shift, hours }: ShiftBaselines): Buffer {
  const packed = Buffer.alloc(nameAt);
  packed.writeUInt32LE(shift, 0);
  for (const [i, hour] of hours.entries()) {
    for (const [rate, source] of baselineRates.entries()) {
      const { median, spread, weeks } = hour[source];
      const at = rateAt(i, rate);
      packed.writeUInt8(weeks, at);
      packed.writeFloatLE(median, at + 1);
      packed.writeFloatLE(spread, at + 5);
    }
  }
  return Buffer.concat([packed, Buffer.from(name)]);
}

/** Unpacks a stored record. Throws a `RangeError` when it is cut off. */
export function unpackBaselines(stored: Buffer): ShiftBaselines {
  const hours = Array.from({ length: hoursPerShift }, (_, hour) => unpackHour(stored, hour));
  return { ...headOf(stored), hours };
}

/** The archive and the newest shift of a stored record. Throws a `RangeError` when it is cut off. */
export function headOf(stored: Buffer): Omit<ShiftBaselines, 'hours'> {
  if (stored.length <= nameAt) throw new RangeError('cut baselines');
  return { name: stored.toString('utf8', nameAt), shift: stored.readUInt32LE(0) };
}

/** One hour of a stored record. */
function unpackHour(stored: Buffer, hour: number): HourBaseline {
  return byRate((_, rate) => {
    const at = rateAt(hour, rate);
    return { weeks: stored.readUInt8(at), median: stored.readFloatLE(at + 1), spread: stored.readFloatLE(at + 5) };
  });
}

/** Where a stored hour is copied to: an archive of columns, and one of its three hours. */
interface HourPlace {
  readonly archive: number;
  readonly hour: number;
}

/** Copies one hour of a stored record into columns. */
export function copyHour(stored: Buffer, hour: number, into: BaselineColumns, place: HourPlace): void {
  for (let rate = 0; rate < rates; rate += 1) {
    const at = rateAt(hour, rate);
    const cell = baselineCell(place.archive, place.hour, rate);
    into.weeks[cell] = stored.readUInt8(at);
    into.medians[cell] = stored.readFloatLE(at + 1);
    into.spreads[cell] = stored.readFloatLE(at + 5);
  }
}

function rateAt(hour: number, rate: number): number {
  return 4 + hour * hourBytes + rate * rateBytes;
}
