// The table before and now: how cases that operators know are interpreted.

import { describe, expect, test } from 'vitest';
import { admit } from '../../src/interpret/clock.js';
import { interpret } from '../../src/interpret/interpret.js';
import { type Cycle, emptyState } from '../../src/model/cycle.js';
import type {
  Counters,
  HostClock,
  KernelReading,
  RealServerReading,
  ServiceReading,
  Snapshot,
} from '../../src/model/snapshot.js';
import { counted, kernelOf } from '../model/counting.js';

const web = '192.0.2.1_80';
const startS = 1_763_700_000;

/** A kernel whose totals are `conns` connections. */
function counting(conns: number): KernelReading {
  return kernelOf(2 * conns, { totals: counted(conns), processors: new Map() });
}

function server(number: number, conns: number, rest: Partial<RealServerReading> = {}): RealServerReading {
  const id = { address: `10.0.0.${number}`, port: 80 };
  return { id, counters: counted(conns), forwarding: 'Masq', weight: 1, activeConn: 5, inActConn: 7, ...rest };
}

function service(conns: number, realServers: readonly RealServerReading[], last = 1): ServiceReading {
  const id = { kind: 'address', protocol: 'tcp', address: `192.0.2.${last}`, port: 80 } as const;
  return { id, counters: counted(conns), scheduler: 'wlc', flags: '', realServers };
}

/** Cycles five minutes apart over the given tables. */
function run(
  tables: readonly (readonly ServiceReading[])[],
  hosts: readonly (HostClock | null)[] = [],
  kernels: readonly KernelReading[] = [],
): readonly Cycle[] {
  const cycles: Cycle[] = [];
  let table = emptyState;
  for (const [i, services] of tables.entries()) {
    const kernelPart = kernels[i] === undefined ? {} : { kernel: kernels[i] };
    const cycle = interpret(table, { timeS: startS + 300 * i, host: hosts[i] ?? null, services, ...kernelPart });
    cycles.push(cycle);
    table = cycle.table;
  }
  return cycles;
}

/** New connections since the archive's previous reading; undefined without a reading, NaN if unknown. */
function conns(cycle: Cycle | undefined, archive: string): number | undefined {
  return cycle?.readings.find((reading) => reading.archive === archive)?.values[2];
}

function kinds(cycle: Cycle | undefined): readonly string[] {
  return (cycle?.events ?? []).map(({ archive, kind, cause }) => [archive, kind, cause].filter(Boolean).join(' '));
}

