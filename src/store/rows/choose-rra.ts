// Chooses the round-robin archive and the rows that answer a query, by rrdtool's rule (rrd_fetch.c, rrd_fetch_fn): of the archives that
// reach back to the start, the one whose step is nearest to the requested one; otherwise the one that reaches back furthest.

import type { Rra } from '../../model/archive.js';
import type { Retention } from '../../model/retention.js';
import type { RowsQuery } from '../../model/series.js';

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

/** The choice: the time of the archive's newest reading, and the start of its kept rows in each RRA. */
export interface KeptSpans {
  readonly retention: Retention;
  readonly lastS: number;
  /** Later than the reach of the round-robin archive when the archive is gone and time has passed. */
  readonly sinceS: (rra: Rra) => number;
}

/** Chooses the round-robin archive that answers a query. */
export function chooseRra({ startS, endS, stepS: wishS }: RowsQuery, kept: KeptSpans): RowSpan {
  const spans = kept.retention.rras.map((rra) => spanOf(rra, kept));
  const full = spans.filter(({ expiredS }) => expiredS <= startS);
  const distance = ({ rowS }: Reach): number => Math.abs(wishS - rowS);
  const earliest = Math.min(...spans.map(({ expiredS }) => expiredS));
  const candidates = full.length > 0 ? full : spans.filter(({ expiredS }) => expiredS === earliest);
  const chosen = candidates.reduce((best, span) => (distance(span) < distance(best) ? span : best));
  const { rowS } = chosen;
  return { ...chosen, startS: startS - (startS % rowS), endS: endS + (rowS - (endS % rowS)) };
}

/** All rows of a round-robin archive, as `rrdtool dump` lists them; rows that have expired since are unknown. */
export function wholeSpan(rra: Rra, kept: KeptSpans): RowSpan {
  const reach = spanOf(rra, kept);
  return { ...reach, startS: reach.lastRowS - rra.rows * reach.rowS, endS: reach.lastRowS };
}

type Reach = Omit<RowSpan, 'startS' | 'endS'>;

function spanOf(rra: Rra, { retention, lastS, sinceS }: KeptSpans): Reach {
  const rowS = rra.pdpPerRow * retention.stepS;
  const lastRowS = lastS - (lastS % rowS);
  return { rra, rowS, expiredS: Math.max(lastRowS - rra.rows * rowS, sinceS(rra)), lastRowS };
}
