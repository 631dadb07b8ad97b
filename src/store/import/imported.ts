// Imported rows: one record per day, one kind of record per round-robin archive (docs/format.md, "Imported rows"). They fill only rows that
// collected readings leave unknown, and expire with rows of their age.

import { cfs } from '../../model/archive.js';
import { BitReader, BitWriter } from '../layout/bits.js';
import { readColumn, writeColumn } from '../layout/column.js';
import { timedKey } from '../layout/keys.js';
import type { Rows } from '../rows/cdp.js';
import type { RowSpan } from '../rows/choose-rra.js';
import type { ReadingPlace } from '../rows/load.js';
import { dayS, type Grid, type ImportedRra } from '../rows/slot.js';

/** How imported rows of a round-robin archive are stored. */
export function importedRraOf({ imported }: Grid, pdpPerRow: number): ImportedRra {
  const rra = imported.find((one) => one.pdpPerRow === pdpPerRow);
  if (rra === undefined) throw new RangeError(`there are no rows of ${pdpPerRow} steps`);
  return rra;
}

/** Packs the rows of a day. */
export function packImported(rows: Rows): Uint8Array {
  const bits = new BitWriter();
  const isSame = rows.AVERAGE.every((column, i) => column.every((value, row) => Object.is(value, rows.MAX[i]?.[row])));
  bits.write(isSame ? 1 : 0, 1);
  for (const column of rows.AVERAGE) writeColumn(bits, column);
  if (!isSame) for (const column of rows.MAX) writeColumn(bits, column);
  return bits.finish();
}

/** Unpacks the rows of a day of an archive with `columns` data sources. */
export function unpackImported(
  bytes: Uint8Array,
  { grid, rra }: { readonly grid: Grid; readonly rra: ImportedRra },
  columns: number,
): Rows {
  const bits = new BitReader(bytes);
  const count = grid.slotsPerDay / rra.pdpPerRow;
  const isSame = bits.read(1) === 1;
  const read = (): Float64Array[] => Array.from({ length: columns }, () => readColumn(bits, count));
  const average = read();
  return { AVERAGE: average, MAX: isSame ? average : read() };
}

/** Fills the unknown values of the rows with imported ones, in place, and returns the rows. */
export function fillImported({ get, id, columns, state: { grid } }: ReadingPlace, span: RowSpan, rows: Rows): Rows {
  const rra = importedRraOf(grid, span.rra.pdpPerRow);
  const fromS = Math.max(span.startS, span.expiredS);
  const toS = Math.min(span.endS, span.lastRowS);
  let filled = rows;
  for (let day = Math.floor(fromS / dayS); day * dayS < toS; day += 1) {
    const stored = get(timedKey(rra.kind, day, id));
    if (stored === undefined) continue;
    const found = unpackImported(stored, { grid, rra }, columns);
    // Rows of one step share their arrays until an import has separate maxima for them.
    if (filled.MAX === filled.AVERAGE && found.MAX !== found.AVERAGE) {
      filled = { ...filled, MAX: filled.MAX.map((column) => column.slice()) };
    }
    const at = { first: (day * dayS - span.startS) / span.rowS, from: (fromS - day * dayS) / span.rowS };
    const to = (toS - day * dayS) / span.rowS;
    for (const cf of cfs) fillColumns(filled[cf], found[cf], { ...at, to });
  }
  return filled;
}

interface DayPlace {
  /** Index of the day's first row; the query wants its rows `from` up to `to`. */
  readonly first: number;
  readonly from: number;
  readonly to: number;
}

function fillColumns(
  into: readonly Float64Array[],
  found: readonly Float64Array[],
  { first, from, to }: DayPlace,
): void {
  for (const [i, column] of into.entries()) {
    const own = found[i];
    if (own === undefined) continue;
    for (let row = Math.max(0, from); row < Math.min(own.length, to); row += 1) {
      if (Number.isNaN(column[first + row])) column[first + row] = own[row] ?? Number.NaN;
    }
  }
}
