// Listed entries whose values could not be read: they are unknown, neither absent nor gone.

import { describe, expect, test } from 'vitest';
import { interpret } from '../../src/interpret/interpret.js';
import { type Cycle, emptyState } from '../../src/model/cycle.js';
import type { ServiceReading, Snapshot } from '../../src/model/snapshot.js';
import { counted } from './counting.js';

const startS = 1_763_700_000;
const [web, mail] = ['192.0.2.1_80', '192.0.2.2_80'];

/** A service whose real servers have these counts; null omits one from the listing. */
function service(last: number, servers: readonly (number | null)[]): ServiceReading {
  const id = { kind: 'address', protocol: 'tcp', address: `192.0.2.${last}`, port: 80 } as const;
  const realServers = servers.flatMap((conns, i) =>
    conns === null
      ? []
      : [
          {
            id: { address: `10.0.0.${i + 1}`, port: 80 },
            counters: counted(conns),
            forwarding: 'Masq' as const,
            weight: 1,
            activeConn: 5,
            inActConn: 7,
          },
        ],
  );
  const conns = servers.reduce<number>((sum, own) => sum + (own ?? 0), 0);
  return { id, counters: counted(conns), scheduler: 'wlc', flags: '', realServers };
}

function run(snapshots: readonly Pick<Snapshot, 'services' | 'unread'>[]): readonly Cycle[] {
  let table = emptyState;
  return snapshots.map((snapshot, i) => {
    const cycle = interpret(table, { timeS: startS + 300 * i, host: null, ...snapshot });
    table = cycle.table;
    return cycle;
  });
}

/** Active and new connections of an archive; undefined without a reading. */
function valuesOf(cycle: Cycle | undefined, archive: string): readonly (number | undefined)[] | undefined {
  const values = cycle?.readings.find((reading) => reading.archive === archive)?.values;
  return values === undefined ? undefined : [values[0], values[2]];
}

const kinds = (cycle: Cycle | undefined): readonly string[] =>
  (cycle?.events ?? []).map(({ archive, kind, cause }) => [archive, kind, cause].filter(Boolean).join(' '));

describe('an unread service', () => {
  const unread = new Set([web]);
  const cycles = run([
    { services: [service(1, [100]), service(2, [10])] },
    { services: [service(2, [20])], unread },
    { services: [service(2, [30])], unread },
    { services: [service(1, [160]), service(2, [40])] },
    { services: [service(1, [170]), service(2, [50])] },
  ]);

  test('has no reading and no event of its own', () => {
    for (const cycle of cycles.slice(1, 3)) {
      expect(valuesOf(cycle, web)).toBeUndefined();
      expect(valuesOf(cycle, `${web}/10.0.0.1_80`)).toBeUndefined();
      expect(cycle.events.filter(({ archive }) => archive !== 'all')).toEqual([]);
    }
    expect(cycles[1]?.events[0]).toMatchObject({ kind: 'sum-incomplete', to: '1 of 2 services known' });
  });

  test('is reported as missing from the sum at first, and once more if it lasts', () => {
    const there = { services: [service(1, [100]), service(2, [10])] };
    const away = { services: [service(2, [20])], unread };
    const back = { services: [service(1, [160]), service(2, [30])] };
    const lasting = run([there, away, away, away, away, back, back]);
    expect(lasting.map((cycle) => kinds(cycle).filter((line) => line.includes('sum-')))).toEqual([
      [],
      ['all sum-incomplete'],
      ['all sum-incomplete'],
      [],
      [],
      [],
      ['all sum-complete'],
    ]);
  });

  test('makes only the director unknown, connections included', () => {
    expect(valuesOf(cycles[1], 'all')).toEqual([NaN, NaN]);
    expect(valuesOf(cycles[1], mail)).toEqual([5, 10]);
  });

  test('keeps the time of the last reading in its archives, written once', () => {
    const away = [web, `${web}/10.0.0.1_80`].map((name) => [name, startS, null]);
    expect(cycles[1]?.archives.map(({ name, lastS, goneS }) => [name, lastS, goneS])).toEqual(away);
    expect(cycles[2]?.archives).toEqual([]);
    const back = [web, `${web}/10.0.0.1_80`].map((name) => [name, null, null]);
    expect(cycles[3]?.archives.map(({ name, lastS, goneS }) => [name, lastS, goneS])).toEqual(back);
    expect(cycles[4]?.archives).toEqual([]);
  });

  test('resumes from its last reading when it can be read again', () => {
    const back = cycles[3]?.readings.find(({ archive }) => archive === web);
    expect([back?.sinceS, back?.values[2]]).toEqual([startS, 60]);
    expect(valuesOf(cycles[4], 'all')).toEqual([10, 20]);
  });

  test('is unknown afterwards if it was missing before', () => {
    const [, , , third] = run([
      { services: [service(1, [100]), service(2, [10])] },
      { services: [service(2, [20])] },
      { services: [service(2, [30])], unread },
      { services: [service(1, [160]), service(2, [40])] },
    ]);
    expect(valuesOf(third, web)).toEqual([5, NaN]);
    expect(kinds(third)).not.toContain(`${web} gone`);
  });
});

describe('an unread real server', () => {
  const unread = new Set([`${web}/10.0.0.2_80`]);
  const cycles = run([
    { services: [service(1, [100, 50])] },
    { services: [{ ...service(1, [130, null]), counters: counted(210) }], unread },
    { services: [service(1, [150, 110])] },
  ]);

  test("is not removed, and makes its service's connections unknown", () => {
    expect(kinds(cycles[1])).toEqual([]);
    expect(valuesOf(cycles[1], web)).toEqual([NaN, 60]);
    expect(valuesOf(cycles[1], `${web}/10.0.0.1_80`)).toEqual([5, 30]);
    expect(valuesOf(cycles[1], `${web}/10.0.0.2_80`)).toBeUndefined();
    expect(valuesOf(cycles[1], 'all')).toEqual([NaN, 60]);
  });

  test("that came or went during the reading makes its service's connections unknown too", () => {
    const [, torn] = run([{ services: [service(1, [100])] }, { services: [{ ...service(1, [130]), lacks: 'named' }] }]);
    expect(valuesOf(torn, web)).toEqual([NaN, 30]);
  });

  test('resumes from its last reading', () => {
    const back = cycles[2]?.readings.find(({ archive }) => archive === `${web}/10.0.0.2_80`);
    expect([back?.sinceS, back?.values[2]]).toEqual([startS, 60]);
    expect(valuesOf(cycles[2], web)).toEqual([10, 50]);
    expect(kinds(cycles[2])).toEqual([]);
  });
});
