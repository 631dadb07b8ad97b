// The rows of all archives over a span, for comparison with those of an undisturbed run.

import { expect } from 'vitest';
import type { Store } from '../../src/store/store.js';

/** Five-minute rows by archive, a column per data source. */
export interface Rows {
  readonly startS: number;
  readonly endS: number;
  readonly columns: ReadonlyMap<string, readonly Float64Array[]>;
}

const stepS = 300;

/** The rows of every archive that overlaps a span. */
export async function rowsOf(store: Store, fromS: number, toS: number): Promise<Rows> {
  const [startS, endS] = [Math.floor(fromS / stepS) * stepS, Math.ceil(toS / stepS) * stepS];
  const columns = new Map<string, readonly Float64Array[]>();
  for (const { name } of await store.list()) {
    const series = await store.fetch({ name, cf: 'AVERAGE', startS, endS: endS - 1, stepS });
    expect([series.startS, series.endS]).toEqual([startS, endS]);
    columns.set(name, series.columns);
  }
  return { startS, endS, columns };
}

/** Checks that the rows of every archive up to `untilS` are the expected ones. */
export function expectSameRows(actual: Rows, expected: Rows, untilS: number): void {
  const count = Math.max(0, Math.floor((untilS - expected.startS) / stepS));
  for (const [name, columns] of actual.columns) {
    const theirs = expected.columns.get(name) ?? [];
    expect(columns.length, name).toBe(theirs.length);
    for (const [i, column] of columns.entries()) {
      expect(column.subarray(0, count), `${name}, column ${i}`).toEqual(theirs[i]?.subarray(0, count));
    }
  }
}
