// Failovers: another director carries the traffic. They follow from the rows, so they are as exact as these are.

import type { LedgerEvent } from '../model/ledger-event.js';
import type { Series } from '../model/series.js';
import { carried } from './carriers.js';

/** One director's rows of an archive. */
export interface NamedRows {
  readonly director: string;
  readonly rows: Series;
}

/**
 * The failovers among rows of one archive for equal times. One director carried the traffic alone, and later another did so alone; the failover
 * was in the first row after that in which the other one carried any. Its time is the end of that row. A director carries from `least` on.
 */
export function failoversAmong(members: readonly NamedRows[], least = 0): readonly LedgerEvent[] {
  const [first] = members;
  if (first === undefined) return [];
  const { name, startS, stepS, columns } = first.rows;
  const events: LedgerEvent[] = [];
  let before: string | null = null;
  /** The row in which each other one began to carry traffic, since `before` last carried it alone. */
  const since = new Map<string, number>();
  for (let i = 0; i < (columns[0]?.length ?? 0); i += 1) {
    const carrying = members.filter(({ rows }) => carried(rows, i, least) === 'yes').map(({ director }) => director);
    const alone = carrying.length === 1 ? (carrying[0] ?? null) : null;
    if (alone !== null && alone === before) since.clear();
    for (const director of carrying) if (director !== before && !since.has(director)) since.set(director, i);
    if (alone === null || alone === before) continue;
    const fromS = startS + (since.get(alone) ?? i) * stepS;
    if (before !== null) {
      events.push({ archive: name, kind: 'failover', sinceS: fromS, timeS: fromS + stepS, from: before, to: alone });
    }
    before = alone;
    since.clear();
  }
  return events;
}
