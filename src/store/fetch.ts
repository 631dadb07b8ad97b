// Rows of one archive, as `rrdtool fetch` would give them: derived from the readings while these are kept, and from the
// rows kept in their place before that.

import { type DataSource, type Rra, stepS } from '../model/archive.js';
import type { Series, SeriesQuery } from '../model/series.js';
import { consolidate } from './cdp.js';
import { chooseRra, type RowSpan } from './choose-rra.js';
import { type CoarseKind, coarseKinds, unpackRows } from './coarse.js';
import {
  type ArchiveRecord,
  type Cursor,
  dataSourcesOf,
  reached,
  readRecord,
  readState,
  type State,
} from './directory.js';
import { timedKey } from './keys.js';
import { type Get, loadReadings, type ReadingPlace } from './load.js';
import { derivePdps } from './pdp.js';
import { keptS, slotsPerDay } from './slot.js';
import { StoreError } from './store-error.js';

const dayS = slotsPerDay * stepS;

/** Answers a query. Throws a `StoreError` with code `no-such-archive`. */
export function fetchSeries(get: Get, query: SeriesQuery): Series {
  const state = readState(get);
  const record = readRecord(get, query.name);
  const lastS = record?.lastS ?? state.lastS;
  if (record === undefined || record.firstS === null || lastS === null) throw noSuchArchive(query.name);
  const dataSources = dataSourcesOf(record);
  const place: ReadingPlace = { get, state, id: record.id, columns: dataSources.length };
  const span = chooseRra(query, { lastS, sinceS: (rra) => keptSinceS(state, rra) });
  const columns = rowsOf(place, { record, dataSources, span, query });
  const { startS, endS, rowS } = span;
  const { name, cf } = query;
  return { name, cf, stepS: rowS, startS, endS, lastS, dataSources: dataSources.map((source) => source.name), columns };
}

/** Since when rows of a round-robin archive are surely there: readings and rows leave by the director's time. */
function keptSinceS({ lastS }: State, { pdpPerRow }: Rra): number {
  return Math.floor((lastS ?? 0) / dayS) * dayS - keptS(pdpPerRow);
}

interface Wanted {
  readonly record: ArchiveRecord;
  readonly dataSources: readonly DataSource[];
  readonly span: RowSpan;
  readonly query: SeriesQuery;
}

function rowsOf(place: ReadingPlace, wanted: Wanted): Float64Array[] {
  const { record, dataSources, span } = wanted;
  const { startS, endS, rowS, rra } = span;
  const columns = dataSources.map(() => new Float64Array((endS - startS) / rowS).fill(Number.NaN));
  const firstS = record.firstS ?? 0;
  const fromS = Math.max(startS, span.expiredS, firstS - (firstS % rowS));
  const toS = Math.min(endS, span.lastRowS);
  const doneS = (cursor: Cursor): number => Math.min(toS, Math.max(fromS, reached(cursor, place.id) * dayS));
  const kind = rra.pdpPerRow === coarseKinds.y ? 'y' : rra.pdpPerRow === coarseKinds.h ? 'h' : null;
  let derivedToS = doneS(place.state.expire);
  if (kind !== null) copyKept(place, { kind, fromS, toS: derivedToS, wanted }, columns);
  if (kind === 'y') {
    for (let dayEndS = derivedToS + dayS; dayEndS <= doneS(place.state.rows); dayEndS += dayS) {
      if (!copyKept(place, { kind, fromS: dayEndS - dayS, toS: dayEndS, wanted }, columns)) continue;
      derive(place, { fromS: derivedToS, toS: dayEndS - dayS, wanted }, columns);
      derivedToS = dayEndS;
    }
  }
  derive(place, { fromS: derivedToS, toS, wanted }, columns);
  return columns;
}

interface Stretch {
  readonly fromS: number;
  readonly toS: number;
  readonly wanted: Wanted;
}

/** Derives the rows of a stretch from readings. */
function derive(place: ReadingPlace, { fromS, toS, wanted }: Stretch, columns: readonly Float64Array[]): void {
  if (fromS >= toS) return;
  const { dataSources, span, query } = wanted;
  const firstSlot = fromS / stepS + 1;
  const count = (toS - fromS) / stepS;
  const runs = loadReadings(place, firstSlot, firstSlot + count - 1);
  const pdps = derivePdps(runs, dataSources, { firstSlot, count });
  for (const [i, column] of pdps.columns.entries()) {
    columns[i]?.set(consolidate(column, span.rra.pdpPerRow, query.cf), (fromS - span.startS) / span.rowS);
  }
}

/** Copies the kept rows of a stretch; false where there are none. */
function copyKept(
  place: ReadingPlace,
  { kind, fromS, toS, wanted: { span, query } }: Stretch & { readonly kind: CoarseKind },
  columns: readonly Float64Array[],
): boolean {
  let isKept = false;
  for (let day = Math.floor(fromS / dayS); day * dayS < toS; day += 1) {
    const stored = place.get(timedKey(kind, day, place.id));
    if (stored === undefined) continue;
    isKept = true;
    for (const [index, column] of columns.entries()) {
      const rows = unpackRows(stored, query.cf, { index, of: columns.length });
      for (const [i, value] of rows.entries()) {
        const endS = day * dayS + (i + 1) * span.rowS;
        if (endS > fromS && endS <= toS) column[(endS - span.startS) / span.rowS - 1] = value;
      }
    }
  }
  return isKept;
}

function noSuchArchive(name: string): StoreError {
  return new StoreError('no-such-archive', `there is no archive "${name}": "lvs-stats list" shows those there are`);
}
