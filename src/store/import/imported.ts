// Imported rows: sheets like those of kept rows, one kind for each round-robin archive (docs/format.md, "Imported rows"). They fill only rows
// that collected readings leave unknown, and expire with rows of their age.

import type { RowSpan } from '../../model/rows/choose-rra.js';
import type { RowPart, Rows } from '../../model/rows/consolidate.js';
import { timedKey } from '../layout/keys.js';
import type { Operation } from '../leveldb/database.js';
import { dayOfSheet, decodeSheet, encodeSheet, type Sheet, withDay } from '../packing/sheet.js';
import type { ReadingPlace } from '../rows/load.js';
import { dayS, type Grid, type ImportedRra } from '../rows/slot.js';

/** How imported rows of a round-robin archive are stored. */
export function importedRraOf({ imported }: Grid, pdpPerRow: number): ImportedRra {
  const rra = imported.find((one) => one.pdpPerRow === pdpPerRow);
  if (rra === undefined) throw new RangeError(`there are no rows of ${pdpPerRow} steps`);
  return rra;
}

/** An imported sheet, or a part of it; null when there is none. */
function importedSheet(
  { get, id, columns }: Pick<ReadingPlace, 'get' | 'id' | 'columns'>,
  { rra, sheet }: { readonly rra: ImportedRra; readonly sheet: number },
  part: RowPart | null = null,
): Sheet | null {
  const stored = get(timedKey(rra.kind, sheet, id));
  return stored === undefined ? null : decodeSheet(stored, { rra, sheet, columns }, part);
}

/** The imported rows of a day, means and maxima apart; null when there are none. */
export function importedDay(place: ReadingPlace, rra: ImportedRra, day: number): Rows | null {
  const sheet = importedSheet(place, { rra, sheet: Math.floor(day / rra.daysPerSheet) });
  const rows = sheet === null ? null : dayOfSheet(sheet, day);
  if (rows === null) return null;
  const copied = (column: Float64Array): Float64Array => column.slice();
  return { AVERAGE: rows.AVERAGE.map(copied), MAX: rows.MAX.map(copied) };
}

/** The writes that put the rows of days into their sheets. */
export function importedOperations(
  place: ReadingPlace,
  rra: ImportedRra,
  days: ReadonlyMap<number, Rows>,
): Operation[] {
  const sheets = new Map<number, Sheet>();
  for (const [day, rows] of days) {
    const number = Math.floor(day / rra.daysPerSheet);
    const before = sheets.get(number) ?? importedSheet(place, { rra, sheet: number });
    sheets.set(number, withDay(before, { day, rows }));
  }
  return [...sheets].map(([sheet, rows]) => ({
    type: 'put',
    key: timedKey(rra.kind, sheet, place.id),
    value: encodeSheet(rows, { rra, sheet }),
  }));
}

/** Fills the unknown values of the rows with imported ones, in place, and returns the rows: those of `part`, in its order. */
export function fillImported(place: ReadingPlace, { span, part }: { span: RowSpan; part: RowPart }, rows: Rows): Rows {
  const rra = importedRraOf(place.state.grid, span.rra.pdpPerRow);
  const fromS = Math.max(span.startS, span.expiredS);
  const toS = Math.min(span.endS, span.lastRowS);
  const sheetS = rra.daysPerSheet * dayS;
  let filled = rows;
  for (let sheet = Math.floor(fromS / sheetS); sheet * sheetS < toS; sheet += 1) {
    const found = importedSheet(place, { rra, sheet }, part);
    if (found === null) continue;
    // Rows of one step share their arrays until an import has separate maxima for them.
    if (filled.MAX === filled.AVERAGE && found.rows.MAX !== found.rows.AVERAGE) {
      filled = { ...filled, MAX: filled.MAX.map((column) => column.slice()) };
    }
    for (const [i, day] of found.days.entries()) {
      const at = {
        first: (day * dayS - span.startS) / span.rowS,
        from: (fromS - day * dayS) / span.rowS,
        to: (toS - day * dayS) / span.rowS,
      };
      for (const cf of part.cfs) {
        for (const [wanted, column] of part.columns.entries()) {
          const own = found.rows[cf][column]?.subarray(i * rra.rowsPerDay, (i + 1) * rra.rowsPerDay);
          const into = filled[cf][wanted];
          if (own !== undefined && into !== undefined) fillColumn(into, own, at);
        }
      }
    }
  }
  return filled;
}

interface DayPlace {
  /** Index of the day's first row; the query wants its rows `from` up to `to`. */
  readonly first: number;
  readonly from: number;
  readonly to: number;
}

function fillColumn(into: Float64Array, found: Float64Array, { first, from, to }: DayPlace): void {
  for (let row = Math.max(0, from); row < Math.min(found.length, to); row += 1) {
    if (Number.isNaN(into[first + row])) into[first + row] = found[row] ?? Number.NaN;
  }
}
