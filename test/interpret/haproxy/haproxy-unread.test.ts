// Unread rows of HAProxy are unknown, neither absent nor gone. An answer without a proxy is a failed reading.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseShowStat } from '../../../src/collect/haproxy/parse-show-stat.js';
import { interpretCycle } from '../../../src/interpret/interpret.js';
import { type Cycle, emptyState } from '../../../src/model/cycle.js';
import { dataSourcesFor } from '../../../src/model/kinds/registry.js';
import { parseHaproxyName } from '../../../src/model/names/haproxy-name.js';
import type { HaproxyReading } from '../../../src/model/snapshot.js';
import { formatTable, parseTable } from '../../../src/store/layout/table-bytes.js';
import { fixturePath } from '../../collect/capture.js';

const startS = 1_763_700_000;
const titles = 'pxname,svname,qcur,scur,stot,bin,bout,hrsp_2xx,status,weight,type';
const names = ['haproxy_be_a', 'haproxy_be_a/s', 'haproxy_be_a/t', 'haproxy_be_b'];

interface Rows {
  readonly [label: string]: string;
}

/** Rows of two backends and two servers after `n` steps of growth. `replaced` replaces rows, or omits them if ''. */
function statistics(n: number, replaced: Rows = {}): HaproxyReading {
  const row = (name: string, status: string, type: number) =>
    `${name},0,1,${10 * n},${100 * n},0,${n},${status},1,${type}\n`;
  const rows: Rows = {
    'a/BACKEND': row('a,BACKEND', 'UP', 1),
    'a/s': row('a,s', 'UP', 2),
    'a/t': row('a,t', 'UP', 2),
    'b/BACKEND': row('b,BACKEND', 'UP', 1),
    ...replaced,
  };
  return parseShowStat(`# ${titles}\n${Object.values(rows).join('')}`, 'here').reading;
}

const empty = statistics(0, { 'a/BACKEND': '', 'a/s': '', 'a/t': '', 'b/BACKEND': '' });

/** Interprets readings of HAProxy alone, five minutes apart. The table round-trips through its text, as on disk. */
function run(...reads: readonly HaproxyReading[]): readonly Cycle[] {
  let table = emptyState;
  return reads.map((haproxy, i) => {
    const cycle = interpretCycle(table, { timeS: startS + 300 * i, host: null, director: null, haproxy });
    table = parseTable(formatTable(cycle.table), JSON.stringify([...cycle.table.gone]), cycle.table.retention);
    return cycle;
  });
}

function valuesIn(cycle: Cycle | undefined, dataSource: string): readonly (number | undefined)[] {
  return names.map((archive) => {
    const sources = dataSourcesFor(`haproxy-${parseHaproxyName(archive)?.kind ?? 'backend'}`);
    const reading = cycle?.readings.find((one) => one.archive === archive);
    return reading?.values[sources.findIndex(({ name }) => name === dataSource)];
  });
}

const eventsOf = (cycles: readonly Cycle[]) =>
  cycles
    .slice(1)
    .map(({ events }) => events.map(({ archive, kind, realServer }) => [archive, kind, realServer].join(' ').trim()));

describe('an unread row of HAProxy', () => {
  test.each([
    ['has an unknown type', 'a,s,0,1,20,200,0,2,UP,1,9\n'],
    ['is shortened', 'a,s,0,1\n'],
    ['has a stray quote', 'a,s,0,1,20,200,0,2,U"P,1,2\n'],
  ])('that %s makes only its own values unknown, for two cycles', (_title, row) => {
    const cycles = run(statistics(1), statistics(2, { 'a/s': row }), statistics(3), statistics(4));
    expect(cycles.map((cycle) => valuesIn(cycle, 'Sessions'))).toEqual([
      [Number.NaN, Number.NaN, Number.NaN, Number.NaN],
      [10, Number.NaN, 10, 10],
      [10, Number.NaN, 10, 10],
      [10, 10, 10, 10],
    ]);
    expect(valuesIn(cycles[1], 'CurSessions')).toEqual([1, Number.NaN, 1, 1]);
    expect(eventsOf(cycles)).toEqual([[], [], []]);
    expect(cycles.slice(1).map(({ archives }) => archives)).toEqual([[], [], []]);
  });

  test('returns an absent server without comparing its counters', () => {
    const gone = statistics(2, { 'a/s': '' });
    const cycles = run(statistics(1), gone, statistics(3, { 'a/s': 'a,s,0\n' }), statistics(40));
    expect(valuesIn(cycles[2], 'Sessions')).toEqual([10, Number.NaN, 10, 10]);
    expect(valuesIn(cycles[3], 'Sessions')).toEqual([370, Number.NaN, 370, 370]);
    expect(cycles[3]?.table.haproxy.entries.get('haproxy_be_a/s')).toMatchObject({ absentS: null });
    expect(
      eventsOf(cycles)
        .flat()
        .filter((event) => / gone|removed/.test(event)),
    ).toEqual([]);
  });

  test('without a name makes no entry absent or gone', () => {
    const nameless = { 'a/s': '', 'b/BACKEND': '', x: '\u0001\n' };
    const cycles = run(statistics(1), statistics(2, nameless), statistics(3, nameless), statistics(4), statistics(5));
    expect(eventsOf(cycles)).toEqual([[], [], [], []]);
    expect(valuesIn(cycles[2], 'Sessions')).toEqual([10, Number.NaN, 10, Number.NaN]);
    expect(valuesIn(cycles[4], 'Sessions')).toEqual([10, 10, 10, 10]);
  });

  test('with an unknown name may be a known entry', () => {
    const damaged = { 'b/BACKEND': 'bx,y,BACKEND,0,1,20,200,0,2,UP,1,1\n' };
    const cycles = run(statistics(1), statistics(2, damaged), statistics(3, damaged), statistics(4));
    expect(eventsOf(cycles)).toEqual([[], [], []]);
  });

  test('does not keep entries that are really gone', () => {
    const cycles = run(...[1, 2, 3].map((n) => statistics(n, n === 1 ? {} : { 'a/s': 'a,s,0\n', 'b/BACKEND': '' })));
    expect(eventsOf(cycles)).toEqual([[], ['haproxy_be_b gone']]);
  });
});

