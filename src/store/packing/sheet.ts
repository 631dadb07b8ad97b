// Rows of some days of one archive, in both consolidation functions. A day's rows are added when it is over; a sheet is full after 16 days of
// 2-hour rows or 64 of day rows. Reading months then takes a few records. The grammar is in docs/format.md, "Sheets".

import type { Cf } from '../../model/archive.js';
import type { RowPart, Rows } from '../../model/rows/consolidate.js';
import { timedKey } from '../layout/keys.js';
import { dayS, type KeptRra } from '../rows/slot.js';
import { BitReader, BitWriter } from './bits.js';
import { type CandidatesOf, PackedColumns, writePacked } from './packed-columns.js';
import { freshRoom, type Room } from './room.js';
import { readRowColumn, writeRowColumn } from './row-column.js';

/** Rows of some days, one day after the other; a column per data source. */
export interface Sheet {
  /** Days since the epoch, in ascending order. */
  readonly days: readonly number[];
  readonly rows: Rows;
}

/** The key of the sheet with a day's rows. */
export function sheetKey({ kind, daysPerSheet }: KeptRra, day: number, id: number): Buffer {
  return timedKey(kind, Math.floor(day / daysPerSheet), id);
}

/** The number of a sheet, and the form of its rows. */
export interface SheetPlace {
  readonly sheet: number;
  readonly rra: KeptRra;
}

/** Packs a sheet. */
export function encodeSheet({ days, rows }: Sheet, { sheet, rra }: SheetPlace): Uint8Array {
  const first = sheet * rra.daysPerSheet;
  const bits = new BitWriter();
  for (let i = 0; i < rra.daysPerSheet; i += 1) bits.write(days.includes(first + i) ? 1 : 0, 1);
  const isSame = rows.AVERAGE.every((column, i) => column.every((value, row) => Object.is(value, rows.MAX[i]?.[row])));
  bits.write(isSame ? 1 : 0, 1);
  const columns = isSame ? rows.AVERAGE : [...rows.AVERAGE, ...rows.MAX];
  const { denominators } = rra;
  writePacked(bits, packingOf(columns.length, rows.AVERAGE.length), (body, column, leaders) =>
    writeRowColumn(body, columns[column] ?? none, { denominators, leaders }),
  );
  return bits.finish();
}

const none = new Float64Array();

/** A maximum may follow its mean, or the maximum before it. Means follow none: they are read most often, and would take half as long again. */
function packingOf(count: number, sources: number): { readonly count: number; readonly candidatesOf: CandidatesOf } {
  return { count, candidatesOf: (column) => (column < sources ? [] : [column - sources, column - 1]) };
}

/**
 * Unpacks a sheet of an archive with `columns` data sources, in arrays of the `room`. With a `part`, the other columns are empty. Throws a
 * `RangeError` when the bytes are no sheet.
 */
export function decodeSheet(
  bytes: Uint8Array,
  { sheet, rra, columns, room = freshRoom }: SheetPlace & { readonly columns: number; readonly room?: Room },
  part: RowPart | null = null,
): Sheet {
  const first = sheet * rra.daysPerSheet;
  const bits = new BitReader(bytes);
  const days: number[] = [];
  for (let i = 0; i < rra.daysPerSheet; i += 1) if (bits.read(1) === 1) days.push(first + i);
  const count = days.length * rra.rowsPerDay;
  const isSame = bits.read(1) === 1;
  const { denominators } = rra;
  const packed = new PackedColumns(bits, packingOf(isSame ? columns : 2 * columns, columns), (_, leaderOf) =>
    readRowColumn(bits, count, { denominators, leaderOf, room }),
  );
  const read = (offset: number): readonly Float64Array[] => {
    const rows: Float64Array[] = [];
    for (let column = 0; column < columns; column += 1) {
      const isWanted = part === null || part.columns.includes(column);
      rows.push(isWanted ? packed.column(offset + column) : none);
    }
    return rows;
  };
  const isWanted = (cf: Cf): boolean => part === null || part.cfs.includes(cf);
  const average = isSame || isWanted('AVERAGE') ? read(0) : [];
  return { days, rows: { AVERAGE: average, MAX: isSame ? average : isWanted('MAX') ? read(columns) : [] } };
}

/** The rows of one day. */
export interface SheetDay {
  readonly day: number;
  readonly rows: Rows;
}

/** A sheet of days in ascending order. */
export function sheetOf(days: readonly SheetDay[]): Sheet {
  const columns = days[0]?.rows.AVERAGE.length ?? 0;
  const joined = (cf: Cf): readonly Float64Array[] =>
    Array.from({ length: columns }, (_, column) => {
      const parts = days.map(({ rows }) => rows[cf][column] ?? none);
      const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      return all;
    });
  return { days: days.map(({ day }) => day), rows: { AVERAGE: joined('AVERAGE'), MAX: joined('MAX') } };
}

/** The days of a sheet, apart. */
function daysOf({ days, rows }: Sheet): readonly SheetDay[] {
  const count = (rows.AVERAGE[0]?.length ?? 0) / days.length;
  return days.map((day, i) => {
    const sliceDay = (column: Float64Array): Float64Array => column.subarray(i * count, (i + 1) * count);
    return { day, rows: { AVERAGE: rows.AVERAGE.map(sliceDay), MAX: rows.MAX.map(sliceDay) } };
  });
}

/** A sheet with a day's rows, which replace those that it has of that day. */
export function withDay(sheet: Sheet | null, own: SheetDay): Sheet {
  const others = sheet === null ? [] : daysOf(sheet).filter(({ day }) => day !== own.day);
  return sheetOf([...others, own].sort((a, b) => a.day - b.day));
}

/** The rows of a day of a sheet; null when it has none. */
export function dayOfSheet(sheet: Sheet, day: number): Rows | null {
  return daysOf(sheet).find((one) => one.day === day)?.rows ?? null;
}

/** The rows of a sheet that end at or before a time; null when there are none. Later rows of the last day become unknown. */
export function sheetUntil(sheet: Sheet, untilS: number, { rowsPerDay }: KeptRra): Sheet | null {
  const rowS = dayS / rowsPerDay;
  const kept = daysOf(sheet).filter(({ day }) => day * dayS + rowS <= untilS);
  if (kept.length === 0) return null;
  return sheetOf(
    kept.map(({ day, rows }) => {
      const known = Math.floor((untilS - day * dayS) / rowS);
      const cut = (column: Float64Array): Float64Array =>
        column.slice().fill(Number.NaN, Math.min(known, column.length));
      return { day, rows: { AVERAGE: rows.AVERAGE.map(cut), MAX: rows.MAX.map(cut) } };
    }),
  );
}

/** Does a packed sheet have the rows of a day? */
export function hasDay(bytes: Uint8Array, day: number, { daysPerSheet }: KeptRra): boolean {
  const at = day % daysPerSheet;
  return ((bytes[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0;
}
