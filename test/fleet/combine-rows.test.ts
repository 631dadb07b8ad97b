// Rows of a group, from those of its directors.

import { describe, expect, test } from 'vitest';
import { isShared } from '../../src/fleet/carriers.js';
import { type Carrying, combineRows as combine, type MemberRows } from '../../src/fleet/combine-rows.js';
import { failoversAmong } from '../../src/fleet/failovers.js';
import type { Series } from '../../src/model/series.js';
import { seriesOf, startS, valuesOf } from './rows.js';

const service = '192.0.2.1_80';
const oneAtATime = carrying(false, false);

function carrying(own: boolean, whole: boolean, least = 0): Carrying {
  return { own: { isShared: own, least }, whole: { isShared: whole, least } };
}

function combineRows(members: readonly MemberRows[], how: Carrying): Series {
  return combine(members, how).series;
}

type Values = readonly (number | null)[];

function member(rates: Values, open: Values = rates, whole: Values | null = null): MemberRows {
  return { own: seriesOf(service, rates, { open }), whole: whole === null ? null : seriesOf('all', whole) };
}

describe('rates', () => {
  test('are summed over a planned failover, the row of which has parts of both', () => {
    const rows = combineRows([member([10, 10, 4, 0, 0]), member([0, 0, 6, 10, 10])], oneAtATime);
    expect(valuesOf(rows, 'InPkts')).toEqual([10, 10, 10, 10, 10]);
  });

  test('have no gap where a director died and another one took over', () => {
    const rows = combineRows([member([10, 10, null, null, null]), member([0, 0, 6, 10, 10])], oneAtATime);
    expect(valuesOf(rows, 'InBytes')).toEqual([10, 10, 6, 10, 10]);
  });

  test('are unknown where the only director that is known carried nothing', () => {
    const rows = combineRows([member([10, null, null, 10]), member([0, 0, 0, 0])], oneAtATime);
    expect(valuesOf(rows, 'InPkts')).toEqual([10, null, null, 10]);
  });

  test('are known while the director that stands by is not', () => {
    const rows = combineRows([member([10, 11, 12]), member([0, null, null])], oneAtATime);
    expect(valuesOf(rows, 'Conns')).toEqual([10, 11, 12]);
  });

  test('are unknown where no director is known', () => {
    const rows = combineRows([member([10, null]), member([0, null])], oneAtATime);
    expect(valuesOf(rows, 'InPkts')).toEqual([10, null]);
  });

  test('of an idle service are zero where the director that carries the others is known', () => {
    const rows = combineRows(
      [member([null, null], undefined, [null, null]), member([0, 0], undefined, [7, 0])],
      oneAtATime,
    );
    expect(valuesOf(rows, 'InPkts')).toEqual([0, null]);
  });

  test('of an idle service are unknown without one director where the directors share the services', () => {
    const rows = combineRows([member([null], undefined, [null]), member([0], undefined, [7])], carrying(false, true));
    expect(valuesOf(rows, 'InPkts')).toEqual([null]);
  });

  test('are unknown without one of the directors that carry them at the same time', () => {
    const rows = combineRows([member([5, null]), member([6, 6])], carrying(true, true));
    expect(valuesOf(rows, 'InPkts')).toEqual([11, null]);
  });
});

test('some packets to the director that stands by do not make it the carrier', () => {
  const rows = combineRows([member([1000, null, null]), member([0, 0.2, 0])], carrying(false, false, 10));
  expect(valuesOf(rows, 'InPkts')).toEqual([1000, null, null]);
});

describe('rows longer than a step', () => {
  const long = (rates: Values): MemberRows => ({ own: seriesOf(service, rates, { stepS: 7200 }), whole: null });

  test.each([
    ['in which both carried', [9, 8, 0], [0, 3, 9], [1]],
    ['in which a director died, too early for its row to be known', [9, null, null], [0, 7, 9], [1]],
    ['before a director came back', [null, null, 9], [9, 4, 0], [1]],
    ['none: one carried, the other one is silent', [9, 9, 9], [0, null, null], []],
    ['none: the other one has been silent for long', [null, null, null], [9, 9, 9], []],
  ] as const)('are doubtful %s', (_, one, other, doubtful) => {
    const combined = combine([long(one), long(other)], oneAtATime);
    expect(combined.doubtful).toEqual(doubtful);
    for (const row of doubtful) expect(valuesOf(combined.series, 'InPkts')[row]).toBeNull();
  });
});