describe('a service', () => {
  test('grows by the difference of its counters, and so do its real servers and the director', () => {
    const [first, second] = run([
      [service(100, [server(1, 60), server(2, 40)])],
      [service(130, [server(1, 80), server(2, 50)])],
    ]);
    expect(first?.readings.map(({ values }) => values[2])).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(second?.readings.map(({ archive, values }) => [archive, values[2]])).toEqual([
      ['all', 30],
      [web, 30],
      [`${web}/10.0.0.1_80`, 20],
      [`${web}/10.0.0.2_80`, 10],
    ]);
    expect(kinds(second)).toEqual([]);
  });

  test('has the connections of its real servers, and the director those of all services', () => {
    const [cycle] = run([[service(1, [server(1, 1), server(2, 0)]), service(1, [server(3, 1)], 2)]]);
    expect(cycle?.readings.slice(0, 2).map(({ values }) => [...values.slice(0, 2)])).toEqual([
      [15, 21],
      [10, 14],
    ]);
  });

  test('counts exactly beyond the precision of a double', () => {
    const table = (n: bigint): ServiceReading[] => [{ ...service(0, []), counters: { ...counted(0), outBytes: n } }];
    const [, second] = run([table(2n ** 64n - 1000n), table(2n ** 64n - 1n)]);
    expect(second?.readings[1]?.values[6]).toBe(999);
  });

  test('that was zeroed is unknown for one interval, like its real servers', () => {
    const [, second, third] = run([
      [service(100, [server(1, 60), server(2, 40)])],
      [service(3, [server(1, 2), server(2, 1)])],
      [service(8, [server(1, 4), server(2, 4)])],
    ]);
    expect([web, `${web}/10.0.0.1_80`, 'all'].map((name) => conns(second, name))).toEqual([NaN, NaN, NaN]);
    expect(kinds(second)).toEqual(['all sum-incomplete', `${web} counters-reset re-added-or-zeroed`]);
    expect([web, `${web}/10.0.0.1_80`, 'all'].map((name) => conns(third, name))).toEqual([5, 2, 5]);
  });

  test('that was reset and passed its old value is recognised by the loss of its real servers', () => {
    const [, second] = run([
      [service(100, [server(1, 60), server(2, 40)])],
      [service(150, [server(1, 20), server(2, 130)])],
    ]);
    expect([web, `${web}/10.0.0.2_80`].map((name) => conns(second, name))).toEqual([NaN, NaN]);
    expect(kinds(second)).toEqual(['all sum-incomplete', `${web} counters-reset re-added-or-zeroed`]);
  });

  test('continues when a real server returns at zero', () => {
    const [, second] = run([
      [service(100, [server(1, 60), server(2, 40)])],
      [service(150, [server(1, 20), server(2, 70)])],
    ]);
    expect([web, `${web}/10.0.0.1_80`, `${web}/10.0.0.2_80`].map((name) => conns(second, name))).toEqual([50, NaN, 30]);
    expect(kinds(second)).toEqual([`${web} counters-reset real-server-re-added`]);
  });

  test('that is missing once is unknown until it is read twice, but not gone', () => {
    const web100 = service(100, [server(1, 100)]);
    const beside = (n: number) => service(n, [server(2, n)], 2);
    const cycles = run([
      [web100, beside(10)],
      [beside(20)],
      [service(160, [server(1, 160)]), beside(30)],
      [service(170, [server(1, 170)]), beside(40)],
    ]);
    const [, second, third, fourth] = cycles;
    expect(kinds(second)).toEqual(['all sum-incomplete']);
    expect(second?.events[0]).toMatchObject({ to: '1 of 2 services known', detail: 'not 192.0.2.1:80' });
    expect(second?.readings[0]?.values.every(Number.isNaN)).toBe(true);
    expect(third?.readings.find(({ archive }) => archive === web)).toMatchObject({ sinceS: startS });
    expect(['192.0.2.2_80', web, `${web}/10.0.0.1_80`, 'all'].map((name) => conns(third, name))).toEqual([
      10,
      NaN,
      NaN,
      NaN,
    ]);
    expect(kinds(third)).toEqual(['all sum-incomplete', `${web} counters-reset missing-once`]);
    expect(third?.events[0]).toMatchObject({ sinceS: startS + 300 });
    expect([conns(fourth, web), conns(fourth, 'all')]).toEqual([10, 20]);
    expect(kinds(fourth)).toEqual(['all sum-complete']);
  });

  test.each<[title: string, second: Partial<Snapshot>, cause: string]>([
    ['if that reading was complete', { isAbsenceSure: true }, 'service-re-added'],
    ['unless that reading may be torn', { isAbsenceSure: false }, 'missing-once'],
  ])('that is missing from one reading was added again %s, whatever its counters', (_, rest, cause) => {
    const other = service(5, [], 2);
    const at = (i: number, services: readonly ServiceReading[], more: Partial<Snapshot> = {}): Snapshot => {
      return { timeS: startS + 300 * i, host: null, services, ...more };
    };
    const first = interpret(emptyState, at(0, [service(24, [server(1, 24)]), other]));
    const second = interpret(first.table, at(1, [other], rest));
    const third = interpret(second.table, at(2, [service(80, [server(1, 80)]), other]));
    expect(kinds(third)).toEqual(['all sum-incomplete', `${web} counters-reset ${cause}`]);
    expect([conns(third, web), conns(third, `${web}/10.0.0.1_80`), conns(third, '192.0.2.2_80')]).toEqual([
      NaN,
      NaN,
      0,
    ]);
    // While it is missing all its values are unknown, connections included, and so are those of the director.
    expect(third.readings.find(({ archive }) => archive === web)?.values.every(Number.isNaN)).toBe(true);
    expect(second.readings[0]?.values.every(Number.isNaN)).toBe(true);
  });

  test('was added again after an empty table, like all others', () => {
    const two = (n: number) => [service(n, [server(1, n)]), service(n, [server(2, n)], 2)];
    const [, second, third] = run([two(24), [], two(80)]);
    expect(second?.events[0]).toMatchObject({ kind: 'sum-incomplete', to: '0 of 2 services known' });
    expect(kinds(third)).toEqual([
      'all counters-reset table-cleared',
      `${web} counters-reset table-cleared`,
      '192.0.2.2_80 counters-reset table-cleared',
    ]);
    expect([conns(third, web), conns(third, 'all')]).toEqual([NaN, NaN]);
  });

  test('that is missing twice is gone since the first time, and is back when it returns', () => {
    const on = [service(100, [server(1, 100)])];
    const [, , third, fourth, fifth] = run([on, [], [], [], on]);
    expect(kinds(third)).toEqual([`${web} gone`]);
    expect(third?.archives.map(({ name, goneS }) => [name, goneS])).toEqual([
      [web, startS + 300],
      [`${web}/10.0.0.1_80`, startS + 300],
    ]);
    expect([...(fourth?.readings[0]?.values ?? [])]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(kinds(fifth)).toEqual(['all sum-incomplete', `${web} back`]);
    const back = fifth?.readings.find(({ archive }) => archive === web);
    expect(back?.sinceS).toBe(startS);
    expect(back?.values.every(Number.isNaN)).toBe(true);
    expect([...(fifth?.readings[0]?.values ?? [])]).toEqual([5, 7, NaN, NaN, NaN, NaN, NaN]);
  });

  test("that appears adds its count to the director's growth", () => {
    const old = (n: number) => service(n, [], 2);
    const [, second] = run([[old(10)], [old(25), service(1000, [server(1, 1000)])]]);
    expect(conns(second, 'all')).toBe(1015);
    expect(conns(second, web)).toBeNaN();
    expect(kinds(second)).toEqual([`${web} appeared`]);
  });

  test('reports each change once', () => {
    const edited = { ...service(1, [server(1, 1, { weight: 0, forwarding: 'Route' })]), scheduler: 'rr', flags: 'ops' };
    const [, second, third] = run([[service(1, [server(1, 1)])], [edited], [edited]]);
    expect(second?.events.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['scheduler-changed', 'wlc', 'rr'],
      ['flags-changed', '', 'ops'],
      ['weight-changed', '1', '0'],
      ['forwarding-changed', 'Masq', 'Route'],
    ]);
    expect(second?.archives.map(({ name }) => name)).toEqual([web, `${web}/10.0.0.1_80`]);
    expect(third?.events).toEqual([]);
    expect(third?.archives).toEqual([]);
  });
});

