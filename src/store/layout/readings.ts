// The stored readings of one archive: at most three parts per slot, however many readings fell into it.
//
// rrdtool's arithmetic needs only the sum of the readings within a slot, with two exceptions: the first reading, which starts in an earlier
// slot, and one exactly at the slot's end, whose unknown time counts differently (rrd_update.c, process_pdp_st: pre_unknown). So a slot
// keeps its first reading unchanged, the sum of those after it, and the closing one.

import type { DataSource } from '../../model/archive.js';
import type { Reading } from '../../model/cycle.js';

/**
 * Readings of (`sinceS`, `timeS`]. A single reading has its values (growth, or the gauge as read; NaN when unknown) and no `unknownS`. A
 * sum has amounts (growth, or gauge times seconds; NaN when none is known) and the unknown seconds of each.
 */
export interface Part {
  readonly sinceS: number;
  readonly timeS: number;
  readonly values: Float64Array;
  readonly unknownS: Float64Array | null;
}

/** Parts in time order, in columns: the form that is sealed, and that rows are derived from. */
export interface ReadingColumns {
  readonly timesS: Float64Array;
  readonly sinceS: Float64Array;
  /** One column per data source. */
  readonly values: readonly Float64Array[];
  /** For the sums, by index: the unknown seconds of each data source. */
  readonly unknownS: ReadonlyMap<number, Float64Array>;
}

/** Converts parts to columns. */
export function toColumns(parts: readonly Part[], columns: number): ReadingColumns {
  return {
    timesS: columnOf(parts, ({ timeS }) => timeS),
    sinceS: columnOf(parts, ({ sinceS }) => sinceS),
    values: Array.from({ length: columns }, (_, column) =>
      columnOf(parts, ({ values }) => values[column] ?? Number.NaN),
    ),
    unknownS: new Map(parts.flatMap(({ unknownS }, i) => (unknownS === null ? [] : [[i, unknownS]]))),
  };
}

/** A faster `Float64Array.from`, which uses an iterator. */
function columnOf(parts: readonly Part[], value: (part: Part) => number): Float64Array {
  const column = new Float64Array(parts.length);
  parts.forEach((part, i) => {
    column[i] = value(part);
  });
  return column;
}

/** Converts columns back to parts. */
export function toParts({ timesS, sinceS, values, unknownS }: ReadingColumns): Part[] {
  return Array.from(timesS, (timeS, i) => ({
    sinceS: sinceS[i] ?? Number.NaN,
    timeS,
    values: Float64Array.from(values, (column) => column[i] ?? Number.NaN),
    unknownS: unknownS.get(i) ?? null,
  }));
}

/**
 * Appends recent parts to sealed ones. A rewind or a repair reopens a sealed window; a repair may also bring back recent parts that were
 * sealed long ago.
 */
export function joinParts(sealed: readonly Part[], recent: readonly Part[]): Part[] {
  const sealedToS = sealed.at(-1)?.timeS ?? 0;
  return [...sealed, ...recent.filter(({ timeS }) => timeS > sealedToS)];
}

/** Adds a reading to the parts of its slot. The result has at most three parts. */
export function addReading(
  parts: readonly Part[],
  reading: Reading,
  { dataSources, stepS }: { readonly dataSources: readonly DataSource[]; readonly stepS: number },
): readonly Part[] {
  const { sinceS, timeS, values } = reading;
  const [first, inner] = parts;
  if (first === undefined) return [{ sinceS, timeS, values, unknownS: null }];
  const sum = amounts(reading, dataSources);
  if (inner === undefined || timeS % stepS === 0) return [...parts, sum];
  return [first, addAmounts(inner, sum)];
}

/** A single reading as a sum: amounts over its interval, and the unknown seconds. */
function amounts(reading: Pick<Part, 'sinceS' | 'timeS' | 'values'>, dataSources: readonly DataSource[]): Part {
  const { sinceS, timeS, values } = reading;
  const lengthS = timeS - sinceS;
  const unknownS = new Float64Array(values.length);
  const sums = values.map((value, i) => {
    const dataSource = dataSources[i];
    if (Number.isNaN(value) || lengthS > (dataSource?.heartbeatS ?? 0)) {
      unknownS[i] = lengthS;
      return Number.NaN;
    }
    return dataSource?.kind === 'GAUGE' ? value * lengthS : value;
  });
  return { sinceS, timeS, values: sums, unknownS };
}

function addAmounts(a: Part, b: Part): Part {
  const values = a.values.map((value, i) => addKnown(value, b.values[i] ?? Number.NaN));
  const unknownS = (a.unknownS ?? new Float64Array(values.length)).map(
    (lengthS, i) => lengthS + (b.unknownS?.[i] ?? 0),
  );
  return { sinceS: a.sinceS, timeS: b.timeS, values, unknownS };
}

function addKnown(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : a + b;
}
