// Maxima for an import: values above them, or below zero, are removed from a file before its rows are taken.
//
//   --max 10Gbit          for the data sources that count bytes: 10^10 bit/s, which are 1.25 * 10^9 bytes per second
//   --max Conns=50k       for one data source, by its name here, in its own unit: per second, or as read
//   --max 5e9             for every data source, in its own unit
//
// Factors are k, M, G, T (powers of 1,000). A data source's own name takes precedence over "bit", and that over a bare number.

import type { Dump } from '../model/dump.js';
import { type SourceToCheck, startOf, valueRras, withUncovered } from './outliers.js';
import { RrdError } from './rrd-error.js';

/** A maximum for one data source, for those that count bytes, or for all. */
export interface Limit {
  readonly of: { readonly name: string } | 'bytes' | 'all';
  readonly most: number;
}

const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** Parses a maximum; null when it does not have that form. */
export function parseLimit(text: string): Limit | null {
  const match = /^(?:([A-Za-z0-9_-]+)=)?(\d{1,20}(?:\.\d{1,9})?(?:[eE]\+?\d{1,2})?)([kMGT]?)(bit)?$/.exec(text);
  if (match === null) return null;
  const [, name, digits, factor = '', bit] = match;
  const most = (Number(digits) * (factors[factor] ?? 1)) / (bit === undefined ? 1 : 8);
  if (!(most > 0)) return null;
  if (bit !== undefined && name !== undefined && !countsBytes(name)) return null;
  return { of: name !== undefined ? { name } : bit !== undefined ? 'bytes' : 'all', most };
}

/** The maximum of a data source, by its name here; infinite when there is none. Among several of one kind the last one counts. */
function maxOf(limits: readonly Limit[], name: string): number {
  const rank = ({ of }: Limit): number => (of === 'all' ? 1 : of === 'bytes' ? 2 : 3);
  const own = limits.filter(({ of }) => of === 'all' || (of === 'bytes' ? countsBytes(name) : of.name === name));
  const best = Math.max(...own.map(rank));
  return own.findLast((limit) => rank(limit) === best)?.most ?? Number.POSITIVE_INFINITY;
}

function countsBytes(name: string): boolean {
  return name.endsWith('Bytes');
}

/** Throws an `RrdError`, `bad-map`, when a maximum names a data source that the archive does not have. */
export function checkLimits(limits: readonly Limit[], names: readonly string[]): void {
  for (const { of } of limits) {
    if (of === 'all' || of === 'bytes' || names.includes(of.name)) continue;
    throw new RrdError(
      'bad-map',
      `--max ${of.name}=…: the archive has no data source "${of.name}", only ${names.join(', ')}`,
    );
  }
}

/** A value that was removed, and its row. */
export interface RemovedValue {
  readonly source: number;
  readonly endS: number;
  readonly rowS: number;
  readonly value: number;
}

/** A dump without the values above its maxima or below zero. */
export interface LimitedDump {
  readonly dump: Dump;
  /** The shortest rows of each time, in time order. */
  readonly leftOut: readonly RemovedValue[];
  /** Number of longer rows that contain these, or rows of other functions; they are dropped as well. */
  readonly tainted: number;
}

/** Removes values above the maxima: rows above them, and all rows of at least that length that contain them. */
export function withoutAbove(dump: Dump, lookedAt: readonly SourceToCheck[], limits: readonly Limit[]): LimitedDump {
  const columns = new Map(dump.rras.map((rra) => [rra, [...rra.columns]]));
  const leftOut: RemovedValue[] = [];
  let emptied = 0;
  for (const { source, name } of lookedAt) {
    const most = maxOf(limits, name);
    const wrong = most === Number.POSITIVE_INFINITY ? [] : aboveIn(dump, source, most);
    if (wrong.every((rows) => rows.length === 0)) continue;
    for (const one of wrong.reduce<readonly RemovedValue[]>(withUncovered, [])) leftOut.push(one);
    for (const rra of valueRras(dump)) {
      const column = (rra.columns[source] ?? new Float64Array()).slice();
      emptied += empty(column, { rowS: rra.pdpPerRow * dump.stepS, startS: startOf(dump, rra) }, wrong);
      columns.get(rra)?.splice(source, 1, column);
    }
  }
  const rras = dump.rras.map((rra) => ({ ...rra, columns: columns.get(rra) ?? rra.columns }));
  const inOrder = leftOut.sort((a, b) => a.endS - b.endS || a.source - b.source);
  return { dump: { ...dump, rras }, leftOut: inOrder, tainted: emptied - leftOut.length };
}

/** The rows above a maximum, or below zero, of each round-robin archive, shortest rows first. */
function aboveIn(dump: Dump, source: number, most: number): readonly (readonly RemovedValue[])[] {
  return valueRras(dump)
    .toSorted((a, b) => a.pdpPerRow - b.pdpPerRow)
    .map((rra) => {
      const [rowS, startS] = [rra.pdpPerRow * dump.stepS, startOf(dump, rra)];
      return Array.from(rra.columns[source] ?? []).flatMap((value, row) =>
        value > most || value < 0 ? [{ source, endS: startS + (row + 1) * rowS, rowS, value }] : [],
      );
    });
}

/** Makes wrong rows unknown, and rows of at least their length that contain them. Returns how many were known. */
function empty(
  column: Float64Array,
  { rowS, startS }: { readonly rowS: number; readonly startS: number },
  wrong: readonly (readonly RemovedValue[])[],
): number {
  let count = 0;
  for (const one of wrong.flat()) {
    if (one.rowS > rowS) continue;
    const first = Math.max(0, Math.floor((one.endS - one.rowS - startS) / rowS));
    const end = Math.min(column.length, Math.ceil((one.endS - startS) / rowS));
    for (let row = first; row < end; row += 1) {
      if (!Number.isNaN(column[row])) count += 1;
      column[row] = Number.NaN;
    }
  }
  return count;
}
