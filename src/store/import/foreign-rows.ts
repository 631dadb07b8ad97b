// Rows of somebody else's round-robin archives as rows of those here: as `rrdtool create --source` would make them (resample.ts), out
// of rows that are as long, shorter or longer. Which archives serve, and which of them first:
//
//   AVERAGE   those of AVERAGE: of the same length, then the finest first. In a file without any, rows of a single data point (it
//             is its own mean, whatever its function is), and those of LAST, which are samples.
//   MAX       those of MAX of the same length; rows of a single data point; then those of MAX, the finest first.
//
// Here this is not rrdtool: it would also take means of several data points for maxima, even before it takes a maximum, and a peak would
// be shown as lower than it was. Where no maximum was kept, none is known.

import type { Cf } from '../../model/archive.js';
import type { Dump, DumpRra } from '../../model/dump.js';
import type { Retention } from '../../model/retention.js';
import type { ForeignRows } from './merge.js';
import { type Donor, resample } from './resample.js';

/** Data sources of the dump, by their number, for each of the archive's; null where there is none for it. */
export type SourceMap = readonly (number | null)[];

/** Rows that were made of a dump. */
export interface FittingRows {
  /** In the order of `rras`. */
  readonly rras: readonly ForeignRows[];
  /** Is there no AVERAGE in the file, so that other rows stand for means: `last` ones, or only those of single data points? */
  readonly means: 'kept' | 'last' | 'points';
  /** Round-robin archives with values of which none can serve. */
  readonly unfit: readonly DumpRra[];
  /** Rows with values, of all that could serve, that end before the archives reach back; and where that is. */
  readonly early: number;
  readonly reachS: number;
}

/** Makes rows of those of a dump, as archives of a retention have them. */
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

/** A row of one step: its mean, its maximum, its minimum and its last value are one. */
function isPoint({ pdpPerRow }: DumpRra): boolean {
  return pdpPerRow === 1;
}

function isMean(rra: DumpRra, hasMeans: boolean): boolean {
  return hasMeans ? rra.cf === 'AVERAGE' : isSimple(rra) && (isPoint(rra) || rra.cf === 'LAST');
}

/** Not one of the forecasts that rrdtool keeps, whose rows are no values. */
function isSimple({ cf }: DumpRra): boolean {
  return ['AVERAGE', 'MAX', 'MIN', 'LAST'].includes(cf);
}

/** The archives that serve, in their turn. */
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
  return dump.rras.filter(serves).sort((a, b) => rank(a) - rank(b) || length(a) - length(b) || rowsOf(b) - rowsOf(a));
}

function rowsOf({ columns }: DumpRra): number {
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
