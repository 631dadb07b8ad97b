// The kernel's counters of the whole director, and frozen counters.

import { describe, expect, test } from 'vitest';
import { isInDoubt } from '../../../src/interpret/director/freeze.js';
import { interpret } from '../../../src/interpret/interpret.js';
import { type Cycle, emptyState, type KnownState, unknownKernel } from '../../../src/model/cycle.js';
import type { HostClock, KernelReading, ServiceReading, Snapshot } from '../../../src/model/snapshot.js';
import { counted, kernelOf } from '../../model/counting.js';

const web = '192.0.2.1_80';
const startS = 1_763_700_000;

function service(conns: number): ServiceReading {
  const id = { kind: 'address', protocol: 'tcp', address: '192.0.2.1', port: 80 } as const;
  const server = { id: { address: '10.0.0.1', port: 80 }, counters: counted(conns), forwarding: 'Masq' as const };
  const realServers = [{ ...server, weight: 1, activeConn: 5, inActConn: 7 }];
  return { id, counters: counted(conns), scheduler: 'wlc', flags: '', realServers };
}

interface Moment {
  readonly conns: number;
  readonly kernel?: KernelReading;
  readonly host?: HostClock;
}

/** Cycles five minutes apart with one service whose counter is `conns`. */
function run(moments: readonly Moment[], before: KnownState = emptyState): readonly Cycle[] {
  const cycles: Cycle[] = [];
  let table = before;
  for (const [i, { conns, host = null, ...rest }] of moments.entries()) {
    const snapshot: Snapshot = { timeS: startS + 300 * i, host, services: [service(conns)], ...rest };
    const cycle = interpret(table, snapshot);
    cycles.push(cycle);
    table = cycle.table;
  }
  return cycles;
}

function valuesOf(cycle: Cycle | undefined, archive: string): readonly number[] | undefined {
  const values = cycle?.readings.find((reading) => reading.archive === archive)?.values;
  return values === undefined ? undefined : [...values];
}

/** New connections of each archive that counts them; NaN if unknown. */
function growths(cycle: Cycle | undefined): Readonly<Record<string, number | undefined>> {
  const counting = (cycle?.readings ?? []).filter(({ archive }) => archive !== 'all/table');
  return Object.fromEntries(counting.map(({ archive, values }) => [archive, values.at(-5)]));
}

function kinds(cycle: Cycle | undefined): readonly string[] {
  return (cycle?.events ?? []).map(({ kind }) => kind).filter((kind) => kind !== 'appeared');
}

const unknown = Number.NaN;

describe("the kernel's counters", () => {
  test('have their own archives, below the director', () => {
    const [first, second] = run([
      { conns: 100, kernel: kernelOf(100) },
      { conns: 130, kernel: kernelOf(130) },
    ]);
    expect(first?.archives.map(({ name, about }) => [name, about.kind])).toEqual([
      ['all', 'director'],
      [web, 'service'],
      [`${web}/10.0.0.1_80`, 'real-server'],
      ['all/total', 'totals'],
      ['all/cpu_0', 'processor'],
      ['all/cpu_1', 'processor'],
      ['all/table', 'connection-table'],
    ]);
    expect(valuesOf(second, 'all/total')).toEqual([30, 240, 300, 24_000, 300_000]);
    expect(valuesOf(second, 'all/cpu_1')).toEqual([15, 120, 150, 12_000, 150_000]);
    expect(valuesOf(second, 'all/table')).toEqual([4096, 17]);
    expect(second?.archives).toEqual([]);
    expect(kinds(second)).toEqual([]);
  });

  test('are absent for the table of another machine', () => {
    const [cycle] = run([{ conns: 100 }]);
    expect(cycle?.readings.map(({ archive }) => archive)).toEqual(['all', web, `${web}/10.0.0.1_80`]);
  });

  test('are unknown, not zero, if the kernel does not report them', () => {
    const silent = kernelOf(100, { totals: null, processors: new Map(), tableEntries: null });
    const [cycle] = run([{ conns: 100, kernel: silent }]);
    expect(valuesOf(cycle, 'all/total')).toBeUndefined();
    expect(valuesOf(cycle, 'all/table')).toEqual([4096, unknown]);
    const [nothing] = run([{ conns: 100, kernel: { ...silent, tableSize: null } }]);
    expect(valuesOf(nothing, 'all/table')).toBeUndefined();
  });

  test('have no archive for a processor that has never counted', () => {
    const processors = new Map([
      [0, counted(100)],
      [1, counted(0)],
    ]);
    const [cycle] = run([{ conns: 100, kernel: kernelOf(100, { processors }) }]);
    expect(cycle?.readings.map(({ archive }) => archive)).not.toContain('all/cpu_1');
  });

  test('are absent without their files, and resume when these return', () => {
    const [, second, third, fourth] = run([
      { conns: 100, kernel: kernelOf(100) },
      { conns: 110 },
      { conns: 120 },
      { conns: 130, kernel: kernelOf(130) },
    ]);
    expect(second?.archives.map(({ name, lastS, goneS }) => [name, lastS, goneS])).toContainEqual([
      'all/total',
      startS,
      startS + 300,
    ]);
    expect(third?.archives).toEqual([]);
    expect(fourth?.archives.map(({ name, goneS }) => [name, goneS])).toContainEqual(['all/total', null]);
    const back = fourth?.readings.find(({ archive }) => archive === 'all/total');
    expect([back?.sinceS, back?.values[0]]).toEqual([startS, 30]);
  });

  test('report changes of the synchronising daemons', () => {
    const at = (syncDaemons: string | null): Moment => ({ conns: 1, kernel: kernelOf(2, { syncDaemons }) });
    const cycles = run([at(null), at(''), at(''), at('master (syncid=1)'), at(null), at('master (syncid=1)')]);
    expect(cycles.map(kinds)).toEqual([[], [], [], ['sync-changed'], [], []]);
    expect(cycles[3]?.events[0]).toMatchObject({ archive: 'all', from: '', to: 'master (syncid=1)' });
  });
});

