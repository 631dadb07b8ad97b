// Consolidates primary data points (rrd_update.c, update_cdp): the mean or the maximum of the known ones; unknown when the unknown share
// exceeds xff.

import type { Cf } from '../archive.js';
import { xff } from '../archive.js';

/** Rows by consolidation function, one column per data source. */
export type Rows = Readonly<Record<Cf, readonly Float64Array[]>>;

/** A part of the rows: some consolidation functions, and the numbers of some data sources. */
export interface RowPart {
  readonly cfs: readonly Cf[];
  readonly columns: readonly number[];
}

/** Consolidates each run of `pdpPerRow` values; `pdps` starts at a row boundary and holds whole rows. */
export function consolidate(pdps: Float64Array, pdpPerRow: number, cf: Cf): Float64Array {
  if (pdpPerRow === 1) return pdps;
  const rows = new Float64Array(Math.floor(pdps.length / pdpPerRow));
  consolidateInto(rows, pdps, { pdpPerRow, cf });
  return rows;
}

/** Consolidates columns of data points, each into as many rows as there is room for. */
export function consolidateAll(
  columns: readonly Float64Array[],
  pdps: readonly Float64Array[],
  how: { readonly pdpPerRow: number; readonly cf: Cf },
): void {
  for (const [i, rows] of columns.entries()) consolidateInto(rows, pdps[i] ?? none, how);
}

const none = new Float64Array();

function consolidateInto(
  rows: Float64Array,
  pdps: Float64Array,
  { pdpPerRow, cf }: { readonly pdpPerRow: number; readonly cf: Cf },
): void {
  for (let row = 0; row < rows.length; row += 1) {
    rows[row] = consolidateRow(pdps, { from: row * pdpPerRow, pdpPerRow, cf });
  }
}

/** One row: `pdpPerRow` values from `from` on. */
function consolidateRow(
  pdps: Float64Array,
  { from, pdpPerRow, cf }: { readonly from: number; readonly pdpPerRow: number; readonly cf: Cf },
): number {
  let sum = 0;
  let max = Number.NEGATIVE_INFINITY;
  let known = 0;
  for (let i = from; i < from + pdpPerRow; i += 1) {
    const value = pdps[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
    if (value > max) max = value;
  }
  if (known === 0 || pdpPerRow - known > pdpPerRow * xff) return Number.NaN;
  return cf === 'AVERAGE' ? sum / known : max;
}
