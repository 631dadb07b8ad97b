// Services whose counters restarted and passed their old values: the kernel's totals reveal them, as narrowly as possible.

import { describe, expect, test } from 'vitest';
import { mayHideRestart, suspectsOf } from '../../../src/interpret/director/suspects.js';
import { interpret } from '../../../src/interpret/interpret.js';
import { beforeOf, type Cycle, emptyState, type KnownState } from '../../../src/model/cycle.js';
import type { KernelReading, ServiceReading, Snapshot } from '../../../src/model/snapshot.js';
import { counted, kernelOf } from '../../model/counting.js';

const startS = 1_763_700_000;

/** The connection counters of each service and of the kernel's totals. */
interface Moment {
  readonly services: readonly (number | null)[];
  readonly total: number;
  readonly kernel?: Partial<KernelReading>;
  readonly rest?: Partial<Snapshot>;
}

const nameOf = (i: number): string => `192.0.2.${i + 1}_80`;

function serviceOf(conns: number, i: number): ServiceReading {
  const id = { kind: 'address', protocol: 'tcp', address: `192.0.2.${i + 1}`, port: 80 } as const;
  return { id, counters: counted(conns), scheduler: 'rr', flags: '', realServers: [] };
}

function snapshotOf({ services, total, kernel, rest }: Moment, i: number): Snapshot {
  const there = services.flatMap((conns, at) => (conns === null ? [] : [serviceOf(conns, at)]));
  return { timeS: startS + 300 * i, host: null, services: there, kernel: kernelOf(total, kernel), ...rest };
}

function run(moments: readonly Moment[]): { readonly cycles: readonly Cycle[]; readonly table: KnownState } {
  let table = emptyState;
  const cycles = moments.map((moment, i) => {
    const cycle = interpret(table, snapshotOf(moment, i));
    table = cycle.table;
    return cycle;
  });
  return { cycles, table };
}

/** New connections of each service and the director in the newest cycle; NaN if unknown. */
function growths({ cycles }: ReturnType<typeof run>): Readonly<Record<string, number | undefined>> {
  const readings = cycles.at(-1)?.readings ?? [];
  return Object.fromEntries(readings.slice(0, -4).map(({ archive, values }) => [archive, values[2]]));
}

function eventsOf({ cycles }: ReturnType<typeof run>): readonly string[] {
  const events = cycles.at(-1)?.events ?? [];
  return events.map(({ archive, kind, cause }) => [archive, kind, cause].filter(Boolean).join(' '));
}

const unknown = Number.NaN;

describe('when the totals grew by more than the services', () => {
  test.each<[title: string, before: Moment, now: Moment, growths: readonly number[], events: readonly string[]]>([
    [
      'by all their old counts, the table was cleared',
      { services: [34, 34, 0], total: 1000 },
      { services: [60, 60, 0], total: 1120 },
      [unknown, unknown, 0, unknown],
      [
        'all counters-reset table-cleared',
        '192.0.2.1_80 counters-reset table-cleared',
        '192.0.2.2_80 counters-reset table-cleared',
      ],
    ],
    [
      'and others fell, those that rose were cleared too',
      { services: [5000, 4000, 34], total: 10_000 },
      { services: [60, 50, 70], total: 10_180 },
      [unknown, unknown, unknown, unknown],
      [
        'all counters-reset table-cleared',
        '192.0.2.1_80 counters-reset table-cleared',
        '192.0.2.2_80 counters-reset table-cleared',
        '192.0.2.3_80 counters-reset table-cleared',
      ],
    ],
    [
      'only a service with a smaller old count is suspected',
      { services: [50_000, 20, 900], total: 60_000 },
      { services: [50_300, 60, 960], total: 60_420 },
      [300, unknown, 60, unknown],
      ['all sum-incomplete', '192.0.2.2_80 counters-reset perhaps-restarted'],
    ],
    [
      'several with smaller old counts are all suspected',
      { services: [50_000, 20, 15], total: 60_000 },
      { services: [50_300, 60, 40], total: 60_390 },
      [300, unknown, unknown, unknown],
      [
        'all sum-incomplete',
        '192.0.2.2_80 counters-reset perhaps-restarted',
        '192.0.2.3_80 counters-reset perhaps-restarted',
      ],
    ],
    [
      'a service that stands still or had no count is not suspected',
      { services: [50_000, 20, 0], total: 60_000 },
      { services: [50_300, 20, 40], total: 60_370 },
      [300, 0, 40, 340],
      [],
    ],
    [
      'a new service explains its own count',
      { services: [50_000, 20], total: 60_000 },
      { services: [50_300, 25, 70], total: 60_375 },
      [300, 5, unknown, 375],
      ['192.0.2.3_80 appeared'],
    ],
    [
      'a service that was added again explains the rest',
      { services: [50_000, 20, 7000], total: 60_000 },
      { services: [50_300, 25, 10], total: 60_415 },
      [300, 5, unknown, unknown],
      ['all sum-incomplete', '192.0.2.3_80 counters-reset re-added-or-zeroed'],
    ],
    [
      'a service that left explains the rest',
      { services: [50_000, 20, 7000], total: 60_000 },
      { services: [50_300, 25, null], total: 60_415 },
      [300, 5, unknown],
      ['all sum-incomplete'],
    ],
    [
      'a service that left without a count explains nothing',
      { services: [20, 7000, 0], total: 60_000 },
      { services: [60, 7000, null], total: 60_120 },
      [unknown, 0, unknown],
      ['all sum-incomplete', '192.0.2.1_80 counters-reset perhaps-restarted'],
    ],
    [
      'refreshes explain what a busy director counts in seconds',
      { services: [500_000, 20], total: 600_000 },
      { services: [530_000, 60], total: 630_500 },
      [30_000, 40, 30_040],
      [],
    ],
    [
      'frozen counters prove nothing',
      { services: [34, 34], total: 1000 },
      { services: [60, 60], total: 1120, kernel: { isEstimating: false } },
      [unknown, unknown, unknown],
      ['all counters-frozen'],
    ],
    [
      'an unread entry may explain it',
      { services: [34, 34, 100], total: 1000 },
      { services: [60, 60, null], total: 1120, rest: { unread: new Set(['192.0.2.3_80']) } },
      [26, 26, unknown],
      ['all sum-incomplete'],
    ],
  ])('%s', (_, before, now, expected, events) => {
    const result = run([before, now]);
    const names = now.services.flatMap((conns, i) => (conns === null ? [] : [nameOf(i)]));
    expect(growths(result)).toEqual(Object.fromEntries([...names, 'all'].map((name, i) => [name, expected[i]])));
    expect(eventsOf(result)).toEqual(events);
  });
});

