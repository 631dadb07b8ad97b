// The rows of a stack, and in which of them its members exist and are known.

import type { Series } from '../../model/series.js';
import type { StackMember } from '../define/graph-request.js';

/** The rows of a stack: the number of services in each, how many of them are known, and since when any was. */
export interface StackRows {
  readonly startS: number;
  readonly stepS: number;
  /** Length of a primary data point, as in `Series`. */
  readonly pdpS: number;
  readonly length: number;
  /** Time of the first reading of any service; the time before is unknown. */
  readonly firstS: number;
  readonly present: Uint32Array;
  readonly known: Uint32Array;
}

/** Rows in which no service is counted yet. */
export function emptyRows(
  { startS, stepS, pdpS }: Pick<Series, 'startS' | 'stepS' | 'pdpS'>,
  length: number,
): StackRows {
  const firstS = Number.POSITIVE_INFINITY;
  return { startS, stepS, pdpS, length, firstS, present: new Uint32Array(length), known: new Uint32Array(length) };
}

/** A stack's quantities of a service. */
export interface Column {
  readonly column: Float64Array;
  readonly scale: number;
}

/** Counts a member in the rows in which it exists; returns 1 for those in which it is known. */
export function countMember(
  { firstS, goneS, absences = [] }: StackMember,
  columns: readonly Column[],
  rows: StackRows,
): Uint8Array {
  const { startS, stepS, length, present, known: knownCounts } = rows;
  const first = Math.max(0, Math.floor((firstS - startS) / stepS));
  const end = goneS === null ? length : Math.min(length, Math.ceil((goneS - startS) / stepS));
  const known = new Uint8Array(length).fill(1, first, Math.max(first, end));
  for (const { column } of columns) unmarkUnknown(known, column, first);
  for (let row = first; row < end; row++) {
    if (known[row] === 1) knownCounts[row] = (knownCounts[row] ?? 0) + 1;
    else {
      const fromS = startS + row * stepS;
      const toS = fromS + stepS;
      const isAway = absences.some((one) => toS > one.startS && fromS < one.endS);
      if (isAway || fromS < firstS || (goneS !== null && toS > goneS)) continue;
    }
    present[row] = (present[row] ?? 0) + 1;
  }
  return known;
}

/** Counts members in the rows in which they exist; returns 1 for those in which any is known. */
export function countSummed(
  { count, firstS, counts }: { readonly count: number; readonly firstS: number; readonly counts: Float64Array },
  { startS, stepS, length, present, known: knownCounts }: StackRows,
): Uint8Array {
  const first = Math.max(0, Math.floor((firstS - startS) / stepS));
  const known = new Uint8Array(length);
  for (let row = first; row < length; row++) {
    const own = counts[row] ?? 0;
    // In the row of its first reading, a member counts if it is known, and is not missed if not.
    const isWhole = startS + row * stepS >= firstS;
    present[row] = (present[row] ?? 0) + (isWhole ? count : own);
    knownCounts[row] = (knownCounts[row] ?? 0) + own;
    if (own > 0) known[row] = 1;
  }
  return known;
}

// A loop of its own: the objects around it come in many shapes, which V8 would look up again for each row.
function unmarkUnknown(known: Uint8Array, column: Float64Array, first: number): void {
  for (let row = first; row < known.length; row++) if (Number.isNaN(column[row] ?? Number.NaN)) known[row] = 0;
}