describe('lines that are read at different moments', () => {
  const heavy = (conns: number, skewBytes: bigint): Counters => ({
    ...counted(conns),
    inBytes: 800n * BigInt(conns) + skewBytes,
  });

  test("do not turn a small real server's restart into one of its service", () => {
    const first = service(1_000_000, [server(1, 999_990), server(2, 10)]);
    const ahead = { ...server(1, 1_999_990), counters: heavy(1_999_990, 3_000_000n) };
    const [, second] = run([[first], [service(2_000_000, [ahead, server(2, 1)])]]);
    expect([web, `${web}/10.0.0.1_80`].map((name) => conns(second, name))).toEqual([1_000_000, 1_000_000]);
    expect(kinds(second)).toEqual([`${web} counters-reset real-server-re-added`]);
  });
});

describe('a real server', () => {
  test('that leaves is gone at once, and resumes its counters if it returns soon', () => {
    const [, second, third] = run([
      [service(100, [server(1, 60), server(2, 40)])],
      [service(110, [server(1, 70)])],
      [service(130, [server(1, 85), server(2, 45)])],
    ]);
    expect(kinds(second)).toEqual([`${web} real-server-removed`]);
    expect(second?.archives.map(({ name, goneS }) => [name, goneS])).toEqual([[`${web}/10.0.0.2_80`, startS + 300]]);
    expect(kinds(third)).toEqual([`${web} real-server-added`]);
    expect(conns(third, `${web}/10.0.0.2_80`)).toBe(5);
    expect(third?.archives.map(({ name, goneS }) => [name, goneS])).toEqual([[`${web}/10.0.0.2_80`, null]]);
  });

  test('that returns at zero and passed its old value is unknown', () => {
    const [, , third] = run([
      [service(100, [server(1, 60), server(2, 40)])],
      [service(110, [server(1, 70)])],
      [service(175, [server(1, 85), server(2, 50)])],
    ]);
    expect(conns(third, `${web}/10.0.0.2_80`)).toBeNaN();
    expect(kinds(third)).toContain(`${web} counters-reset real-server-re-added`);
  });

  test('that wraps at 32 bits is reported once until its counters restart', () => {
    const wrapping = (packets: bigint, bytes: bigint): RealServerReading => {
      const inPkts = packets % 2n ** 32n;
      return server(1, 0, { counters: { conns: 9n, inPkts, outPkts: 0n, inBytes: bytes, outBytes: 0n } });
    };
    const at = (n: bigint) => {
      // Modulo 2^32, each reading is a sixteenth lower.
      const packets = 15n * 2n ** 28n * n;
      const own = wrapping(packets, 100n * packets);
      return [{ ...service(9, [own]), counters: { ...own.counters, inPkts: packets } }];
    };
    const cycles = run([at(1n), at(2n), at(3n), at(4n), at(0n), at(1n), at(2n)]);
    expect(cycles.map(kinds).slice(1)).toEqual([
      [`${web} counters-wrapped`],
      [],
      [],
      ['all sum-incomplete', `${web} counters-reset re-added-or-zeroed`],
      [],
      [`${web} counters-wrapped`],
    ]);
    expect(cycles[3]?.readings.find(({ archive }) => archive.includes('/'))?.values[3]).toBe(15 * 2 ** 28);
  });

  test('that is away longer than the heartbeat has no rate for that time', () => {
    const away = [service(100, [server(1, 60)])];
    const cycles = run([
      [service(100, [server(1, 60), server(2, 40)])],
      away,
      away,
      away,
      [service(130, [server(2, 70)])],
    ]);
    const back = cycles[4]?.readings.find(({ archive }) => archive === `${web}/10.0.0.2_80`);
    expect(back?.sinceS).toBe(startS);
    expect(back?.values.every(Number.isNaN)).toBe(true);
  });
});

