// Rows of one archive, as `rrdtool fetch` would give them: derived from the readings while these are kept, and from the
// rows kept in their place before that.

import { type DataSource, stepS } from '../model/archive.js';
import type { Series, SeriesQuery } from '../model/series.js';
import { consolidate } from './cdp.js';
import { chooseRra, type RowSpan } from './choose-rra.js';
import { type CoarseKind, coarseKinds, unpackRows } from './coarse.js';
import { type ArchiveRecord, dataSourcesOf, readRecord, readState } from './directory.js';
import { timedKey } from './keys.js';
import { type Get, loadReadings, type ReadingPlace } from './load.js';
import { derivePdps } from './pdp.js';
import { archivesPerBlock } from './recent.js';
import { dayOf, slotsPerDay } from './slot.js';
import { StoreError } from './store-error.js';

/** Answers a query. Throws a `StoreError` with code `no-such-archive`. */
export function fetchSeries(get: Get, query: SeriesQuery): Series {
  const state = readState(get);
  const record = readRecord(get, query.name);
  const lastS = record?.lastS ?? state.lastS;
  if (record === undefined || record.firstS === null || lastS === null) throw noSuchArchive(query.name);
  const dataSources = dataSourcesOf(record);
  const span = chooseRra(query, lastS);
  const place: ReadingPlace = { get, state, id: record.id, columns: dataSources.length };
  const columns = rowsOf(place, { record, dataSources, span, query });
  const { startS, endS, rowS } = span;
  const { name, cf } = query;
  return { name, cf, stepS: rowS, startS, endS, lastS, dataSources: dataSources.map((source) => source.name), columns };
}

interface Wanted {
  readonly record: ArchiveRecord;
  readonly dataSources: readonly DataSource[];
  readonly span: RowSpan;
  readonly query: SeriesQuery;
}

function rowsOf(place: ReadingPlace, { record, dataSources, span, query }: Wanted): Float64Array[] {
  const { startS, endS, rowS, rra } = span;
  const count = (endS - startS) / rowS;
  const columns = dataSources.map(() => new Float64Array(count).fill(Number.NaN));
  const firstS = record.firstS ?? 0;
  const fromS = Math.max(startS, span.expiredS, firstS - (firstS % rowS));
  const toS = Math.min(endS, span.lastRowS);
  if (fromS >= toS) return columns;
  const keptUntilS = place.state.expireDay * slotsPerDay * stepS;
  const derivedFromS = Math.min(toS, Math.max(fromS, isExpired(place) ? keptUntilS + slotsPerDay * stepS : keptUntilS));
  for (const [kind, pdpPerRow] of Object.entries(coarseKinds)) {
    if (pdpPerRow !== rra.pdpPerRow) continue;
    copyKept(place, { kind: kind as CoarseKind, span, fromS, toS: derivedFromS, query }, columns);
  }
  if (derivedFromS >= toS) return columns;
  const firstSlot = derivedFromS / stepS + 1;
  const slots = (toS - derivedFromS) / stepS;
  const runs = loadReadings(place, firstSlot, firstSlot + slots - 1);
  const pdps = derivePdps(runs, dataSources, { firstSlot, count: slots });
  for (const [i, column] of pdps.columns.entries()) {
    columns[i]?.set(consolidate(column, rra.pdpPerRow, query.cf), (derivedFromS - startS) / rowS);
  }
  return columns;
}

/** Has the day that is leaving the readings left this archive's? */
function isExpired({ state, id }: ReadingPlace): boolean {
  return Math.floor(id / archivesPerBlock) < state.expireBlock;
}

interface KeptRows {
  readonly kind: CoarseKind;
  readonly span: RowSpan;
  readonly fromS: number;
  readonly toS: number;
  readonly query: SeriesQuery;
}

function copyKept(place: ReadingPlace, { kind, span, fromS, toS, query }: KeptRows, columns: Float64Array[]): void {
  const daySlots = slotsPerDay;
  for (let day = dayOf(fromS / stepS + 1); day * daySlots * stepS < toS; day += 1) {
    const stored = place.get(timedKey(kind, day, place.id));
    for (const [index, column] of columns.entries()) {
      const rows = unpackRows(stored, query.cf, { index, of: columns.length });
      for (const [i, value] of rows?.entries() ?? []) {
        const endS = day * daySlots * stepS + (i + 1) * span.rowS;
        if (endS > fromS && endS <= toS) column[(endS - span.startS) / span.rowS - 1] = value;
      }
    }
  }
}

function noSuchArchive(name: string): StoreError {
  return new StoreError('no-such-archive', `there is no archive "${name}": "lvs-stats list" shows those there are`);
}
