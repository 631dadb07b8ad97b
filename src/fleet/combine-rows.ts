// The rows of a group's archive, from those of its directors.
//
//   rates            the sum
//   gauges           the largest: open connections are synchronised between directors, so the others have copies
//   MAX of rates     the largest where one director carries at a time, since the maxima of two directors in the row of a failover are of
//                    different moments; the sum, an upper bound, where several carry at once
//
// A director that died has no rows. Its part is nothing, not unknown, where another one is known to have carried the traffic in that row. Where
// nobody did, or where directors carry at once, a sum without it would be too small, so the row is unknown.
//
// Rows longer than a step are means of the steps that are known, so a row in which the carrier changed cannot be summed: these are doubtful,
// and have to be made from rows of one step.

import type { Series } from '../model/series.js';
import { type Carried, carried, isRate } from './carriers.js';

/** The rows of one director: those of the archive, and those of the director as a whole for the same times. */
export interface MemberRows {
  readonly own: Series;
  /** Null if that is `own`, or if it is not known. */
  readonly whole: Series | null;
}

/** How the traffic of the archive is carried, and that of all services. */
export interface Carrying {
  readonly own: CarriedHow;
  readonly whole: CarriedHow;
}

/** Whether several directors carry traffic at the same time, and the rate from which one carries it, packets per second. */
export interface CarriedHow {
  readonly isShared: boolean;
  readonly least: number;
}

/** Combined rows, and the numbers of those that are doubtful: unknown until they are made from shorter ones. */
export interface CombinedRows {
  readonly series: Series;
  readonly doubtful: readonly number[];
}

/** Combines rows of one archive for equal times. Throws a `RangeError` if there are none, or if their times differ. */
export function combineRows(members: readonly MemberRows[], carrying: Carrying): CombinedRows {
  const [first] = members;
  if (first === undefined) throw new RangeError('no director has the archive');
  const { startS, endS, stepS, pdpS } = first.own;
  if (members.some(({ own }) => own.startS !== startS || own.endS !== endS || own.stepS !== stepS)) {
    throw new RangeError(`the rows of ${first.own.name} are not of the same times`);
  }
  const rows = Math.round((endS - startS) / stepS);
  const isLong = stepS > pdpS;
  const kinds = Array.from({ length: rows }, (_, i) => kindOfRow(members, carrying, { i, isLong }));
  const columns = first.own.dataSources.map((name) => {
    const parts = members.map(({ own }) => own.columns[own.dataSources.indexOf(name)]);
    const isSum = isRate(name) && (first.own.cf === 'AVERAGE' || carrying.own.isShared);
    return Float64Array.from(kinds, (kind, i) => {
      const values = parts.map((part) => part?.[i] ?? Number.NaN);
      return kind === 'doubtful' ? Number.NaN : combined(values, { isSum, isReplaced: kind === 'replaced' });
    });
  });
  return {
    series: { ...first.own, lastS: Math.max(...members.map(({ own }) => own.lastS)), columns },
    doubtful: kinds.flatMap((kind, i) => (kind === 'doubtful' ? [i] : [])),
  };
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

/** `replaced`: a director that is known stands for those that are not; `whole`: none is missing, or nobody stands for it. */
type RowKind = 'whole' | 'replaced' | 'doubtful';

function kindOfRow(
  members: readonly MemberRows[],
  { own, whole }: Carrying,
  { i, isLong }: { readonly i: number; readonly isLong: boolean },
): RowKind {
  if (own.isShared) return 'whole';
  const at = (row: number): readonly Carried[] => members.map((member) => carried(member.own, row, own.least));
  const now = at(i);
  if (isLong && isHandover(now, at(i - 1), at(i + 1))) return 'doubtful';
  if (!now.includes('unknown')) return 'whole';
  if (now.includes('yes')) return 'replaced';
  const isElsewhere = (member: MemberRows): boolean =>
    member.whole !== null && carried(member.whole, i, whole.least) === 'yes';
  return !whole.isShared && members.some(isElsewhere) ? 'replaced' : 'whole';
}

/** Did the carrier change in a row: several carried, or one that is unknown carried in the row before or after? */
function isHandover(now: readonly Carried[], before: readonly Carried[], after: readonly Carried[]): boolean {
  if (now.filter((one) => one === 'yes').length > 1) return true;
  return now.some((one, member) => one === 'unknown' && (before[member] === 'yes' || after[member] === 'yes'));
}
