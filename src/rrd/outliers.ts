// Finds values of a file that cannot be right: counters that were reset but taken for wrapped leave rates of 10^16 bytes per second, which
// ruin the scale of every graph. rrdtool keeps these rows, so an import takes them, but reports which they are.

import type { Dump, DumpRra } from '../model/dump.js';

/** Why a value is doubtful: it is below zero, outside the range that the file gives its data source, or far above all others. */
export type Doubt = 'negative' | 'out-of-range' | 'spike';

/** A doubtful value, in the shortest row that contains it, which ends at `endS`. */
export interface Outlier {
  readonly doubt: Doubt;
  /** Number of its data source in the file. */
  readonly source: number;
  readonly endS: number;
  readonly rowS: number;
  readonly value: number;
}

/**
 * Above these, no director can carry the traffic, per second: 1 Tbit of bytes, and as many packets as fit with the smallest frames (84
 * bytes on the wire); no more connections than packets. For gauges: connections that 32 bits can count.
 */
const maxima = { bytes: 1e12 / 8, others: 1.5e9, gauge: 2 ** 32 };

/** How far above the usual a spike is, and how many values it takes to know the usual. */
const spikeFactor = 100;
const minValues = 20;

/** Data sources of a file to check: the number there, and the name here. */
export interface SourceToCheck {
  readonly source: number;
  readonly name: string;
}

/**
 * Finds doubtful values, in time order. A spike is a value above `maxima`, or above 100 times the usual of its data source in the same
 * round-robin archive: the 99th percentile by nearest rank, or the fourth greatest value when that is less. The usual must be above zero,
 * from at least 20 values. A longer row of the same time, or one of another function, is not reported again.
 */
export function findOutliers(dump: Dump, lookedAt: readonly SourceToCheck[]): readonly Outlier[] {
  return lookedAt.flatMap((one) => outliersOf(dump, one)).sort((a, b) => a.endS - b.endS || a.source - b.source);
}

function outliersOf(dump: Dump, { source, name }: SourceToCheck): readonly Outlier[] {
  let found: readonly Outlier[] = [];
  const own = dump.sources[source];
  if (own === undefined) return found;
  const rras = valueRras(dump).toSorted((a, b) => a.pdpPerRow - b.pdpPerRow);
  for (const rra of rras) {
    const doubtful: Outlier[] = [];
    const column = rra.columns[source] ?? new Float64Array();
    const [rowS, startS] = [rra.pdpPerRow * dump.stepS, startOf(dump, rra)];
    const usual = usualOf(column);
    const most = maxFor(name, own.kind);
    for (const [row, value] of column.entries()) {
      if (!Number.isFinite(value)) continue;
      const isSpike = value > most || value > spikeFactor * usual;
      // Sums of many rates are inexact in the last digit.
      const isOutside = value > own.max + 1e-9 * Math.abs(own.max) || value < own.min - 1e-9 * Math.abs(own.min);
      const doubt: Doubt | null = value < 0 ? 'negative' : isSpike ? 'spike' : isOutside ? 'out-of-range' : null;
      if (doubt === null) continue;
      doubtful.push({ doubt, source, endS: startS + (row + 1) * rowS, rowS, value });
    }
    found = withUncovered(found, doubtful);
  }
  return found;
}

/** Rows in time order, plus those of `others` that overlap none of them. */
export function withUncovered<T extends { readonly endS: number; readonly rowS: number }>(
  covered: readonly T[],
  others: readonly T[],
): readonly T[] {
  let at = 0;
  const uncovered = others.filter(({ endS, rowS }) => {
    while ((covered[at]?.endS ?? Number.POSITIVE_INFINITY) <= endS - rowS) at += 1;
    const next = covered[at];
    return next === undefined || next.endS - next.rowS >= endS;
  });
  return uncovered.length === 0 ? covered : [...covered, ...uncovered].sort((a, b) => a.endS - b.endS);
}

/** Round-robin archives whose rows are values, or the greatest or last of them; minima hide high values. */
export function valueRras({ rras }: Dump): readonly DumpRra[] {
  return rras.filter(({ cf }) => cf === 'AVERAGE' || cf === 'MAX' || cf === 'LAST');
}

/** The start of the first row of a round-robin archive. */
export function startOf({ lastS, stepS }: Dump, { pdpPerRow, columns }: DumpRra): number {
  const rowS = pdpPerRow * stepS;
  return lastS - (lastS % rowS) - (columns[0]?.length ?? 0) * rowS;
}

function maxFor(name: string, kind: string): number {
  if (kind === 'GAUGE') return maxima.gauge;
  return name.endsWith('Bytes') ? maxima.bytes : maxima.others;
}

/** Infinite when too little is known. */
function usualOf(column: Float64Array): number {
  const known = column.filter(Number.isFinite).sort();
  if (known.length < minValues) return Number.POSITIVE_INFINITY;
  const rank = Math.min(Math.ceil(0.99 * known.length), known.length - 3);
  const usual = known[rank - 1] ?? 0;
  return usual > 0 ? usual : Number.POSITIVE_INFINITY;
}
