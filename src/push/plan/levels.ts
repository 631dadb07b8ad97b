// Which rows of which length are sent: the finest, and all longer ones that reach further back. Longer rows could be derived from the finest,
// but an engine answers months and years from rows of hours and days in a hundredth of the time, and they are a tenth of the samples.

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

/**
 * The levels that reach back furthest per length, finest first, by the newest reading of the director. Longer rows from before
 * `longerSinceS` are among them only for the time before the finest ones.
 */
export function levelsOf({ stepS, rras }: Retention, newestS: number, longerSinceS = 0): readonly Level[] {
  const [finest, ...longer] = furthestOf({ stepS, rras }, newestS);
  if (finest === undefined) return [];
  const fineS = finest.sinceS;
  const early = longer.map(({ rowS, sinceS }) => {
    const untilS = Math.min(Math.ceil(fineS / rowS) * rowS, floorTo(longerSinceS, rowS));
    return { rowS, cfs, sinceS, untilS };
  });
  const late = longer.map(({ rowS, sinceS }) => {
    return { rowS, cfs, sinceS: Math.max(sinceS, longerSinceS), untilS: Number.POSITIVE_INFINITY };
  });
  const isKept = ({ sinceS, untilS }: Level): boolean => sinceS < untilS;
  return [{ ...finest, cfs: [null], untilS: Number.POSITIVE_INFINITY }, ...[...early, ...late].filter(isKept)];
}

/** The lengths whose rows reach further back than all shorter ones, and since when they are kept. */
function furthestOf({ stepS, rras }: Retention, newestS: number): readonly Pick<Level, 'rowS' | 'sinceS'>[] {
  const lengths: Pick<Level, 'rowS' | 'sinceS'>[] = [];
  let furthestS = 0;
  for (const rra of rras) {
    const rowS = rra.pdpPerRow * stepS;
    const reachS = reachOf({ stepS, rras }, rra);
    if (reachS <= furthestS) continue;
    // A row less than is kept: a cycle may come in between.
    lengths.push({ rowS, sinceS: floorTo(newestS, rowS) - reachS + rowS });
    furthestS = reachS;
  }
  return lengths;
}

/** The last multiple of a length at or before a time. */
export function floorTo(timeS: number, lengthS: number): number {
  return timeS - (timeS % lengthS);
}
