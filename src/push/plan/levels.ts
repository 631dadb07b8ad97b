// Which rows of which length are sent: the finest as far as they are kept, and all longer ones only for the time before. A receiver keeps the
// finest rows for as long as it likes, and longer ones can be derived from them, but from no others: their data points may have been unknown.

import { type Cf, cfs } from '../../model/archive.js';
import { type Retention, reachOf } from '../../model/retention.js';

/** Rows of one length: those that end after `sinceS` up to `untilS`. */
export interface Level {
  readonly rowS: number;
  /** Null stands for the finest rows, which are the same for both. */
  readonly cfs: readonly (Cf | null)[];
  readonly sinceS: number;
  readonly untilS: number;
}

/** The levels that reach back furthest per length, finest first, by the newest reading of the director. */
export function levelsOf({ stepS, rras }: Retention, newestS: number): readonly Level[] {
  const levels: Level[] = [];
  let furthestS = 0;
  for (const rra of rras) {
    const rowS = rra.pdpPerRow * stepS;
    const reachS = reachOf({ stepS, rras }, rra);
    if (reachS <= furthestS) continue;
    // A row less than is kept: a cycle may come in between.
    const sinceS = floorTo(newestS, rowS) - reachS + rowS;
    const [finest] = levels;
    const untilS = finest === undefined ? Number.POSITIVE_INFINITY : Math.ceil(finest.sinceS / rowS) * rowS;
    levels.push({ rowS, cfs: finest === undefined ? [null] : cfs, sinceS, untilS });
    furthestS = reachS;
  }
  return levels;
}

/** The last multiple of a length at or before a time. */
export function floorTo(timeS: number, lengthS: number): number {
  return timeS - (timeS % lengthS);
}
