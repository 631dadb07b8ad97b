import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseShowStat } from '../../src/collect/haproxy/parse-show-stat.js';
import { type CycleReading, interpretCycle } from '../../src/interpret/interpret.js';
import { type Cycle, emptyState, type KnownState } from '../../src/model/cycle.js';
import { dataSourcesFor } from '../../src/model/kinds/registry.js';
import { parseHaproxyName } from '../../src/model/names/haproxy-name.js';
import type { HaproxyReading } from '../../src/model/snapshot.js';
import { fixturePath } from '../collect/capture.js';

const startS = 1_763_700_000;
const [before, down, reloaded] = ['before.txt', 'down.txt', 'reloaded.txt'].map(
  (name) => parseShowStat(readFileSync(fixturePath(`haproxy/${name}`), 'utf8'), name).reading,
) as [HaproxyReading, HaproxyReading, HaproxyReading];
const fault = { code: 'no-haproxy', message: 'refused' };

/** Interprets readings of HAProxy alone, five minutes apart. */
function run(reads: readonly CycleReading['haproxy'][], table: KnownState = emptyState): readonly Cycle[] {
  let latest = table;
  return reads.map((haproxy, i) => {
    const cycle = interpretCycle(latest, { timeS: startS + 300 * i, host: null, director: null, haproxy });
    latest = cycle.table;
    return cycle;
  });
}

function aged(reading: HaproxyReading, uptimeS: number, pid = 5811): HaproxyReading {
  return { ...reading, process: { pid, uptimeS } };
}

function growthIn(cycle: Cycle | undefined, archive: string, dataSource: string): number {
  const sources = dataSourcesFor(`haproxy-${parseHaproxyName(archive)?.kind ?? 'backend'}`);
  const reading = cycle?.readings.find((one) => one.archive === archive);
  return reading?.values[sources.findIndex(({ name }) => name === dataSource)] ?? Number.NaN;
}

const eventsOf = (cycle: Cycle | undefined) => cycle?.events.map(({ archive, kind }) => `${archive} ${kind}`) ?? [];

describe('HAProxy', () => {
  test('has only gauges at first, then growth too', () => {
    const [first, second] = run([aged(before, 22), aged(down, 322)]);
    expect(growthIn(first, 'haproxy_fe_web', 'Sessions')).toBeNaN();
    expect(growthIn(first, 'haproxy_fe_web', 'CurSessions')).toBe(0);
    expect(growthIn(second, 'haproxy_fe_web', 'Sessions')).toBe(6);
    expect(growthIn(second, 'haproxy_be_web/a%2D1', 'OutBytes')).toBe(6624);
    expect(growthIn(second, 'haproxy_be_tcp_l.x', 'Hrsp2xx')).toBeNaN();
    expect(eventsOf(first)).toContain('haproxy_be_web appeared');
    expect(eventsOf(first)).not.toContain('haproxy_be_web real-server-added');
  });

  test('reports a server that is down with its check, maintenance and weights', () => {
    const [, second] = run([aged(before, 22), aged(down, 322)]);
    const archive = 'haproxy_be_web';
    expect(second?.events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ archive, kind: 'weight-changed', realServer: 'a%2D1', from: '10', to: '5' }),
        expect.objectContaining({
          archive,
          kind: 'status-changed',
          realServer: 'b%3A2',
          from: 'UP',
          to: 'DOWN',
          detail: 'L4CON: Connection refused',
        }),
        expect.objectContaining({ archive: 'haproxy_be_tcp_l.x', realServer: 's', from: 'no check', to: 'MAINT' }),
      ]),
    );
  });

  test('that was reloaded has unknown growth everywhere, even where counters passed their old values', () => {
    const climbed = { ...aged(reloaded, 200, 6282), entries: down.entries };
    for (const [now, cause] of [
      [aged(reloaded, 200, 6282), 'haproxy-reloaded'],
      [climbed, 'haproxy-reloaded'],
      [aged(down, 200), 'haproxy-reloaded'],
      [{ ...reloaded, process: null }, 'haproxy-reloaded-or-cleared'],
      [aged(reloaded, 322), 'haproxy-cleared'],
    ] as const) {
      const [, second] = run([aged(before, 22), now]);
      expect(growthIn(second, 'haproxy_fe_web', 'Sessions')).toBeNaN();
      expect(growthIn(second, 'haproxy_be_web/b%3A2', 'Sessions')).toBeNaN();
      expect(growthIn(second, 'haproxy_fe_web', 'CurSessions')).toBe(0);
      const resets = second?.events.filter(({ kind }) => kind === 'counters-reset') ?? [];
      expect(resets.map((event) => event.archive)).toEqual([
        'haproxy_fe_web',
        'haproxy_be_web',
        'haproxy_fe_stats',
        'haproxy_be_stats',
      ]);
      expect(new Set(resets.map((event) => event.cause))).toEqual(new Set([cause]));
    }
  });

  test('keeps a proxy that is missing once; missing twice, it is gone, and then back', () => {
    const without = (reading: HaproxyReading): HaproxyReading => ({
      ...reading,
      entries: reading.entries.filter(({ id }) => id.proxy !== 'tcp_l.x'),
    });
    const cycles = run([
      aged(before, 22),
      without(aged(before, 322)),
      aged(before, 622),
      without(aged(before, 922)),
      without(aged(before, 1222)),
      aged(before, 1522),
    ]);
    expect(cycles.slice(1).map(eventsOf)).toEqual([
      [],
      [],
      [],
      ['haproxy_fe_tcp_l.x gone', 'haproxy_be_tcp_l.x gone'],
      ['haproxy_fe_tcp_l.x back', 'haproxy_be_tcp_l.x back'],
    ]);
    const [once, twice] = [cycles[1], cycles[4]].map((cycle) =>
      cycle?.archives.find(({ name }) => name === 'haproxy_be_tcp_l.x/s'),
    );
    expect(once).toMatchObject({ lastS: startS, goneS: null });
    expect(twice).toMatchObject({ lastS: startS + 600, goneS: startS + 900 });
  });
});

