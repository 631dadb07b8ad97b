// Metadata of the archives besides their readings, and the progress of maintenance.

import type { About, ArchiveInfo, DataSource } from '../../model/archive.js';
import { withHeartbeat } from '../../model/archive.js';
import type { ArchiveChange, Cycle } from '../../model/cycle.js';
import type { ImportedPart } from '../../model/imported-part.js';
import { kindOf, registry } from '../../model/kinds/registry.js';
import { monthOf } from '../../model/time/month.js';
import type { Database, Get } from '../leveldb/database.js';
import { allDue } from '../rows/baseline-record.js';
import { dayS, type Grid, gridOf, standardGrid } from '../rows/slot.js';
import { readRetention, writtenRetention } from './kept-retention.js';
import { archiveKey, archiveOfKey, metaKey, prefixRange } from './keys.js';
import { archivesPerBlock } from './recent.js';

/** An archive's record, stored under its name. */
export interface ArchiveRecord {
  /** Its number in the keys of its readings; never reused. */
  readonly id: number;
  /** Its set of measures (kinds/kind.ts). */
  readonly sources: string;
  /** Its retention, in the form of the setting; omitted when standard. */
  readonly retention?: string;
  readonly about: About;
  /** Time of its first reading; null before that. */
  readonly firstS: number | null;
  /** Time of its last reading while it is missing from the table; null while every cycle reads it. */
  readonly lastS: number | null;
  readonly goneS: number | null;
  readonly events: number;
  /** Number of events that were dropped for newer ones. */
  readonly droppedEvents?: number;
  /** The first second that imported rows cover (imported.ts); omitted when no row was imported. */
  readonly importedS?: number;
  /** Omitted when an older version imported them. */
  readonly imported?: Pick<ImportedPart, 'sources' | 'longer'>;
}

/** Progress of a chore: all blocks before `at` are done, and within `at` those before `block`. */
export interface Cursor {
  /** A window or a day as in slot.ts, a month as in model/month.ts, or a shift as in baseline-record.ts. */
  readonly at: number;
  /** A block of archives, as in recent.ts. */
  readonly block: number;
}

/** Progress of the store. */
export interface State {
  /** The division of time for the retention, which the first reading fixes. */
  readonly grid: Grid;
  /** Time of the newest cycle with readings; null before the first. */
  readonly lastS: number | null;
  /** The time by which readings, rows and archives expire; behind `lastS` after a jump of the clock (`agedUpTo`). */
  readonly agedS: number;
  readonly nextId: number;
  /** Windows whose readings are sealed. */
  readonly seal: Cursor;
  /** Days that have their day row. */
  readonly rows: Cursor;
  /** Months whose percentiles are stored. */
  readonly months: Cursor;
  /** Shifts (baseline-record.ts) of which the services' baselines are stored. */
  readonly baselines: Cursor;
  /** Days whose readings have expired. */
  readonly expire: Cursor;
  /** The day of the last search for archives and rows to drop. */
  readonly dropDay: number;
}

const begin: Cursor = { at: 0, block: 0 };

/** The state of a new store. */
export const newState: State = {
  grid: standardGrid,
  lastS: null,
  agedS: 0,
  nextId: 0,
  seal: begin,
  rows: begin,
  months: begin,
  baselines: begin,
  expire: begin,
  dropDay: 0,
};

/** The first window or day that a chore has not done for an archive. */
export function reached(cursor: Cursor, id: number): number {
  return Math.floor(id / archivesPerBlock) < cursor.block ? cursor.at + 1 : cursor.at;
}

/** Reads the state. */
export function readState(get: Get): State {
  const stored = get(metaKey('state'));
  return stored === undefined ? newState : parseState(stored.toString());
}

/**
 * Parses the stored state. A state from before `agedS` existed takes the time of its newest cycle; one from before months or baselines has
 * none yet.
 */
export function parseState(text: string): State {
  const { retention, ...stored } = JSON.parse(text) as StoredState;
  const months = stored.months ?? { at: monthOf(stored.expire.at * dayS), block: 0 };
  const grid = gridOf(readRetention(retention));
  const baselines = stored.baselines ?? allDue(grid, stored.seal.at);
  return { ...stored, grid, agedS: stored.agedS ?? stored.lastS ?? 0, months, baselines };
}

type StoredState = Omit<State, 'grid' | 'agedS' | 'months' | 'baselines'> &
  Partial<Pick<State, 'agedS' | 'months' | 'baselines'>> & { readonly retention?: string };

/** The state in its stored form. */
export function formatState({ grid: { retention }, ...state }: State): Buffer {
  return Buffer.from(JSON.stringify({ ...state, ...writtenRetention(retention) }));
}