describe('growth of totals and processors is unknown', () => {
  test('for totals that were zeroed, but not for processors', () => {
    const [, zeroed] = run([
      { conns: 100, kernel: kernelOf(100) },
      { conns: 5, kernel: kernelOf(130, { totals: counted(5) }) },
    ]);
    expect(growths(zeroed)).toMatchObject({ 'all/total': unknown, 'all/cpu_0': 15 });
  });

  test('for totals that were zeroed and passed their old values', () => {
    const [, climbed] = run([
      { conns: 100, kernel: kernelOf(100) },
      { conns: 150, kernel: kernelOf(250, { totals: counted(150) }) },
    ]);
    expect(growths(climbed)).toMatchObject({ 'all/total': unknown, 'all/cpu_0': 75 });
  });

  test('after the module was reloaded', () => {
    const [, loaded] = run([
      { conns: 100, kernel: kernelOf(100) },
      {
        conns: 130,
        kernel: kernelOf(130, {
          processors: new Map([
            [0, counted(10)],
            [1, counted(120)],
          ]),
        }),
      },
    ]);
    expect(growths(loaded)).toMatchObject({ 'all/total': unknown, 'all/cpu_0': unknown, 'all/cpu_1': unknown });
  });

  test('after the machine booted', () => {
    const [, booted] = run([
      { conns: 100, kernel: kernelOf(100), host: { bootId: 'a', uptimeS: 5000 } },
      { conns: 130, kernel: kernelOf(130), host: { bootId: 'b', uptimeS: 100 } },
    ]);
    expect(growths(booted)).toMatchObject({ 'all/total': unknown, 'all/cpu_0': unknown });
  });

  test('after the clock was set; the connection table stays known', () => {
    const [, set] = run([
      { conns: 100, kernel: kernelOf(100), host: { bootId: 'a', uptimeS: 5000 } },
      { conns: 130, kernel: kernelOf(130), host: { bootId: 'a', uptimeS: 8600 } },
    ]);
    expect(growths(set)).toMatchObject({ 'all/total': unknown, 'all/cpu_0': unknown });
    expect(valuesOf(set, 'all/table')).toEqual([4096, 17]);
  });

  test('but not for totals that lag by a refresh', () => {
    const [, second] = run([
      { conns: 1000, kernel: kernelOf(1000) },
      { conns: 2000, kernel: kernelOf(2010, { totals: counted(2000) }) },
    ]);
    expect(growths(second)).toMatchObject({ 'all/total': 1000, 'all/cpu_0': 505 });
  });
});

