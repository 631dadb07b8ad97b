// The 95th percentiles of a calendar month, kept because its 5-minute rows expire (docs/format.md, "Months"). Archives without bytes in and
// out have none; neither do unknown months.

import type { DataSource } from '../../model/archive.js';
import { trafficColumns } from '../../model/kinds/registry.js';
import {
  type MonthPercentiles,
  type TrafficPart,
  type TrafficPercentiles,
  trafficParts,
  trafficPercentiles,
} from '../../model/percentile.js';
import { monthStartS } from '../../model/time/month.js';
import { loadReadings, type ReadingPlace } from './load.js';
import { derivePdps } from './pdp.js';

const partBytes = 12;

const monthBytes = partBytes * trafficParts.length;

/** The stored form of a month whose readings are complete; null when its traffic is unknown. */
export function deriveMonth(place: ReadingPlace, dataSources: readonly DataSource[], month: number): Buffer | null {
  const columns = trafficColumns(dataSources);
  if (columns === null) return null;
  const { stepS } = place.state.grid;
  const firstSlot = monthStartS(month) / stepS + 1;
  const count = monthStartS(month + 1) / stepS - firstSlot + 1;
  const runs = loadReadings(place, { first: firstSlot, last: firstSlot + count - 1 });
  if (runs.length === 0) return null;
  const pdps = derivePdps(runs, dataSources, { stepS, firstSlot, count }).columns;
  return packMonth(pdps[columns.in] ?? new Float64Array(), pdps[columns.out] ?? new Float64Array());
}

/** The stored form of a month, from its data points; null when none is known. */
export function packMonth(inBytes: Float64Array, outBytes: Float64Array): Buffer | null {
  const percentiles = trafficPercentiles(inBytes, outBytes);
  if (trafficParts.every((part) => percentiles[part].rows === 0)) return null;
  const packed = Buffer.allocUnsafe(monthBytes);
  for (const [i, part] of trafficParts.entries()) {
    packed.writeUInt32LE(percentiles[part].rows, i * partBytes);
    packed.writeDoubleLE(percentiles[part].value, i * partBytes + 4);
  }
  return packed;
}

/** Unpacks a stored month. Throws a `RangeError` when it is cut off. */
export function unpackMonth(stored: Buffer, month: number): MonthPercentiles {
  if (stored.length !== monthBytes) throw new RangeError('a cut month');
  const percentileOf = (part: TrafficPart): TrafficPercentiles[TrafficPart] => {
    const at = trafficParts.indexOf(part) * partBytes;
    return { rows: stored.readUInt32LE(at), value: stored.readDoubleLE(at + 4) };
  };
  return {
    month,
    in: percentileOf('in'),
    out: percentileOf('out'),
    larger: percentileOf('larger'),
    sum: percentileOf('sum'),
  };
}
