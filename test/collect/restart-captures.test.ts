// Captures of counters that restarted and passed their old values (fixtures/ipvs/restarts): that is never growth.

import { describe, expect, test } from 'vitest';
import { parseListings } from '../../src/collect/ipvs/join.js';
import { interpret } from '../../src/interpret/interpret.js';
import { type Cycle, emptyState } from '../../src/model/cycle.js';
import { capture } from './capture.js';
import { cyclesOf, eventInLine, firstStepS } from './step-captures.js';

/** New connections of each service and of the director; NaN if unknown. */
function growths(cycle: Cycle | undefined): Readonly<Record<string, number | undefined>> {
  const counting = (cycle?.readings ?? []).filter(({ archive }) => archive.startsWith('all') || !archive.includes('/'));
  return Object.fromEntries(counting.map(({ archive, values }) => [archive, values.at(-5)]));
}

const unknown = Number.NaN;
const busy = [
  '10.9.1.1_80',
  '10.9.1.2_80',
  '10.9.1.3_80',
  '10.9.1.1_53_udp',
  '2001-db8-9--1_80',
  'fwm_100',
  'fwm6_100',
];
const of = (names: readonly string[], growth: number) => Object.fromEntries(names.map((name) => [name, growth]));

describe('after "ipvsadm -Z" and five times the earlier traffic', () => {
  const [, climbed, quiet] = cyclesOf('restarts', (step) => step.startsWith('a'));

  test('every service and the director are unknown, and the processors continue', () => {
    expect(growths(climbed)).toEqual({
      ...of([...busy, '10.9.1.9_80', 'all', 'all/total'], unknown),
      'all/cpu_0': 117,
      'all/cpu_1': 93,
    });
    expect(climbed?.events.map(({ kind, cause }) => [kind, cause])).toEqual(
      Array(9).fill(['counters-reset', 'zeroed']),
    );
    expect(climbed?.events[0]?.archive).toBe('all');
  });

  test('the next interval is known', () => {
    expect(growths(quiet)).toMatchObject({ ...of(busy, 4), '10.9.1.9_80': 0, all: 28, 'all/total': 28 });
    expect(quiet?.events).toEqual([]);
  });
});

describe('after "ipvsadm -C" and "-R", and twice the earlier traffic', () => {
  const [, climbed, quiet] = cyclesOf('restarts', (step) => step.startsWith('b'));

  test('every service with counts is unknown, and the totals are known', () => {
    expect(growths(climbed)).toMatchObject({ ...of([...busy, 'all'], unknown), '10.9.1.9_80': 0, 'all/total': 420 });
    expect(climbed?.events.map(eventInLine)).toEqual(
      ['all', ...busy].map((archive) => `${archive} counters-reset table-cleared`),
    );
  });

  test('the next interval is known, and no books are unbalanced', () => {
    expect(growths(quiet)).toMatchObject({ ...of(busy, 4), all: 28, 'all/total': 28 });
    expect(quiet?.events).toEqual([]);
  });
});

test('a recreated network namespace is not mistaken for zeroing, since its processors restarted too', () => {
  const [, , anew, quiet] = cyclesOf('restarts', (step) => step.startsWith('c'));
  expect(anew?.events.map(({ archive, cause }) => [archive, cause])).toEqual(
    ['all', '10.9.200.1_80', '10.9.200.2_80'].map((archive) => [archive, 'namespace-recreated']),
  );
  expect(Object.values(growths(anew)).every(Number.isNaN)).toBe(true);
  expect(growths(quiet)).toMatchObject({ '10.9.200.1_80': 6, all: 12, 'all/total': 12, 'all/cpu_0': 10 });
});

test('a recording alone shows that keepalived stopped for one reading and added its services again', () => {
  let table = emptyState;
  const cycles = ['d01-first', 'd02-stopped', 'd03-started-climbed', 'd04-quiet'].map((step, i) => {
    const texts = ['stats', 'table'].map((listing) => capture(`restarts/${step}.${listing}.txt`));
    const { services } = parseListings({ statsText: texts[0] ?? '', tableText: texts[1] ?? '' });
    const cycle = interpret(table, { timeS: firstStepS + 300 * i, host: null, services });
    table = cycle.table;
    return cycle;
  });
  expect(cycles.map(({ events }) => events.map(eventInLine)).slice(1)).toEqual([
    ['all sum-incomplete 0 of 2 services known'],
    ['all', '10.0.0.100_80', '10.0.0.100_81'].map((archive) => `${archive} counters-reset table-cleared`),
    [],
  ]);
  expect(growths(cycles[2])).toEqual({ all: unknown, '10.0.0.100_80': unknown, '10.0.0.100_81': unknown });
  expect(growths(cycles[3])).toEqual({ all: 16, '10.0.0.100_80': 8, '10.0.0.100_81': 8 });
});
