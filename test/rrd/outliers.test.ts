// Outliers in imported files, and the limits above which an import omits values.

import { describe, expect, test } from 'vitest';
import type { Dump, DumpRra } from '../../src/model/dump.js';
import { type Limit, parseLimit, withoutAbove } from '../../src/rrd/limits.js';
import { findOutliers } from '../../src/rrd/outliers.js';

const lastS = 1_795_910_400;
const lookedAt = [{ source: 0, name: 'InBytes' }];

interface SampleRra {
  readonly cf?: string;
  readonly pdpPerRow?: number;
  readonly values: readonly number[];
}

function dumpOf(rras: readonly SampleRra[], range: { min?: number; max?: number; kind?: string } = {}): Dump {
  const { min = Number.NaN, max = Number.NaN, kind = 'COUNTER' } = range;
  return {
    stepS: 300,
    lastS,
    sources: [{ name: 'ds', kind, heartbeatS: 600, min, max, lastDs: 'U', value: 0, unknownS: 0 }],
    rras: rras.map(({ cf = 'AVERAGE', pdpPerRow = 1, values }): DumpRra => {
      return { cf, pdpPerRow, xff: 0.5, preps: [], columns: [Float64Array.from(values)] };
    }),
  };
}

/** A hundred values around one thousand; `others` replaces some by index. */
function usual(others: Readonly<Record<number, number>> = {}): number[] {
  return Array.from({ length: 100 }, (_, i) => others[i] ?? 1000 + 10 * (i % 7));
}

describe('findOutliers', () => {
  test.each<readonly [string, Dump, readonly string[]]>([
    ['reports a rate that no director can carry', dumpOf([{ values: [1, 2, 6.1e16] }]), ['spike 61000000000000000']],
    ['reports a value a hundred times the usual', dumpOf([{ values: usual({ 50: 2e5 }) }]), ['spike 200000']],
    [
      'reports a value that occurs up to three times',
      dumpOf([{ values: usual({ 3: 2e5, 4: 2e5, 5: 3e5 }) }]),
      ['spike 200000', 'spike 200000', 'spike 300000'],
    ],
    ['ignores large values that recur', dumpOf([{ values: usual({ 3: 2e5, 4: 2e5, 5: 3e5, 80: 4e5 }) }]), []],
    ['ignores large values among too few', dumpOf([{ values: [1, 2, 3, 500] }]), []],
    [
      'ignores the only traffic of an idle service',
      dumpOf([{ values: usual().map((_, i) => (i === 7 ? 9e6 : 0)) }]),
      [],
    ],
    ['reports a negative value', dumpOf([{ values: [1, -5, 2] }]), ['negative -5']],
    [
      "reports a value outside the file's range",
      dumpOf([{ values: [50, 101, 4, 100] }], { min: 5, max: 100 }),
      ['out-of-range 101', 'out-of-range 4'],
    ],
    ['tolerates a rounding error at the limit', dumpOf([{ values: [100 * (1 + 1e-12)] }], { max: 100 }), []],
    ['ignores infinity, which is never imported', dumpOf([{ values: [Number.POSITIVE_INFINITY] }]), []],
    [
      'reports a value once, in its shortest row',
      dumpOf([
        { values: [1, 2, 6.1e16, 1] },
        { cf: 'MAX', pdpPerRow: 6, values: [6.1e16] },
        { cf: 'MAX', values: [1, 2, 6.1e16, 1] },
      ]),
      ['spike 61000000000000000'],
    ],
    [
      'reports a longer row if the shorter ones are gone',
      dumpOf([{ values: [1, 1] }, { pdpPerRow: 6, values: [1e16, 1, 1] }]),
      ['spike 10000000000000000'],
    ],
  ])('%s', (_title, dump, expected) => {
    expect(findOutliers(dump, lookedAt).map(({ doubt, value }) => `${doubt} ${value}`)).toEqual(expected);
  });

  test('takes linear time if every value is an outlier', () => {
    const values = Array.from({ length: 200_000 }, () => -1);
    expect(findOutliers(dumpOf([{ values }, { cf: 'MAX', values }]), lookedAt)).toHaveLength(200_000);
  });
});

describe('a limit', () => {
  test.each<readonly [string, Limit | null]>([
    ['10Gbit', { of: 'bytes', most: 1.25e9 }],
    ['2.5e9', { of: 'all', most: 2.5e9 }],
    ['Conns=50k', { of: { name: 'Conns' }, most: 50_000 }],
    ['InBytes=1Gbit', { of: { name: 'InBytes' }, most: 1.25e8 }],
    ['InBytes=10M', { of: { name: 'InBytes' }, most: 1e7 }],
    ['Conns=1Gbit', null],
    ['0', null],
    ['-1', null],
    ['10g', null],
    ['=5', null],
    ['1e999', null],
    ['', null],
  ])('%j means %j', (text, limit) => expect(parseLimit(text)).toEqual(limit));

  const limits = (...texts: string[]) => texts.flatMap((text) => parseLimit(text) ?? []);
  const known = ({ rras }: Dump) => rras.map(({ columns }) => columns.map((column) => [...column]));

  test('omits values above it or below zero, and the longer rows that contain them', () => {
    const values = Array.from({ length: 12 }, (_, i) => (i === 2 ? 9e9 : i === 8 ? -1 : 5));
    const dump = dumpOf([
      { values },
      { cf: 'MIN', values: values.map(() => 1) },
      { pdpPerRow: 3, values: [3e9, 5, 4, 5] },
      { cf: 'MAX', pdpPerRow: 3, values: [9e9, 5, 5, 5] },
    ]);
    const { dump: left, leftOut, tainted } = withoutAbove(dump, lookedAt, limits('1e9'));
    const out = values.map((value, i) => (i === 2 || i === 8 ? Number.NaN : value));
    expect(known(left)).toEqual([
      [out],
      [values.map(() => 1)],
      [[Number.NaN, 5, Number.NaN, 5]],
      [[Number.NaN, 5, Number.NaN, 5]],
    ]);
    expect(leftOut.map(({ value, endS }) => [value, (endS - lastS) / 300])).toEqual([
      [9e9, -9],
      [-1, -3],
    ]);
    expect(tainted).toBe(4);
    expect(dump.rras[0]?.columns[0]?.[2]).toBe(9e9);
  });

  test('of one data source overrides that of traffic, which overrides that of all', () => {
    const dump = dumpOf([{ values: [10, 200, 3000] }]);
    const left = (...texts: string[]) => known(withoutAbove(dump, lookedAt, limits(...texts)).dump)[0]?.[0];
    expect(left('100', '8kbit')).toEqual([10, 200, Number.NaN]);
    expect(left('InBytes=5000', '100')).toEqual([10, 200, 3000]);
    expect(left('Conns=1')).toEqual([10, 200, 3000]);
    expect(left('100')).toEqual([10, Number.NaN, Number.NaN]);
  });
});