describe('a table', () => {
  const two = (n: number) => [service(n, [server(1, n)]), service(n, [server(2, n)], 2)];
  const boot = (id: string, uptimeS: number): HostClock => ({ bootId: id, uptimeS });

  const loaded = (moduleId: string): HostClock => ({ bootId: 'a', uptimeS: 5000, moduleId });
  const same = [loaded('4711'), loaded('4711')];
  const anew = [loaded('4711'), loaded('5000')];

  test.each<[title: string, hosts: readonly HostClock[], totals: readonly number[], cause: string]>([
    ['that restarted in a recording was either cleared or zeroed', [], [], 'table-cleared-or-zeroed'],
    ["was cleared if the kernel's totals continued", same, [200, 260], 'table-cleared'],
    ["was zeroed if the kernel's totals restarted too", same, [200, 6], 'zeroed'],
    ['was lost with the module if that was reloaded', anew, [200, 6], 'module-reloaded'],
  ])('%s: one event for the director and each service', (_, hosts, totals, cause) => {
    const [, second] = run([two(100), two(3)], hosts, totals.map(counting));
    expect(kinds(second)).toEqual([
      `all counters-reset ${cause}`,
      `${web} counters-reset ${cause}`,
      `192.0.2.2_80 counters-reset ${cause}`,
    ]);
  });

  test('with a single service can be zeroed too', () => {
    const one = (n: number) => [service(n, [server(1, n)])];
    expect(kinds(run([one(100), one(3)], same, [100, 3].map(counting))[1])).toEqual([
      'all counters-reset zeroed',
      `${web} counters-reset zeroed`,
    ]);
    expect(kinds(run([one(100), one(3)], same, [100, 103].map(counting))[1])).toEqual([
      'all sum-incomplete',
      `${web} counters-reset re-added-or-zeroed`,
    ]);
  });

  test('whose module was reloaded is unknown even if nothing fell', () => {
    const [, second] = run([two(100), two(200)], anew, [200, 400].map(counting));
    expect(conns(second, web)).toBeNaN();
  });

  test('after a reboot reports that even if it is still empty', () => {
    const [, second] = run([[], []], [boot('a', 5000), boot('b', 200)]);
    expect(kinds(second)).toEqual(['all counters-reset machine-restarted']);
  });

  test('after a reboot is unknown even if nothing fell', () => {
    const [, second] = run([two(100), two(200)], [boot('a', 5000), boot('b', 200)]);
    expect(conns(second, web)).toBeNaN();
    expect(kinds(second)[0]).toBe('all counters-reset machine-restarted');
  });

  test('that is empty is valid: the director counts zero', () => {
    const [first, second] = run([[], []]);
    expect([...(first?.readings[0]?.values ?? [])]).toEqual([0, 0, NaN, NaN, NaN, NaN, NaN]);
    expect([...(second?.readings[0]?.values ?? [])]).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('the time of a reading', () => {
  const table = { ...emptyState, timeS: startS, host: { bootId: 'a', uptimeS: 1000 } };
  const at = (timeS: number, uptimeS: number | null): Snapshot => ({
    timeS,
    host: uptimeS === null ? null : { bootId: 'a', uptimeS },
    services: [],
  });

  test.each([
    ['the next cycle', at(startS + 300, 1300), 'admitted'],
    ['the same second', at(startS, 1000), 'not-newer'],
    ['an hour ago', at(startS - 3600, 1300), 'not-newer'],
    ['a day later, with or without a suspend', at(startS + 86400, 1300), 'admitted'],
    ['over a day later, confirmed by the uptime', at(startS + 200_000, 201_000), 'admitted'],
    ['years later, against the uptime', at(startS + 10 ** 8, 1300), 'clock-jumped'],
    ['years later, in a recording', at(startS + 10 ** 8, null), 'admitted'],
  ])('of %s is judged', (_, snapshot, verdict) => {
    if (verdict === 'admitted') expect(() => admit(table, snapshot, false)).not.toThrow();
    else expect(() => admit(table, snapshot, false)).toThrow(expect.objectContaining({ code: verdict }));
  });

  test('is accepted if the operator confirms it, but never backwards', () => {
    expect(() => admit(table, at(startS + 10 ** 8, 1300), true)).not.toThrow();
    expect(() => admit(table, at(startS - 1, 1300), true)).toThrow(expect.objectContaining({ code: 'not-newer' }));
  });
});