describe('a service that was missing from an earlier reading', () => {
  const before: readonly Moment[] = [
    { services: [22, 0, 0], total: 200 },
    { services: [22, null, 0], total: 210 },
  ];

  test('does not explain later counts', () => {
    const result = run([...before, { services: [60, null, 0], total: 330 }]);
    expect(growths(result)).toMatchObject({ '192.0.2.1_80': unknown, all: unknown });
  });

  test('explains its own count from zero when it returns', () => {
    const result = run([
      { services: [500, 40, 30], total: 5000 },
      { services: [510, null, 32], total: 5012, rest: { isAbsenceSure: true } },
      { services: [520, 60, 34], total: 5084 },
    ]);
    expect(growths(result)).toEqual({ '192.0.2.1_80': 10, '192.0.2.2_80': unknown, '192.0.2.3_80': 2, all: unknown });
    expect(eventsOf(result)).toContain('192.0.2.2_80 counters-reset service-re-added');
  });
});

describe('all counters were zeroed', () => {
  test.each<[title: string, moments: readonly Moment[]]>([
    [
      'although the totals passed their old values, as the processors reveal',
      [
        { services: [6, 6, 6], total: 18 },
        { services: [30, 30, 30], total: 18 + 100, kernel: { totals: counted(90) } },
      ],
    ],
    [
      'before each reading, so that they are zero',
      [
        { services: [0, 0], total: 900, kernel: { totals: counted(0) } },
        { services: [0, 0], total: 900 + 370, kernel: { totals: counted(0) } },
      ],
    ],
    [
      'at each reading, although some services count more each time',
      [
        { services: [300, 50], total: 350 },
        { services: [310, 60], total: 350 + 370, kernel: { totals: counted(370) } },
      ],
    ],
  ])('%s', (_, moments) => {
    const result = run(moments);
    expect(eventsOf(result)[0]).toBe('all counters-reset zeroed');
    expect(Object.values(growths(result)).every(Number.isNaN)).toBe(true);
  });

  test('is not reported for counters that lag behind the processors by a refresh', () => {
    const result = run([
      { services: [60_000], total: 60_000 },
      { services: [90_000], total: 90_200, kernel: { totals: counted(90_000) } },
    ]);
    expect(eventsOf(result)).toEqual([]);
  });
});

describe('a difference that a burst may explain', () => {
  const before: Moment = { services: [9000, 20], total: 10_000 };
  // One connection in four seconds on average, and 11 per second now.
  const ratesPerS = counted(11);
  const now: Moment = { services: [9050, 60], total: 10_110, kernel: { ratesPerS } };

  test('requires a second reading, a smaller one does not', () => {
    const { table } = run([before]);
    expect(suspectsOf(beforeOf(table, table.director), snapshotOf(now, 1)).names.size).toBe(0);
    expect(mayHideRestart(beforeOf(table, table.director), snapshotOf(now, 1))).toBe(true);
    expect(mayHideRestart(beforeOf(table, table.director), snapshotOf({ ...now, total: 10_090 }, 1))).toBe(false);
  });

  test.each<[title: string, later: Moment, suspects: readonly string[]]>([
    [
      'is a restart if hardly anything is counted during a refresh',
      { services: [9051, 60], total: 10_111, kernel: { ratesPerS, earlier: kernelOf(10_110) } },
      ['192.0.2.2_80'],
    ],
    [
      'is no restart if the services catch up',
      { services: [9070, 60], total: 10_112, kernel: { ratesPerS, earlier: kernelOf(10_110) } },
      [],
    ],
  ])('%s', (_, later, suspects) => {
    const { table } = run([before]);
    expect([...suspectsOf(beforeOf(table, table.director), snapshotOf(later, 1)).names]).toEqual(suspects);
    expect(mayHideRestart(beforeOf(table, table.director), snapshotOf(later, 1))).toBe(false);
  });
});
