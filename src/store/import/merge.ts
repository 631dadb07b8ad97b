// Merges foreign rows into an archive, which is created if there is none. Known values stay; only unknown ones are filled. The merge is one
// batch, and repeating it adds nothing.

import { type About, cfs, type Rra } from '../../model/archive.js';
import { emptyState } from '../../model/cycle.js';
import { joinLonger, type LongerRows } from '../../model/imported-part.js';
import { kindOf } from '../../model/kinds/registry.js';
import { archiveKeptS, type Retention } from '../../model/retention.js';
import { type RowSpan, wholeSpan } from '../../model/rows/choose-rra.js';
import type { Rows } from '../../model/rows/consolidate.js';
import { tableOperations } from '../append.js';
import { type FoundArchive, foundArchive, rowsIn } from '../fetch.js';
import {
  type ArchiveRecord,
  changedRecord,
  formatState,
  readRecord,
  readRecords,
  readState,
  type State,
} from '../layout/directory.js';
import { hasImported, withRetention, writtenRetention } from '../layout/kept-retention.js';
import { archiveKey, metaKey } from '../layout/keys.js';
import type { Database, Operation } from '../leveldb/database.js';
import { allDue } from '../rows/baseline-record.js';
import { dayS, type Grid } from '../rows/slot.js';
import { hasBaselines } from '../upkeep/keep-baselines.js';
import { importedDay, importedOperations, importedRraOf } from './imported.js';

/** Rows of one round-robin archive: row i ends at `startS + (i + 1)` rows. One column per data source; NaN fills nothing. */
export interface ForeignRows {
  readonly startS: number;
  readonly rows: Rows;
  /**
   * For each row, the length of the longest row it was made from, when that is longer than the row itself; else 0. Older commands omit it.
   */
  readonly fromRowS?: Float64Array;
}

/** A foreign archive. */
export interface Foreign {
  readonly name: string;
  /** The subject of the archive, used when no archive has that name. */
  readonly about: About;
  /** Time of its newest reading. */
  readonly lastS: number;
  /** The retention of these rows: that of the existing archives, or the one for new archives. */
  readonly retention: Retention;
  /** In the order of the retention's round-robin archives. */
  readonly rras: readonly ForeignRows[];
}

/** Counts of the values by outcome. A value belongs to one row, data source and consolidation function. */
export interface MergeOutcome {
  readonly isNew: boolean;
  readonly taken: number;
  /** Already known, and left unchanged. */
  readonly known: number;
  /** Outside the span of the archive: expired, or not reached yet. */
  readonly outside: number;
}

/** Merges rows. Throws a `UserError`, `other-retention`, when the archives have another retention. */
export async function mergeRows(database: Database, foreign: Foreign): Promise<MergeOutcome> {
  const state = await stateFor(database, foreign.retention);
  const old = readRecord(database.get, foreign.name);
  const record = recordFor(state, old, foreign);
  const archive = foundArchive({ get: database.get, state }, foreign.name, {
    ...record,
    importedS: record.importedS ?? foreign.lastS,
  });
  if (archive === null) throw new RangeError('an archive with rows has a time');
  const tally: Tally = {
    taken: 0,
    known: 0,
    outside: 0,
    firstS: Number.POSITIVE_INFINITY,
    sources: new Set(),
    longer: [],
  };
  const operations = foreign.retention.rras.flatMap((rra, i) => {
    const rows = foreign.rras[i];
    return rows === undefined ? [] : takeRows(archive, { rra, rows, isOver: isOver(state, record) }, tally);
  });
  const { firstS, taken, known, outside } = tally;
  if (taken > 0) {
    const importedS = Math.min(firstS, old?.importedS ?? firstS);
    operations.push({
      type: 'put',
      key: archiveKey(foreign.name),
      value: json({
        ...record,
        ...writtenRetention(state.grid.retention),
        importedS,
        imported: importedOf(old, archive, tally),
      }),
    });
    if (old === undefined && database.get(metaKey('table')) === undefined) {
      operations.push(...tableOperations(database, emptyState));
    }
    operations.push({ type: 'put', key: metaKey('state'), value: formatState(stateAfter(state, old, record)) });
    await database.write(operations, { isDurable: true });
  }
  return { isNew: old === undefined && taken > 0, taken, known, outside };
}

/** The first rows fix the retention, even imported ones. */
async function stateFor(database: Database, wanted: Retention): Promise<State> {
  const state = readState(database.get);
  const records = state.lastS === null ? await readRecords(database) : new Map<string, ArchiveRecord>();
  return withRetention(state, wanted, hasImported(records.values()));
}

interface Tally {
  taken: number;
  known: number;
  outside: number;
  /** Time of the first second that was filled. */
  firstS: number;
  /** Numbers of the data sources that were filled. */
  readonly sources: Set<number>;
  /** Where the filled rows were made from longer ones. */
  readonly longer: LongerRows[];
}

