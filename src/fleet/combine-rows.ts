// The rows of a group's archive, from those of its directors.
//
//   rates            the sum
//   gauges           the largest: open connections are synchronised between directors, so the others have copies
//   MAX of rates     the largest where one director carries at a time, since the maxima of two directors in the row of a failover are of
//                    different moments; the sum, an upper bound, where several carry at once
//
// A director that died has no rows. Its part is nothing, not unknown, where another one is known to have carried the traffic in that row. Where
// nobody did, or where directors carry at once, a sum without it would be too small, so the row is unknown.

import type { Series } from '../model/series.js';
import { carried, isRate } from './carriers.js';

/** The rows of one director: those of the archive, and those of the director as a whole for the same times. */
export interface MemberRows {
  readonly own: Series;
  /** Null if that is `own`, or if it is not known. */
  readonly whole: Series | null;
}

/** Whether several directors carry the traffic of the archive, and that of all services, at the same time. */
export interface SharedTraffic {
  readonly own: boolean;
  readonly whole: boolean;
}

/** Combines rows of one archive for equal times. Throws a `RangeError` if there are none, or if their times differ. */
export function combineRows(members: readonly MemberRows[], shared: SharedTraffic): Series {
  const [first] = members;
  if (first === undefined) throw new RangeError('no director has the archive');
  const { startS, endS, stepS } = first.own;
  if (members.some(({ own }) => own.startS !== startS || own.endS !== endS || own.stepS !== stepS)) {
    throw new RangeError(`the rows of ${first.own.name} are not of the same times`);
  }
  const rows = Math.round((endS - startS) / stepS);
  const replaced = Uint8Array.from({ length: rows }, (_, i) => Number(isReplaced(members, shared, i)));
  const columns = first.own.dataSources.map((name) => {
    const parts = members.map(({ own }) => own.columns[own.dataSources.indexOf(name)]);
    const isSum = isRate(name) && (first.own.cf === 'AVERAGE' || shared.own);
    return Float64Array.from({ length: rows }, (_, i) =>
      combined(
        parts.map((part) => part?.[i] ?? Number.NaN),
        { isSum, isReplaced: replaced[i] === 1 },
      ),
    );
  });
  return { ...first.own, lastS: Math.max(...members.map(({ own }) => own.lastS)), columns };
}

function combined(
  values: readonly number[],
  { isSum, isReplaced }: { readonly isSum: boolean; readonly isReplaced: boolean },
): number {
  let result = Number.NaN;
  for (const value of values) {
    if (Number.isNaN(value)) {
      if (!isReplaced) return Number.NaN;
    } else if (Number.isNaN(result)) result = value;
    else result = isSum ? result + value : Math.max(result, value);
  }
  return result;
}

/** Does a director that is known stand for those that are not in row `i`? It does if it carried the archive's traffic, or that of all services. */
function isReplaced(members: readonly MemberRows[], shared: SharedTraffic, i: number): boolean {
  if (shared.own) return false;
  if (members.some(({ own }) => carried(own, i) === 'yes')) return true;
  return !shared.whole && members.some(({ whole }) => whole !== null && carried(whole, i) === 'yes');
}
