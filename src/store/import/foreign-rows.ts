// Converts the rows of foreign round-robin archives to rows of ours, as `rrdtool create --source` would (resample.ts), from rows of the
// same, a shorter or a longer length. Which archives serve, in which order:
//
//   AVERAGE   AVERAGE archives: the same length, then the finest first. In a file without any: rows of a single data point (it is
//             its own mean, whatever its function), and LAST archives, whose rows are samples.
//   MAX       MAX archives of the same length; rows of a single data point; then the other MAX archives, the finest first.
//
// Unlike rrdtool, this never uses means of several data points as maxima. rrdtool does, even before it tries a maximum, which would show a
// peak as lower than it was. Where no maximum was kept, none is known.

import type { Cf } from '../../model/archive.js';
import type { Dump, DumpRra } from '../../model/dump.js';
import type { Retention } from '../../model/retention.js';
import type { ForeignRows } from './merge.js';
import { type Donor, resample } from './resample.js';

/** For each data source of the archive, the number of the dump's data source; null when the dump has none for it. */
export type SourceMap = readonly (number | null)[];

/** Rows made from a dump. */
export interface FittingRows {
  /** In the order of `rras`. */
  readonly rras: readonly ForeignRows[];
  /**
   * The origin of the means. Without an AVERAGE archive in the file, other rows stand in: `last` rows, or only single data points
   * (`points`).
   */
  readonly means: 'kept' | 'last' | 'points';
  /** Round-robin archives that have values but cannot serve. */
  readonly unfit: readonly DumpRra[];
  /** Number of rows with values, in archives that could serve, that end before our archives begin. */
  readonly early: number;
  readonly reachS: number;
}

/** Makes the rows of a retention from those of a dump. */
export function fittingRows(dump: Dump, map: SourceMap, { stepS, rras }: Retention): FittingRows {
  const hasMeans = dump.rras.some(({ cf }) => cf === 'AVERAGE');
  let reachS = dump.lastS;
  const made = rras.map(({ pdpPerRow, rows }): ForeignRows => {
    const rowS = pdpPerRow * stepS;
    const startS = dump.lastS - (dump.lastS % rowS) - rows * rowS;
    reachS = Math.min(reachS, startS);
    const fromRowS = new Float64Array(rows);
    const columns = (cf: Cf): Float64Array[] => {
      const serving = servingRras(dump, cf, { rowS, hasMeans });
      return map.map((source) => {
        if (source === null) return new Float64Array(rows).fill(Number.NaN);
        const donors = serving.map((rra) => donorOf(dump, rra, source));
        const { values, fromRowS: own } = resample(donors, { cf, rowS, startS, rows });
        for (const [row, lengthS] of own.entries()) if (lengthS > (fromRowS[row] ?? 0)) fromRowS[row] = lengthS;
        return values;
      });
    };
    return { startS, rows: { AVERAGE: columns('AVERAGE'), MAX: columns('MAX') }, fromRowS };
  });
  const serves = (rra: DumpRra): boolean => isMean(rra, hasMeans) || rra.cf === 'MAX';
  return {
    rras: made,
    means: hasMeans ? 'kept' : dump.rras.some((rra) => rra.cf === 'LAST' && !isPoint(rra)) ? 'last' : 'points',
    unfit: dump.rras.filter((rra) => !serves(rra) && rra.columns.some((column) => column.some(Number.isFinite))),
    early: sum(dump.rras.filter(serves).map((rra) => earlyRows(dump, rra, { map, reachS }))),
    reachS,
  };
}

/** A row of one step: its mean, maximum, minimum and last value are the same. */
function isPoint({ pdpPerRow }: DumpRra): boolean {
  return pdpPerRow === 1;
}

function isMean(rra: DumpRra, hasMeans: boolean): boolean {
  return hasMeans ? rra.cf === 'AVERAGE' : isSimple(rra) && (isPoint(rra) || rra.cf === 'LAST');
}

/** False for rrdtool's forecast archives, whose rows are not values. */
function isSimple({ cf }: DumpRra): boolean {
  return ['AVERAGE', 'MAX', 'MIN', 'LAST'].includes(cf);
}

/** The archives that serve, in order. */
function servingRras(
  dump: Dump,
  cf: Cf,
  { rowS, hasMeans }: { readonly rowS: number; readonly hasMeans: boolean },
): readonly DumpRra[] {
  const length = ({ pdpPerRow }: DumpRra): number => pdpPerRow * dump.stepS;
  const serves = (rra: DumpRra): boolean =>
    isMean(rra, hasMeans) ? cf === 'AVERAGE' || isPoint(rra) : cf === 'MAX' && rra.cf === 'MAX';
  const rank = (rra: DumpRra): number => {
    if (rra.cf === cf && length(rra) === rowS) return 0;
    return isMean(rra, hasMeans) ? 1 : 2;
  };
  return dump.rras
    .filter(serves)
    .sort((a, b) => rank(a) - rank(b) || length(a) - length(b) || rowCount(b) - rowCount(a));
}

function rowCount({ columns }: DumpRra): number {
  return columns[0]?.length ?? 0;
}

function donorOf(dump: Dump, rra: DumpRra, source: number): Donor {
  const rowS = rra.pdpPerRow * dump.stepS;
  const values = rra.columns[source] ?? new Float64Array(0);
  const known = values.findIndex(Number.isFinite);
  const firstKnown = known < 0 ? values.length : known;
  return { rowS, startS: dump.lastS - (dump.lastS % rowS) - values.length * rowS, values, firstKnown };
}

function earlyRows(
  dump: Dump,
  rra: DumpRra,
  { map, reachS }: { readonly map: SourceMap; readonly reachS: number },
): number {
  const donors = map.flatMap((source) => (source === null ? [] : [donorOf(dump, rra, source)]));
  const [first] = donors;
  if (first === undefined) return 0;
  let early = 0;
  for (let row = 0; first.startS + (row + 1) * first.rowS <= reachS && row < first.values.length; row += 1) {
    if (donors.some(({ values }) => Number.isFinite(values[row]))) early += 1;
  }
  return early;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
