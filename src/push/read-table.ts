// The archives as the plan needs them.

import type { ArchiveInfo } from '../model/archive.js';
import { newestReadingS } from '../model/archive.js';
import type { Cursor } from './cursor/cursor.js';
import { floorTo, levelsOf } from './plan/levels.js';
import type { Table } from './plan/next-slice.js';

/** Bounds of the rows that are wanted. */
interface Wanted {
  /** Rows that end at or before this time are not wanted. */
  readonly sinceS: number;
  /** Longer rows that end up to this time are wanted only where there are no finest ones; 0 by default. */
  readonly longerSinceS?: number;
}

/** The table of some archives; null if there are none. */
export function tableOf(all: readonly ArchiveInfo[], { sinceS, longerSinceS = 0 }: Wanted): Table | null {
  const [first] = all;
  if (first === undefined) return null;
  const { retention } = first;
  const { stepS } = retention;
  const newestS = floorTo(newestReadingS(all), stepS);
  const levels = levelsOf(retention, newestS, longerSinceS);
  const archives = all.map(({ name, dataSources, firstS, lastS, imported }) => ({
    name,
    columns: dataSources.length,
    firstS: Math.min(firstS, imported?.sinceS ?? firstS),
    lastS,
    afterS: null,
  }));
  const beganS = archives.reduce((least, { firstS }) => Math.min(least, firstS), newestS);
  const keptS = levels.reduce((least, level) => Math.min(least, level.sinceS), newestS);
  const oldestS = floorTo(Math.max(beganS, keptS, sinceS), stepS);
  return { archives, levels, stepS, newestS, oldestS };
}

/** The table with the places where lagging archives resume. */
export function resumedTable(table: Table, { late }: Pick<Cursor, 'late'>): Table {
  const archives = table.archives.map((archive) => ({ ...archive, afterS: late[archive.name] ?? null }));
  return { ...table, archives };
}
