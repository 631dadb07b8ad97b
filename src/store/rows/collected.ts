// Rows of an archive from what was collected: copied from the kept ones where there are any, and derived from readings otherwise.

import type { DataSource } from '../../model/archive.js';
import type { RowSpan } from '../../model/rows/choose-rra.js';
import { consolidateAll, type RowPart, type Rows } from '../../model/rows/consolidate.js';
import { type Cursor, reached } from '../layout/directory.js';
import { timedKey } from '../layout/keys.js';
import { ReusedRoom } from '../packing/room.js';
import { decodeSheet, type Sheet, type SheetPlace } from '../packing/sheet.js';
import { loadReadings, type ReadingPlace } from './load.js';
import { derivePdps } from './pdp.js';
import { dayS, type KeptRra } from './slot.js';

/** The rows of an archive that are asked for; its first reading was at `firstS`. */
interface RowsRequest {
  readonly firstS: number;
  readonly sources: readonly DataSource[];
  readonly span: RowSpan;
  readonly part: RowPart;
}

/** Fills the rows from the kept ones, day by day, and from readings where a day is not kept. */
export function fillCollected(place: ReadingPlace, request: RowsRequest, rows: Rows): void {
  const { firstS, span } = request;
  const { startS, endS, rowS, rra } = span;
  const fromS = Math.max(startS, span.expiredS, firstS - (firstS % rowS));
  const toS = Math.min(endS, span.lastRowS);
  const { grid, expire, rows: kept } = place.state;
  const keptRra = grid.coarse.find(({ pdpPerRow }) => pdpPerRow === rra.pdpPerRow);
  const stretch = { fromS, toS, request };
  let derivedToS = doneS(expire, place, stretch);
  if (keptRra !== undefined) {
    const keptToS = Math.max(derivedToS, doneS(kept, place, stretch));
    for (const copied of copyKept(place, { rra: keptRra, fromS, toS: keptToS, request }, rows)) {
      derive(place, { fromS: derivedToS, toS: copied.fromS, request }, rows);
      derivedToS = Math.max(derivedToS, copied.toS);
    }
  }
  derive(place, { fromS: derivedToS, toS, request }, rows);
}

/** How much of a stretch a chore has done. */
function doneS(cursor: Cursor, { id }: ReadingPlace, { fromS, toS }: Stretch): number {
  return Math.min(toS, Math.max(fromS, reached(cursor, id) * dayS));
}

interface Stretch {
  readonly fromS: number;
  readonly toS: number;
  readonly request: RowsRequest;
}

/** Readings, and the data points of rows of several steps, are needed only until the rows are derived. */
const readingRoom = new ReusedRoom();

/** Derives the rows of a stretch from readings. */
function derive(place: ReadingPlace, { fromS, toS, request: { sources, span, part } }: Stretch, rows: Rows): void {
  if (fromS >= toS) return;
  const { stepS } = place.state.grid;
  const { pdpPerRow } = span.rra;
  const firstSlot = fromS / stepS + 1;
  const count = (toS - fromS) / stepS;
  const first = (fromS - span.startS) / span.rowS;
  readingRoom.clear();
  const slots = { first: firstSlot, last: firstSlot + count - 1, isCut: true };
  const runs = loadReadings(place, { ...slots, wanted: part.columns, room: readingRoom });
  const own = { first, end: first + count / pdpPerRow };
  // Rows of one step are the data points themselves, for either function.
  const [cf] = pdpPerRow === 1 ? part.cfs : [];
  const into = cf === undefined ? roomFor(part.columns.length, count) : partsOf(rows[cf], own);
  derivePdps(runs, sources, { stepS, firstSlot, count, columns: part.columns, into });
  if (cf === undefined)
    for (const one of part.cfs) consolidateAll(partsOf(rows[one], own), into, { pdpPerRow, cf: one });
}

function roomFor(columns: number, count: number): readonly Float64Array[] {
  const all: Float64Array[] = [];
  while (all.length < columns) all.push(readingRoom.take(count));
  return all;
}

function partsOf(
  columns: readonly Float64Array[],
  { first, end }: { readonly first: number; readonly end: number },
): readonly Float64Array[] {
  const parts: Float64Array[] = [];
  for (const column of columns) parts.push(column.subarray(first, end));
  return parts;
}

/** Copies the kept rows of a stretch, and yields the parts of it that it found. */
function* copyKept(
  place: ReadingPlace,
  { rra, fromS, toS, request: { span, part } }: Stretch & { readonly rra: KeptRra },
  rows: Rows,
): Generator<{ readonly fromS: number; readonly toS: number }> {
  const sheetS = rra.daysPerSheet * dayS;
  for (let sheet = Math.floor(fromS / sheetS); sheet * sheetS < toS; sheet += 1) {
    const found = readSheet(place, { rra, sheet }, part);
    if (found === null) continue;
    for (const { day, count, row } of runsOfDays(found.days, rra)) {
      const startS = day * dayS;
      const copied = { fromS: Math.max(fromS, startS), toS: Math.min(toS, startS + count * dayS) };
      if (copied.fromS >= copied.toS) continue;
      const first = row + (copied.fromS - startS) / span.rowS;
      const end = row + (copied.toS - startS) / span.rowS;
      const into = (copied.fromS - span.startS) / span.rowS;
      for (const cf of part.cfs) {
        for (const [wanted, column] of part.columns.entries()) {
          const own = found.rows[cf][column]?.subarray(first, end);
          if (own !== undefined) rows[cf][wanted]?.set(own, into);
        }
      }
      yield copied;
    }
  }
}

/** Room for sheets that are copied from at once. */
const sheetRoom = new ReusedRoom();

/** The rows of a sheet; null when there is none. */
function readSheet({ get, id, columns, unpacked }: ReadingPlace, place: SheetPlace, part: RowPart): Sheet | null {
  const key = timedKey(place.rra.kind, place.sheet, id);
  const known = unpacked?.sheets.find(key, part) ?? null;
  if (known !== null) return known;
  const stored = get(key);
  if (stored === undefined) return null;
  sheetRoom.clear();
  const sheet = decodeSheet(stored, { ...place, columns, room: sheetRoom }, part);
  unpacked?.sheets.keep(key, sheet, part);
  return sheet;
}

/** Consecutive days: the first, how many, and the number of their first row. */
interface DayRun {
  readonly day: number;
  readonly count: number;
  readonly row: number;
}

function runsOfDays(days: readonly number[], { rowsPerDay }: KeptRra): readonly DayRun[] {
  const runs: DayRun[] = [];
  for (let from = 0; from < days.length; ) {
    const day = days[from] ?? 0;
    let count = 1;
    while (days[from + count] === day + count) count += 1;
    runs.push({ day, count, row: from * rowsPerDay });
    from += count;
  }
  return runs;
}
