// Which rows are sent next. The archives are the queue, and the cursor says which of their rows the receiver has: those that end after
// `fromS` up to `toS`. New rows go first; then history, from the newest to the oldest. A receiver that wants rows in order gets them from
// the oldest on, and nothing from before.

import type { Cursor } from '../cursor/cursor.js';
import type { Receiving } from '../receiver/ask-receiver.js';
import { floorTo, type Level } from './levels.js';
import type { PushedArchive, Slice } from './pieces.js';

/** The archives as they are. */
export interface Table {
  readonly archives: readonly PushedArchive[];
  readonly levels: readonly Level[];
  readonly stepS: number;
  /** End of the newest row. */
  readonly newestS: number;
  /** Rows that end at or before this time are not wanted. */
  readonly oldestS: number;
}

/** A slice, and which end of the delivered span it extends. */
export interface NextSlice extends Slice {
  readonly way: 'forward' | 'back';
}

const dayS = 86_400;

/** Rows that an ordered receiver takes at once from all archives, seconds: Prometheus tolerates an hour between series. */
const orderedS = 3300;

/** Days of history at once where only long rows are left. */
const longDays = 30;

/** The next slice; null when everything has been sent. */
export function nextSlice(
  cursor: Pick<Cursor, 'fromS' | 'toS'>,
  table: Table,
  order: Receiving['order'],
): NextSlice | null {
  const { fromS, toS } = cursor;
  if (toS < table.newestS) {
    const endS = order === 'ascending' ? orderedEnd(toS, table) : floorTo(toS, dayS) + dayS;
    return { way: 'forward', startS: toS, endS: Math.min(endS, table.newestS) };
  }
  if (order === 'ascending' || fromS <= table.oldestS) return null;
  const fineS = table.levels[0]?.sinceS ?? 0;
  const days = fromS <= fineS ? longDays : 1;
  return { way: 'back', startS: Math.max(floorTo(fromS - 1, dayS) - (days - 1) * dayS, table.oldestS), endS: fromS };
}

/** Some of the finest rows, or one longer row where only those are kept; no slice has rows of before and of after shorter ones begin. */
function orderedEnd(startS: number, { levels, stepS }: Table): number {
  const index = levels.findIndex(({ sinceS }) => startS >= sinceS);
  const own = levels.at(index);
  const finer = index > 0 ? levels[index - 1] : levels.at(index < 0 ? -1 : 0);
  const rowS = own?.rowS ?? stepS;
  const endS = floorTo(startS, rowS) + Math.max(rowS, floorTo(orderedS, rowS));
  return finer === undefined || finer.sinceS <= startS ? endS : Math.min(endS, finer.sinceS);
}

/** The position before anything has been sent. */
export function firstPosition({ newestS, oldestS }: Table, order: Receiving['order']): Pick<Cursor, 'fromS' | 'toS'> {
  const atS = order === 'ascending' ? Math.min(oldestS, newestS) : newestS;
  return { fromS: atS, toS: atS };
}

/** The archives whose rows lag behind a time, and up to where they were sent. */
export function lagging(
  archives: readonly PushedArchive[],
  { stepS, toS, sentS }: { readonly stepS: number; readonly toS: number; readonly sentS: number },
): Readonly<Record<string, number>> {
  const late = archives.filter(({ lastS }) => floorTo(lastS, stepS) < toS);
  return Object.fromEntries(
    late.map(({ name, lastS, afterS }) => [name, Math.max(afterS ?? sentS, floorTo(lastS, stepS))]),
  );
}