describe('a server that is missing from one reading', () => {
  const without: HaproxyReading = { ...down, entries: down.entries.filter(({ id }) => id.kind !== 'server') };

  test('was deleted and added, so its counters restarted, whatever their values', () => {
    const [, , third] = run([aged(before, 22), aged(without, 322), aged(down, 622)]);
    expect(growthIn(third, 'haproxy_be_web/a%2D1', 'OutBytes')).toBeNaN();
    expect(growthIn(third, 'haproxy_be_web', 'Sessions')).toBe(0);
    expect(third?.events).toContainEqual(
      expect.objectContaining({ archive: 'haproxy_be_web', realServer: 'a%2D1', kind: 'counters-reset' }),
    );
  });

  test('has known growth from its return', () => {
    const cycles = run([aged(before, 22), aged(without, 322), aged(before, 622), aged(down, 922)]);
    expect(growthIn(cycles[3], 'haproxy_be_web/a%2D1', 'OutBytes')).toBe(6624);
  });
});

describe('a source that fails', () => {
  const lvs = (timeS: number) => ({ timeS, host: null, services: [] });

  test('is reported at the start and end of the failure, and does not affect the other', () => {
    let table = emptyState;
    const kinds: string[][] = [];
    const counts: number[] = [];
    for (const [i, haproxy] of [aged(before, 22), fault, fault, aged(down, 922)].entries()) {
      const timeS = startS + 300 * i;
      const cycle = interpretCycle(table, { timeS, host: null, director: lvs(timeS), haproxy });
      table = cycle.table;
      kinds.push(cycle.events.filter(({ archive }) => archive === 'all').map(({ kind }) => kind));
      counts.push(cycle.readings.length);
    }
    expect(kinds).toEqual([[], ['haproxy-failed'], [], ['haproxy-resumed']]);
    expect(counts).toEqual([10, 1, 1, 10]);
    expect(table.haproxy.failure).toBeNull();
  });

  test('keeps the time of its last reading, and its growth continues from there', () => {
    const first = interpretCycle(emptyState, {
      timeS: startS,
      host: null,
      director: lvs(startS),
      haproxy: aged(before, 22),
    });
    const timeS = startS + 300;
    const failed = { code: 'not-permitted', message: 'no' };
    const second = interpretCycle(first.table, { timeS, host: null, director: failed, haproxy: aged(down, 322) });
    expect(second.table).toMatchObject({ timeS, director: { timeS: startS, failure: { cycles: 1 } } });
    expect(second.archives).toContainEqual({ name: 'all', about: { kind: 'director' }, lastS: startS, goneS: null });
    const lastS = startS + 600;
    const third = interpretCycle(second.table, {
      timeS: lastS,
      host: null,
      director: lvs(lastS),
      haproxy: aged(down, 622),
    });
    expect(third.readings.find(({ archive }) => archive === 'all')).toMatchObject({ sinceS: startS });
    expect(third.archives).toContainEqual({ name: 'all', about: { kind: 'director' }, lastS: null, goneS: null });
    expect(third.table.director.timeS).toBe(lastS);
    expect(third.events.map(({ kind }) => kind)).toEqual(['cycle-resumed']);
    expect(third.previousS).toBe(timeS);
  });

  test('along with the other leaves a cycle without readings', () => {
    const [, second, third] = run([aged(before, 22), fault, aged(before, 622)]);
    expect(second).toMatchObject({ readings: [], archives: [], table: { timeS: startS } });
    expect(growthIn(third, 'haproxy_fe_web', 'Sessions')).toBe(0);
  });
});