describe('frozen counters', () => {
  const frozen = kernelOf(130, { totals: counted(100), isEstimating: false });
  const cycles = run([
    { conns: 90, kernel: kernelOf(90) },
    { conns: 100, kernel: frozen },
    { conns: 100, kernel: kernelOf(160, { totals: counted(100), isEstimating: false }) },
    { conns: 190, kernel: kernelOf(190) },
    { conns: 220, kernel: kernelOf(220) },
  ]);

  test('make growth unknown for the whole cycle, except that of processors', () => {
    for (const cycle of cycles.slice(1, 3)) {
      expect(growths(cycle)).toMatchObject({ all: unknown, [web]: unknown, [`${web}/10.0.0.1_80`]: unknown });
      expect(growths(cycle)).toMatchObject({ 'all/total': unknown, 'all/cpu_0': cycle === cycles[1] ? 20 : 15 });
      expect(cycle.readings.find(({ archive }) => archive === web)?.values[0]).toBe(5);
    }
  });

  test('catch up when they resume, so the next interval is the first known one', () => {
    expect(growths(cycles[3])).toMatchObject({ all: unknown, [web]: unknown, 'all/total': unknown, 'all/cpu_0': 15 });
    expect(growths(cycles[4])).toMatchObject({ all: 30, [web]: 30, 'all/total': 30, 'all/cpu_0': 15 });
  });

  test('cause an event with the reason when they freeze, and one when they resume', () => {
    expect(cycles.map(kinds)).toEqual([[], ['counters-frozen'], [], ['counters-running'], []]);
    expect(cycles[1]?.events[0]).toMatchObject({
      archive: 'all',
      detail: 'net.ipv4.vs.run_estimation is 0: the counts of services and real servers are unknown',
    });
    expect(cycles[2]?.table.director.kernel.frozen?.sinceS).toBe(startS + 300);
  });

  test('are remembered while the kernel is not read', () => {
    const [, next] = run([{ conns: 100, kernel: frozen }, { conns: 190 }]);
    expect(growths(next)[web]).toBeNaN();
  });
});

describe('without a readable switch', () => {
  const still = { isEstimating: null, totals: counted(100) };

  test('totals that stand still while processors count are frozen if a refresh does not move them', () => {
    const before = { conns: 100, kernel: kernelOf(100, { isEstimating: null }) };
    const now = kernelOf(160, still);
    const table = run([before]).at(-1)?.table ?? emptyState;
    expect(isInDoubt(table.director.kernel, now)).toBe(true);
    const [, proven] = run([before, { conns: 100, kernel: { ...now, laterTotals: counted(100) } }]);
    expect(kinds(proven)).toEqual(['counters-frozen']);
    expect(growths(proven)[web]).toBeNaN();
    const [, refreshed] = run([before, { conns: 100, kernel: { ...now, laterTotals: counted(160) } }]);
    expect(kinds(refreshed)).toEqual([]);
    expect(growths(refreshed)[web]).toBe(0);
  });

  test('frozen totals stay frozen while they stand still, without another refresh', () => {
    const cycles = run([
      { conns: 100, kernel: kernelOf(100, { isEstimating: null }) },
      { conns: 100, kernel: kernelOf(160, { ...still, laterTotals: counted(100) }) },
      { conns: 100, kernel: kernelOf(190, still) },
      { conns: 220, kernel: kernelOf(220, { isEstimating: null }) },
    ]);
    expect(cycles.map(kinds)).toEqual([[], ['counters-frozen'], [], ['counters-running']]);
    const table = cycles[1]?.table ?? emptyState;
    expect(isInDoubt(table.director.kernel, kernelOf(190, still))).toBe(false);
  });

  test('an idle director is not frozen, whatever its connections', () => {
    const idle = { conns: 100, kernel: kernelOf(100, { ...still, laterTotals: counted(100) }) };
    const cycles = run([idle, idle]);
    expect(isInDoubt(cycles[0]?.table.director.kernel ?? unknownKernel, idle.kernel)).toBe(false);
    expect(cycles.map(kinds)).toEqual([[], []]);
    expect(growths(cycles[1])).toMatchObject({ all: 0, 'all/total': 0 });
  });

  test('a machine that booted is not frozen, although its totals have not changed', () => {
    const before = kernelOf(0, { isEstimating: null, processors: new Map([[0, counted(5)]]) });
    const now = kernelOf(0, { isEstimating: null, processors: new Map([[0, counted(1)]]), laterTotals: counted(0) });
    const [, cycle] = run([
      { conns: 0, kernel: before },
      { conns: 0, kernel: now },
    ]);
    expect(kinds(cycle)).not.toContain('counters-frozen');
  });
});
