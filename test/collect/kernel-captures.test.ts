// Captures of a real kernel's counters: frozen without a readable switch (fixtures/ipvs/frozen) and by an empty list of processors
// on Linux 7 (stopped), and the counters of processors, totals and services compared (ways, uneven).

import { describe, expect, test } from 'vitest';
import type { Cycle } from '../../src/model/cycle.js';
import { cyclesOf, eventInLine } from './step-captures.js';

function growthIn({ readings }: Cycle, archives: RegExp): readonly number[] {
  const counted = readings.filter(({ archive }) => archives.test(archive)).map(({ values }) => [...values.slice(-5)]);
  return counted.reduce((sum, values) => sum.map((value, i) => value + (values[i] ?? Number.NaN)), [0, 0, 0, 0, 0]);
}

describe.each([
  ['frozen', 'the switch cannot be read', 'the processors kept counting while the totals stood still'],
  ['stopped', 'no processor is left to estimate on', 'net.ipv4.vs.est_cpulist is empty'],
])('counters of a real kernel that are %s, where %s', (folder, _, reason) => {
  const cycles = cyclesOf(folder);
  const eventsByStep = cycles.map(({ step, events }) => [
    step,
    events.map(eventInLine).filter((line) => !/appeared$/.test(line)),
  ]);

  test('are reported when they freeze and when they resume', () => {
    expect(eventsByStep).toEqual([
      ['01-first', []],
      ['02-running', []],
      [`03-${folder}`, ['all counters-frozen']],
      [`04-${folder}-still`, []],
      ['05-running-again', ['all counters-running']],
      ['06-running', []],
    ]);
    expect(cycles[2]?.events[0]?.detail).toContain(reason);
  });

  test('are unknown until the next interval ends; those of processors stay known', () => {
    const isKnown = (archives: RegExp) => cycles.slice(1).map((cycle) => !Number.isNaN(growthIn(cycle, archives)[0]));
    for (const archives of [/^all$/, /^all\/total$/, /^10\.9\.1\.20_80$/, /\/10\.1\.0\.13_80$/]) {
      expect(isKnown(archives)).toEqual([true, false, false, false, true]);
    }
    // A processor that never counted before the second step appears in it.
    expect(isKnown(/^all\/cpu_/).slice(1)).toEqual([true, true, true, true]);
  });
});

describe.each(['ways', 'uneven'])('the counters of a real kernel in "%s"', (folder) => {
  // A processor has no archive, and no growth, before it counts.
  const cycles = cyclesOf(folder).slice(2);

  test('of processors add up to the totals, to the last byte', () => {
    for (const cycle of cycles) expect(growthIn(cycle, /^all\/cpu_/)).toEqual(growthIn(cycle, /^all\/total$/));
    expect(growthIn(cycles[0] as Cycle, /^all\/cpu_/)[3]).toBeGreaterThan(1000);
  });

  test('of services add up to the totals', () => {
    for (const cycle of cycles) expect(growthIn(cycle, /^all$/)).toEqual(growthIn(cycle, /^all\/total$/));
  });
});
