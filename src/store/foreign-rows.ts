// Rows of somebody else's round-robin archives as rows of those here. A row of the same length is taken as it is. Where there is
// none, rows that it is a multiple of are consolidated as rrdtool does it; a row of which a part has left that archive is not.
// Rows of any other length cannot be had exactly, and are left.

import { type Cf, cfs } from '../model/archive.js';
import type { Dump, DumpRra } from '../model/dump.js';
import type { Retention } from '../model/retention.js';
import { consolidateRow } from './cdp.js';
import type { ForeignRows } from './merge.js';

/** Data sources of the dump, by their number, for each of the archive's; null where there is none for it. */
export type SourceMap = readonly (number | null)[];

/** What was made of a dump. */
export interface FittingRows {
  /** In the order of `rras`. */
  readonly rras: readonly ForeignRows[];
  /** Round-robin archives of the dump that nothing was taken of. */
  readonly unused: readonly DumpRra[];
}

/** Makes rows of those of a dump, as archives of a retention have them. */
export function fittingRows(dump: Dump, map: SourceMap, { stepS, rras }: Retention): FittingRows {
  const used = new Set<DumpRra>();
  const made = rras.map(({ pdpPerRow, rows }): ForeignRows => {
    const rowS = pdpPerRow * stepS;
    const startS = dump.lastS - (dump.lastS % rowS) - rows * rowS;
    const columns = (cf: Cf): Float64Array[] => {
      const sources = sourcesOf(dump, cf, rowS);
      return map.map((source) => {
        const column = new Float64Array(rows).fill(Number.NaN);
        if (source === null) return column;
        for (const rra of sources) if (fill({ dump, rra, source, cf }, { column, startS, rowS })) used.add(rra);
        return column;
      });
    };
    return { startS, rows: { AVERAGE: columns('AVERAGE'), MAX: columns('MAX') } };
  });
  const unused = dump.rras.filter((rra) => !used.has(rra) && cfs.some((cf) => cf === rra.cf) && hasValues(rra));
  return { rras: made, unused };
}

/** Where rows of a length come from: archives of just that length, else of those that divide it, the coarsest first. */
function sourcesOf(dump: Dump, cf: Cf, rowS: number): readonly DumpRra[] {
  const own = dump.rras.filter((rra) => rra.cf === cf);
  // One data point is its own maximum, so where maxima were not kept, those of single data points are known all the same.
  const all = own.length > 0 ? own : dump.rras.filter((rra) => rra.cf === 'AVERAGE' && rra.pdpPerRow === 1);
  const exact = all.filter((rra) => rra.pdpPerRow * dump.stepS === rowS);
  if (exact.length > 0) return exact;
  const dividing = all.filter((rra) => rowS % (rra.pdpPerRow * dump.stepS) === 0);
  return dividing.sort((a, b) => b.pdpPerRow - a.pdpPerRow);
}

interface From {
  readonly dump: Dump;
  readonly rra: DumpRra;
  readonly source: number;
  readonly cf: Cf;
}

interface Into {
  readonly column: Float64Array;
  readonly startS: number;
  readonly rowS: number;
}

/** Fills what is not known yet; tells whether anything was. */
function fill({ dump, rra, source, cf }: From, { column, startS, rowS }: Into): boolean {
  const fineS = rra.pdpPerRow * dump.stepS;
  const fine = rra.columns[source] ?? new Float64Array(0);
  const fineStartS = dump.lastS - (dump.lastS % fineS) - fine.length * fineS;
  const count = rowS / fineS;
  let isFilled = false;
  for (let row = 0; row < column.length; row += 1) {
    const from = (startS + row * rowS - fineStartS) / fineS;
    if (from < 0 || from + count > fine.length || !Number.isNaN(column[row])) continue;
    const value = count === 1 ? (fine[from] ?? Number.NaN) : consolidateRow(fine, { from, pdpPerRow: count, cf });
    // rrdtool can hold an infinite rate; no director has one, and no graph can show it.
    if (!Number.isFinite(value)) continue;
    column[row] = value;
    isFilled = true;
  }
  return isFilled;
}

function hasValues({ columns }: DumpRra): boolean {
  return columns.some((column) => column.some((value) => !Number.isNaN(value)));
}