/** The record of this import and earlier ones: which data sources, and where longer rows were used. */
function importedOf(
  old: ArchiveRecord | undefined,
  { sources }: FoundArchive,
  { sources: taken, longer }: Tally,
): ArchiveRecord['imported'] {
  const before = old?.importedS === undefined ? { sources: [], longer: [] } : old.imported;
  const names = sources.map(({ name }) => name);
  return {
    sources:
      before?.sources == null
        ? null
        : names.filter((name, i) => taken.has(i) || before.sources?.includes(name) === true),
    longer: joinLonger([...(before?.longer ?? []), ...longer]),
  };
}

/** The record that the archive will have. An archive that is no longer read ends at its newest row. */
function recordFor(state: State, old: ArchiveRecord | undefined, { about, lastS }: Foreign): ArchiveRecord {
  const isLive = old !== undefined && old.goneS === null && state.lastS !== null;
  if (isLive) return old;
  const newestS = Math.max(lastS, old?.lastS ?? 0);
  const change = { name: '', about: old?.about ?? about, lastS: newestS, goneS: newestS };
  return changedRecord(old, change, old?.id ?? state.nextId);
}

/** Would maintenance drop the archive at once (drop.ts)? */
function isOver({ agedS, grid }: State, { about, lastS, goneS }: ArchiveRecord): boolean {
  const isServer = kindOf(about).level === 'member';
  return isServer && goneS !== null && agedS - (lastS ?? goneS) > archiveKeptS(grid.retention, true);
}

/** The state after an import. The rows may change the baselines of the archive, which maintenance then derives again. */
function stateAfter(state: State, old: ArchiveRecord | undefined, { about }: ArchiveRecord): State {
  const { grid, lastS, seal } = state;
  const isNew = old === undefined;
  return {
    ...state,
    nextId: isNew ? state.nextId + 1 : state.nextId,
    ...(lastS !== null && hasBaselines(about) ? { baselines: allDue(grid, seal.at) } : {}),
  };
}

interface RowImport {
  readonly rra: Rra;
  readonly rows: ForeignRows;
  readonly isOver: boolean;
}

/** Takes the rows of one round-robin archive, day by day. */
function takeRows(archive: FoundArchive, { rra, rows: foreign, isOver }: RowImport, tally: Tally): Operation[] {
  const { place } = archive;
  const { grid } = place.state;
  const reach = wholeSpan(rra, archive.kept);
  const count = foreign.rows.AVERAGE[0]?.length ?? 0;
  const span: RowSpan = { ...reach, startS: foreign.startS, endS: foreign.startS + count * reach.rowS };
  const own = rowsIn(archive, span);
  const kept = importedRraOf(grid, rra.pdpPerRow);
  const days = new Map<number, Rows>();
  const rowsOfDay = (day: number): Rows => {
    const known = days.get(day);
    if (known !== undefined) return known;
    const rows = importedDay(place, kept, day) ?? unknownDay(grid, rra, place.columns);
    days.set(day, rows);
    return rows;
  };
  const taken = new Uint8Array(count);
  for (const cf of cfs) {
    for (const [column, values] of foreign.rows[cf].entries()) {
      for (const [row, value] of values.entries()) {
        if (Number.isNaN(value)) continue;
        const startS = span.startS + row * span.rowS;
        if (isOver || startS < reach.expiredS || startS + span.rowS > reach.lastRowS) tally.outside += 1;
        else if (!Number.isNaN(own[cf][column]?.[row])) tally.known += 1;
        else {
          const day = Math.floor(startS / dayS);
          const into = rowsOfDay(day)[cf][column];
          if (into !== undefined) into[(startS - day * dayS) / span.rowS] = value;
          tally.taken += 1;
          tally.sources.add(column);
          taken[row] = 1;
          tally.firstS = Math.min(tally.firstS, startS + 1);
        }
      }
    }
  }
  tally.longer.push(...longerRows(foreign, taken, span));
  return importedOperations(place, kept, days);
}

/** Where the filled rows were made from longer ones: runs of them, bridging gaps of less than a day. */
function longerRows(
  { fromRowS = new Float64Array() }: ForeignRows,
  taken: Uint8Array,
  { startS, rowS }: RowSpan,
): readonly LongerRows[] {
  const runs: LongerRows[] = [];
  for (const [row, lengthS] of fromRowS.entries()) {
    if (lengthS === 0 || taken[row] !== 1) continue;
    const [fromS, endS] = [startS + row * rowS, startS + (row + 1) * rowS];
    const before = runs.at(-1);
    const joins = before !== undefined && before.rowS === lengthS && fromS - before.endS < dayS;
    if (joins) runs.splice(-1, 1, { ...before, endS });
    else runs.push({ startS: fromS, endS, rowS: lengthS });
  }
  return runs;
}

function unknownDay({ slotsPerDay }: Grid, { pdpPerRow }: Rra, columns: number): Rows {
  const unknown = () =>
    Array.from({ length: columns }, () => new Float64Array(slotsPerDay / pdpPerRow).fill(Number.NaN));
  return { AVERAGE: unknown(), MAX: unknown() };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
