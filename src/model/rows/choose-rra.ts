// Chooses the round-robin archive and the rows that answer a query, by rrdtool's rule (rrd_fetch.c, rrd_fetch_fn): of the archives that
// reach back to the start, the one whose step is nearest to the requested one; otherwise the one that reaches back furthest.

import type { Rra } from '../archive.js';
import { type Retention, reachOf } from '../retention.js';
import type { RowsQuery } from '../series.js';

/** The rows of an answer: those that end after `startS` up to `endS`, `rowS` apart. */
export interface RowSpan {
  readonly rra: Rra;
  readonly rowS: number;
  readonly startS: number;
  readonly endS: number;
  /** Rows that end at or before this time have expired; those after `lastRowS` are incomplete. */
  readonly expiredS: number;
  readonly lastRowS: number;
}

/** The choice, and the time of the archive's newest reading. */
export interface KeptSpans {
  readonly retention: Retention;
  readonly lastS: number;
  /** The start of the day of the director's newest reading, by which rows expire; much later than `lastS` when the archive is gone. */
  readonly todayS: number;
}

/** Chooses the round-robin archive that answers a query. */
export function chooseRra({ startS, endS, stepS: wishS }: Omit<RowsQuery, 'name'>, kept: KeptSpans): RowSpan {
  const spans = kept.retention.rras.map((rra) => spanOf(rra, kept));
  const chosen = spans.reduce((best, span) => (isBetter(span, best, { startS, wishS }) ? span : best));
  const { rra, rowS, expiredS, lastRowS } = chosen;
  return { rra, rowS, expiredS, lastRowS, startS: startS - (startS % rowS), endS: endS + (rowS - (endS % rowS)) };
}

function isBetter(one: Reach, other: Reach, { startS, wishS }: { startS: number; wishS: number }): boolean {
  const isFull = one.expiredS <= startS;
  if (isFull !== other.expiredS <= startS) return isFull;
  if (!isFull && one.expiredS !== other.expiredS) return one.expiredS < other.expiredS;
  return Math.abs(wishS - one.rowS) < Math.abs(wishS - other.rowS);
}

/** All rows of a round-robin archive, as `rrdtool dump` lists them; rows that have expired since are unknown. */
export function wholeSpan(rra: Rra, kept: KeptSpans): RowSpan {
  const reach = spanOf(rra, kept);
  return { ...reach, startS: reach.lastRowS - rra.rows * reach.rowS, endS: reach.lastRowS };
}

type Reach = Omit<RowSpan, 'startS' | 'endS'>;

function spanOf(rra: Rra, { retention, lastS, todayS }: KeptSpans): Reach {
  const rowS = rra.pdpPerRow * retention.stepS;
  const lastRowS = lastS - (lastS % rowS);
  return { rra, rowS, expiredS: Math.max(lastRowS - rra.rows * rowS, todayS - reachOf(retention, rra)), lastRowS };
}