describe('maxima', () => {
  const parts = [
    { own: seriesOf(service, [10, 9, 0], { cf: 'MAX' }), whole: null },
    { own: seriesOf(service, [0, 8, 10], { cf: 'MAX' }), whole: null },
  ];

  test('of one director at a time are not added in the row of a failover', () => {
    expect(valuesOf(combineRows(parts, oneAtATime), 'InPkts')).toEqual([10, 9, 10]);
  });

  test('of several at once are added', () => {
    expect(valuesOf(combineRows(parts, carrying(true, true)), 'InPkts')).toEqual([10, 17, 10]);
  });
});

test('open connections are not summed: the others have copies', () => {
  const rows = combineRows([member([10, 10, 0], [500, 510, 505]), member([0, 0, 10], [498, 509, 512])], oneAtATime);
  expect(valuesOf(rows, 'ActiveConn')).toEqual([500, 510, 512]);
  expect(valuesOf(rows, 'InActConn')).toEqual([500, 510, 512]);
});

test('rows of other times are not combined', () => {
  const other = { own: { ...seriesOf(service, [1]), startS: startS + 300, endS: startS + 600 }, whole: null };
  expect(() => combineRows([member([1]), other], oneAtATime)).toThrow('not of the same times');
  expect(() => combineRows([], oneAtATime)).toThrow('no director');
});

describe('directors carry at the same time', () => {
  test.each([
    [false, [10, 10, 4, 0, 0], [0, 0, 6, 10, 10]],
    [false, [10, 10, null, null], [0, 0, 6, 10]],
    [true, [5, 5, 5, 5], [5, 5, 5, 5]],
    [true, [5, 5, null, 5], [5, 5, 10, 0]],
    [null, [5, null, null, null], [null, 5, 5, 5]],
    [null, [0, 0], [0, 0]],
    [null, [5, 5], [null, null]],
    [true, [5, 0, 5, 0, 5, 0, 5, 0], [0, 5, 0, 5, 0, 5, 0, 5]],
  ] as const)('%s: %j and %j', (shared, one, other) => {
    expect(isShared([seriesOf(service, one), seriesOf(service, other)])).toBe(shared);
  });
});

describe('failovers', () => {
  const among = (one: Values, other: Values) =>
    failoversAmong([
      { director: 'lb1', rows: seriesOf('all', one) },
      { director: 'lb2', rows: seriesOf('all', other) },
    ]).map(({ timeS, sinceS = 0, from, to }) => [(sinceS - startS) / 300, (timeS - startS) / 300, from, to]);

  test.each([
    ['planned', [10, 10, 4, 0, 0], [0, 0, 6, 10, 10], [[2, 3, 'lb1', 'lb2']]],
    ['a director died', [10, 10, null, null], [0, 0, 6, 10], [[2, 3, 'lb1', 'lb2']]],
    [
      'and came back',
      [9, null, 3, 9],
      [0, 9, 6, 0],
      [
        [1, 2, 'lb1', 'lb2'],
        [2, 3, 'lb2', 'lb1'],
      ],
    ],
    ['after a pause without traffic', [9, 0, 0, 0], [0, 0, 0, 9], [[3, 4, 'lb1', 'lb2']]],
    ['another carried a little and left off', [9, 5, 9, 0], [0, 4, 0, 9], [[3, 4, 'lb1', 'lb2']]],
    ['none: nothing is known before', [null, null], [null, 9], []],
    ['none: both at once', [9, 9], [9, 9], []],
    ['none: the other one is silent', [9, 9, 9], [0, null, null], []],
  ] as const)('%s', (_, one, other, expected) => {
    expect(among(one, other)).toEqual(expected);
  });
});
