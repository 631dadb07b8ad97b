// Rows of an archive from what was collected: copied from the kept ones where there are any, and derived from readings otherwise.

import type { DataSource } from '../../model/archive.js';
import { type Cursor, reached } from '../layout/directory.js';
import { timedKey } from '../layout/keys.js';
import { ReusedRoom } from '../packing/room.js';
import { decodeSheet } from '../packing/sheet.js';
import { consolidate, type RowPart, type Rows } from './cdp.js';
import type { RowSpan } from './choose-rra.js';
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
  const doneS = (cursor: Cursor): number => Math.min(toS, Math.max(fromS, reached(cursor, place.id) * dayS));
  let derivedToS = doneS(expire);
  if (keptRra !== undefined) {
    const keptToS = Math.max(derivedToS, doneS(kept));
    for (const copied of copyKept(place, { rra: keptRra, fromS, toS: keptToS, request }, rows)) {
      derive(place, { fromS: derivedToS, toS: copied.fromS, request }, rows);
      derivedToS = Math.max(derivedToS, copied.toS);
    }
  }
  derive(place, { fromS: derivedToS, toS, request }, rows);
}

interface Stretch {
  readonly fromS: number;
  readonly toS: number;
  readonly request: RowsRequest;
}

/** Derives the rows of a stretch from readings. */
function derive(place: ReadingPlace, { fromS, toS, request: { sources, span, part } }: Stretch, rows: Rows): void {
  if (fromS >= toS) return;
  const { stepS } = place.state.grid;
  const firstSlot = fromS / stepS + 1;
  const count = (toS - fromS) / stepS;
  const runs = loadReadings(place, firstSlot, firstSlot + count - 1, part.columns);
  const pdps = derivePdps(runs, sources, { stepS, firstSlot, count, columns: part.columns });
  const first = (fromS - span.startS) / span.rowS;
  for (const [i, column] of pdps.columns.entries()) {
    for (const cf of part.cfs) rows[cf][i]?.set(consolidate(column, span.rra.pdpPerRow, cf), first);
  }
}

/** Sheets are unpacked one at a time, and copied from at once. */
const room = new ReusedRoom();

/** Copies the kept rows of a stretch, and yields the parts of it that it found. */
function* copyKept(
  place: ReadingPlace,
  { rra, fromS, toS, request: { span, part } }: Stretch & { readonly rra: KeptRra },
  rows: Rows,
): Generator<{ readonly fromS: number; readonly toS: number }> {
  const { get, id, columns } = place;
  const sheetS = rra.daysPerSheet * dayS;
  for (let sheet = Math.floor(fromS / sheetS); sheet * sheetS < toS; sheet += 1) {
    const stored = get(timedKey(rra.kind, sheet, id));
    if (stored === undefined) continue;
    room.clear();
    const found = decodeSheet(stored, { sheet, rra, columns, room }, part);
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