/** How much faster than real time `agedS` catches up when it is behind. */
const fastestAging = 24;

/**
 * The expiry time after a cycle: the cycle's own, except after a forward jump of the clock. If the clock was wrong, setting it right some
 * cycles later finds the archives intact. If it was right, whatever is due expires within days.
 */
export function agedUpTo({ lastS, agedS }: State, { timeS, hasJumped }: Pick<Cycle, 'timeS' | 'hasJumped'>): number {
  if (hasJumped) return agedS;
  return agedS === lastS ? timeS : Math.min(timeS, agedS + fastestAging * (timeS - (lastS ?? timeS)));
}

/** Reads one archive's record; undefined when there is none. */
export function readRecord(get: Get, name: string): ArchiveRecord | undefined {
  const stored = get(archiveKey(name));
  return stored === undefined ? undefined : (JSON.parse(stored.toString()) as ArchiveRecord);
}

/** Reads all records, by name. */
export async function readRecords(database: Database): Promise<Map<string, ArchiveRecord>> {
  const records = new Map<string, ArchiveRecord>();
  for (const [key, value] of await database.entries(prefixRange('a'))) {
    records.set(archiveOfKey(key), JSON.parse(value.toString()) as ArchiveRecord);
  }
  return records;
}

/** The record after a change; `id` is the number for a new one. */
export function changedRecord(old: ArchiveRecord | undefined, change: ArchiveChange, id: number): ArchiveRecord {
  const { about, lastS, goneS } = change;
  const { firstS, events } = old ?? { firstS: null, events: 0 };
  const sources = old?.sources ?? sourcesOf(about);
  return { ...old, id: old?.id ?? id, sources, about, firstS, lastS, goneS, events };
}

/** The first second that an archive can know; null before its first reading. */
export function firstKnownS({ firstS, importedS }: Pick<ArchiveRecord, 'firstS' | 'importedS'>): number | null {
  return firstS === null || importedS === undefined ? (firstS ?? importedS ?? null) : Math.min(firstS, importedS);
}

/** An archive in the form that `list` returns; null before its first reading. */
export function archiveInfo(name: string, record: ArchiveRecord, state: State): ArchiveInfo | null {
  const { about, goneS } = record;
  const firstS = firstKnownS(record);
  const lastS = record.lastS ?? state.lastS;
  if (firstS === null || lastS === null) return null;
  return {
    name,
    about,
    dataSources: dataSourcesOf(record, state.grid),
    retention: state.grid.retention,
    firstS,
    lastS,
    goneS,
    events: record.events + (record.droppedEvents ?? 0),
    ...(record.importedS === undefined ? {} : { imported: importedPart(record, record.importedS) }),
  };
}

function importedPart({ firstS, imported }: ArchiveRecord, sinceS: number): ImportedPart {
  return { sinceS, readSinceS: firstS, ...(imported ?? { sources: null, longer: [] }) };
}

/** The set of data sources for an archive about this subject. */
export function sourcesOf(about: About): ArchiveRecord['sources'] {
  return kindOf(about).measureSet;
}

const sourceSets = new WeakMap<Grid, Map<string, readonly DataSource[]>>();

/** The data sources of an archive. */
export function dataSourcesOf({ sources }: Pick<ArchiveRecord, 'sources'>, grid: Grid): readonly DataSource[] {
  const sets = sourceSets.get(grid) ?? new Map<string, readonly DataSource[]>();
  sourceSets.set(grid, sets);
  const known = sets.get(sources) ?? withHeartbeat(standardSet(sources), grid.retention);
  sets.set(sources, known);
  return known;
}

/** The number of an archive's data sources. */
export function columnCountOf({ sources }: Pick<ArchiveRecord, 'sources'>): number {
  return standardSet(sources).length;
}

function standardSet(sources: string): readonly DataSource[] {
  const found = registry.dataSources.get(sources);
  if (found === undefined) throw new RangeError(`"${sources}" is no set of data sources`);
  return found;
}

/** The records grouped by the block of their recent readings, in block order. */
export function recordsByBlock(records: Iterable<ArchiveRecord>): ReadonlyMap<number, readonly ArchiveRecord[]> {
  const byBlock = new Map<number, ArchiveRecord[]>();
  for (const record of [...records].sort((a, b) => a.id - b.id)) {
    const block = Math.floor(record.id / archivesPerBlock);
    const own = byBlock.get(block);
    if (own === undefined) byBlock.set(block, [record]);
    else own.push(record);
  }
  return byBlock;
}
