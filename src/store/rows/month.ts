// The 95th percentiles of a calendar month, kept because its 5-minute rows expire (docs/format.md, "Months"). Archives
// without bytes in and out have none, and neither have months of which nothing is known.

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

/** What is to be kept of a month whose readings are all there; null where nothing is known of its traffic. */
export function deriveMonth(place: ReadingPlace, dataSources: readonly DataSource[], month: number): Buffer | null {
  const columns = trafficColumns(dataSources);
  if (columns === null) return null;
  const { stepS } = place.state.grid;
  const firstSlot = monthStartS(month) / stepS + 1;
  const count = monthStartS(month + 1) / stepS - firstSlot + 1;
  const runs = loadReadings(place, firstSlot, firstSlot + count - 1);
  if (runs.length === 0) return null;
  const pdps = derivePdps(runs, dataSources, { stepS, firstSlot, count }).columns;
  return packMonth(pdps[columns.in] ?? new Float64Array(), pdps[columns.out] ?? new Float64Array());
}

/** What is to be kept of the data points of a month; null where none is known. */
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

/** A kept month. Throws a `RangeError` where it is cut. */
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