describe('an unread cell of HAProxy', () => {
  test.each(['-1', 'x', '99999999999999999999'])('%s is unknown for two cycles, and is no restart', (cell) => {
    const bad = statistics(2, { 'a/BACKEND': `a,BACKEND,${cell},1,${cell},200,0,2,UP,1,1\n` });
    const cycles = run(statistics(1), bad, statistics(3), statistics(4));
    expect(valuesIn(cycles[1], 'Sessions')).toEqual([Number.NaN, 10, 10, 10]);
    expect(valuesIn(cycles[1], 'Queue')).toEqual([Number.NaN, 0, 0, 0]);
    expect(valuesIn(cycles[1], 'InBytes')).toEqual([100, 100, 100, 100]);
    expect(valuesIn(cycles[2], 'Sessions')).toEqual([Number.NaN, 10, 10, 10]);
    expect(valuesIn(cycles[3], 'Sessions')).toEqual([10, 10, 10, 10]);
    expect(eventsOf(cycles)).toEqual([[], [], []]);
  });

  test('keeps the previous status', () => {
    const cycles = run(statistics(1), statistics(2, { 'a/s': 'a,s,0,1,20,200,0,2,,1,2\n' }), statistics(3));
    expect(eventsOf(cycles)).toEqual([[], []]);
    expect(cycles[1]?.table.haproxy.entries.get('haproxy_be_a/s')?.status).toBe('UP');
  });
});

describe('HAProxy without a proxy', () => {
  test('fails if it had some: one event, one more when it reports again, and unknown growth', () => {
    const cycles = run(statistics(1), statistics(2), empty, empty, statistics(90), statistics(91));
    expect(eventsOf(cycles)).toEqual([[], ['all haproxy-failed'], [], ['all haproxy-resumed'], []]);
    expect(cycles[2]?.events[0]).toMatchObject({ to: 'reported-nothing', detail: expect.stringContaining('nothing') });
    expect(cycles.map(({ readings }) => readings.length)).toEqual([4, 4, 0, 0, 4, 4]);
    expect(valuesIn(cycles[4], 'Sessions')).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(valuesIn(cycles[5], 'Sessions')).toEqual([10, 10, 10, 10]);
  });

  test('differs from an empty answer, after which growth is known', () => {
    let table = run(statistics(1), statistics(2))[1]?.table ?? emptyState;
    const fault = { code: 'reported-nothing', message: 'closed without an answer' };
    const cycles = [fault, statistics(4)].map((haproxy, i) => {
      const cycle = interpretCycle(table, { timeS: startS + 300 * (i + 2), host: null, director: null, haproxy });
      table = cycle.table;
      return cycle;
    });
    expect(valuesIn(cycles[1], 'Sessions')).toEqual([20, 20, 20, 20]);
    expect(cycles[1]?.readings[0]).toMatchObject({ sinceS: startS + 300 });
  });

  test('misses no cycle, even for hours, like any other failure', () => {
    const silent = Array.from({ length: 20 }, () => empty);
    expect(eventsOf(run(statistics(1), ...silent, statistics(2))).flat()).toEqual([
      'all haproxy-failed',
      'all haproxy-resumed',
    ]);
    let table = run(statistics(1))[0]?.table ?? emptyState;
    for (let i = 1; i < 20; i += 1) {
      const fault = { code: 'no-haproxy', message: 'refused' };
      const cycle = interpretCycle(table, { timeS: startS + 300 * i, host: null, director: null, haproxy: fault });
      expect(cycle.events.map(({ kind }) => kind)).toEqual(i === 1 ? ['haproxy-failed'] : []);
      table = cycle.table;
    }
  });

  test('from the start is no failure and misses no cycle', () => {
    const cycles = run(empty, ...Array.from({ length: 9 }, () => empty), statistics(1));
    expect(eventsOf(cycles).flat()).toEqual(['haproxy_be_a appeared', 'haproxy_be_b appeared']);
  });

  test('does not affect the table of the director', () => {
    const lvs = { timeS: 0, host: null, services: [] };
    let table = emptyState;
    const cycles = [statistics(1), empty, empty, statistics(2)].map((haproxy, i) => {
      const timeS = startS + 300 * i;
      const cycle = interpretCycle(table, { timeS, host: null, director: { ...lvs, timeS }, haproxy });
      table = cycle.table;
      return cycle;
    });
    expect(eventsOf(cycles)).toEqual([['all haproxy-failed'], [], ['all haproxy-resumed']]);
    expect(cycles.map(({ readings }) => readings.some(({ archive }) => archive === 'all'))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  test('fails in a recording of ten readings, and no entry is gone', () => {
    const reads = [200, 500, 800, 1100, 1400, 1700, 2000, 2300, 2600, 2900].map((s) => {
      const text = readFileSync(fixturePath(`haproxy/header-only/${1_795_990_000 + s}.haproxy.csv`), 'utf8');
      return parseShowStat(text, 'here').reading;
    });
    expect(eventsOf(run(...reads))).toEqual([
      [],
      [],
      ['all haproxy-failed'],
      [],
      [],
      [],
      ['all haproxy-resumed'],
      [],
      [],
    ]);
  });
});
