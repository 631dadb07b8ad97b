// The simulated director: a pure function of seed and time, whose counters only grow, and whose traffic could be real.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoHosts } from '../../src/demo/demo-hosts.js';
import { createDirector, type Director } from '../../src/demo/director.js';
import { counterList } from '../../src/interpret/director/growth.js';
import { directorName, isOfDirector, serviceName } from '../../src/model/names/name.js';
import { parseName } from '../../src/model/names/parse-name.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { dayS, endS } from './simulated-history.js';

const epochS = endS - 370 * dayS;
const options = { seed: 11, services: 30, epochS, endS } as const;
/** Its past is worked out once for all tests that only look at it. */
const usual = createDirector(options);
const anyTimeS = fc.integer({ min: epochS - 30 * dayS, max: endS + 90 * dayS });

describe('a table of the simulated director', () => {
  it('depends on seed and time alone, whatever was asked before', () => {
    fc.assert(
      fc.property(fc.array(anyTimeS, { minLength: 8, maxLength: 8 }), (timesS) => {
        const [forwards, backwards] = [createDirector(options), createDirector(options)];
        const later = timesS.toReversed().map((timeS) => backwards.snapshotAt(timeS));
        expect(timesS.map((timeS) => forwards.snapshotAt(timeS))).toEqual(later.toReversed());
      }),
      { numRuns: 3 },
    );
  });

  it('differs from seed to seed', () => {
    const other = createDirector({ ...options, seed: 12 });
    expect(other.snapshotAt(endS)).not.toEqual(usual.snapshotAt(endS));
  });

  it('follows local time', () => {
    const tokyo = createDirector({ ...options, utcOffsetS: 9 * 3600 });
    const office = '198.51.100.30_443';
    const mondayS = endS - (endS % dayS) - 5 * dayS;
    expect(connsAt(usual, office, mondayS + 11 * 3600)).toBeGreaterThan(
      5 * connsAt(tokyo, office, mondayS + 11 * 3600),
    );
    expect(connsAt(tokyo, office, mondayS + 2 * 3600)).toBeGreaterThan(5 * connsAt(usual, office, mondayS + 2 * 3600));
  });

  it('is empty before the machine was there', () => {
    expect(usual.snapshotAt(epochS - 60 * dayS).services).toEqual([]);
  });

  it('has counters that never fall but where they restart', () => {
    const restartsS = new Set(usual.turningTimes());
    fc.assert(
      fc.property(anyTimeS, fc.integer({ min: 1, max: 1200 }), (fromS, lengthS) => {
        const span = [...restartsS].some((timeS) => timeS >= fromS - 300 && timeS <= fromS + lengthS + 300);
        if (span) return;
        const fallen = countersThatFell(usual.snapshotAt(fromS), usual.snapshotAt(fromS + lengthS));
        expect(fallen).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('shows restarts: counters of the whole table fall with the machine', () => {
    const [, restart] = usual.gaps.filter(({ fromS, toS }) => toS - fromS < 1200);
    expect(restart).toBeDefined();
    const before = usual.snapshotAt((restart?.fromS ?? 0) - 60);
    const after = usual.snapshotAt((restart?.toS ?? 0) + 60);
    expect(new Set(countersThatFell(before, after)).size).toBe(before.services.length);
  });

  it('has no more open connections than it counted', () => {
    for (const { realServers, counters } of usual.snapshotAt(endS - dayS / 2).services) {
      const open = realServers.reduce((sum, { activeConn, inActConn }) => sum + activeConn + inActConn, 0);
      expect(BigInt(open)).toBeLessThanOrEqual(counters.conns);
    }
  });

  it('has services that count what their real servers count, where those were always the same', () => {
    const steady = usual.characters.filter(({ story }) => story.changes.length === 0).map(({ id }) => serviceName(id));
    expect(steady.length).toBeGreaterThan(10);
    for (const { id, counters, realServers } of usual.snapshotAt(endS).services) {
      if (!steady.includes(serviceName(id))) continue;
      const missing = realServers.reduce((rest, server) => rest - server.counters.inBytes, counters.inBytes);
      expect(missing >= -1500n * 8n && missing <= 1500n * 8n, serviceName(id)).toBe(true);
    }
  });
});

describe('its traffic', () => {
  const director = createDirector({ ...options, services: 120 });
  const fromS = endS - 40 * dayS;
  const columns = [...halfHours(director, fromS, endS)];

  it('has packets of 40 to 1,500 bytes on the mean of half an hour', () => {
    const isOdd = (pkts: number, bytes: number): boolean => pkts > 100 && !(bytes >= 40 * pkts && bytes <= 1500 * pkts);
    const odd = columns.filter(({ sums }) =>
      sums.some(
        ([, inPkts = 0, outPkts = 0, inBytes = 0, outBytes = 0]) => isOdd(inPkts, inBytes) || isOdd(outPkts, outBytes),
      ),
    );
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  it('has at least about one packet a connection', () => {
    const odd = columns.filter(({ sums }) =>
      sums.some(([conns = 0, inPkts = 0]) => conns > 100 && inPkts < 0.9 * conns),
    );
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  it('is heavy-tailed over the services', () => {
    const totals = columns
      .filter(({ name }) => !name.includes('/') && name !== 'all')
      .map(({ sums }) => sums.reduce((sum, [conns = 0]) => sum + (conns || 0), 0))
      .sort((a, b) => b - a);
    const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
    expect(sumOf(totals.slice(0, 12))).toBeGreaterThan(0.5 * sumOf(totals));
    expect(totals.at(-1)).toBeLessThan((totals[0] ?? 0) / 1000);
  });

  it('shows no answers where replies bypass the director, and as many connections as packets with ops', () => {
    for (const { counters, flags, realServers } of director.snapshotAt(endS).services) {
      const isHidden = flags === 'ops' || realServers.every(({ forwarding }) => forwarding === 'Route');
      expect(counters.outPkts === 0n && counters.outBytes === 0n).toBe(isHidden);
      if (flags === 'ops') expect(counters.conns).toBe(counters.inPkts);
    }
  });

  it('floods one evening with small packets', () => {
    const { timesS = [], sums = [] } = columns.find(({ name }) => name === '192.0.2.10_443') ?? {};
    const rows = sums.map(([, inPkts = 0, , inBytes = 0], i) => ({
      timeS: timesS[i] ?? 0,
      inPkts,
      size: inBytes / inPkts,
    }));
    const usual = rows.map(({ inPkts }) => inPkts).sort((a, b) => a - b)[Math.floor(rows.length / 2)] ?? 0;
    const flood = rows.filter(({ size }) => size < 70);
    expect(flood.length).toBeGreaterThan(2);
    for (const { timeS, inPkts } of flood) {
      expect(inPkts).toBeGreaterThan(3 * usual);
      expect(Math.floor(timeS / dayS)).toBe(Math.floor(endS / dayS) - 2);
      expect(timeS % dayS).toBeGreaterThan(19.5 * 3600);
    }
  });
});

describe('its archives', () => {
  it('have names that can be read back, each once, on documentation addresses', () => {
    const archives = createDirector({ ...options, services: 1500 }).archives();
    expect(new Set(archives.map(({ name }) => name)).size).toBe(archives.length);
    for (const { name } of archives) expect(parseName(name), name).not.toBeNull();
    const vips = archives.filter(({ kind }) => kind === 'service').map(({ name }) => name);
    expect(vips).toHaveLength(1500);
    for (const name of vips) expect(name).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+_|^2001-db8-|^fwm6?_/);
  });

  it('live as long as their readings', () => {
    const director = createDirector({ ...options, services: 20, epochS: endS - 25 * dayS });
    const found = new Map<string, readonly number[]>();
    for (const { name, timesS } of director.history(endS - 25 * dayS, endS)) found.set(name, [...timesS]);
    for (const { name, spans } of director.archives()) {
      const isWithin = (timeS: number): boolean => spans.some((span) => timeS >= span.fromS && timeS < span.toS);
      const expected = director.readingTimes(endS - 25 * dayS, endS).filter(isWithin);
      expect(found.get(name), name).toEqual([...expected]);
      expect(expected.length, name).toBeGreaterThan(0);
    }
  });
});

describe('the hosts file of the demonstration', () => {
  it('names every address', () => {
    const hosts = demoHosts(usual);
    expect(hosts).toContain('192.0.2.10\twww.example.com example.com shop.example.com\n');
    expect(hosts).toContain('2001:db8::10\twww.example.com\n');
    const named = new Set(hosts.split('\n').map((line) => line.split('\t')[0]));
    for (const { id } of usual.characters) if (id.kind === 'address') expect(named).toContain(id.address);
  });
});

function connsAt(director: Director, name: string, timeS: number): number {
  const [, , growth = new Float64Array(0)] = director.growthColumns(name, timeS, timeS + 1800).columns;
  return growth.reduce((sum, value) => sum + value, 0);
}

/** Names of services and real servers in both tables with a counter that is smaller in the later one. */
function countersThatFell(before: Snapshot, after: Snapshot): string[] {
  return after.services.flatMap((now) => {
    const was = before.services.find(({ id }) => serviceName(id) === serviceName(now.id));
    if (was === undefined) return [];
    const pairs = now.realServers.map((server) => {
      const old = was.realServers.find(({ id }) => id.address === server.id.address && id.port === server.id.port);
      return [old?.counters ?? server.counters, server.counters] as const;
    });
    return [[was.counters, now.counters] as const, ...pairs].some(([old, own]) =>
      hasFallen(counterList(old), counterList(own)),
    )
      ? [serviceName(now.id)]
      : [];
  });
}

function hasFallen(before: readonly bigint[], after: readonly bigint[]): boolean {
  return after.some((value, i) => value < (before[i] ?? 0n));
}

interface HalfHours {
  readonly name: string;
  readonly timesS: readonly number[];
  /** conns, inPkts, outPkts, inBytes, outBytes. */
  readonly sums: readonly (readonly number[])[];
}

/** Growth of the counters over six readings at a time; what the kernel counts beside its table is left out. */
function* halfHours(director: Director, fromS: number, toS: number): Generator<HalfHours> {
  for (const { name, timesS, columns } of director.history(fromS, toS)) {
    if (name !== directorName && isOfDirector(name)) continue;
    const starts = Array.from({ length: Math.floor(timesS.length / 6) }, (_, i) => 6 * i);
    const sumAt = (column: Float64Array, row: number): number => {
      let sum = 0;
      for (let i = row; i < row + 6; i += 1) sum += column[i] ?? 0;
      return sum;
    };
    const sums = starts.map((row) => columns.slice(2).map((column) => sumAt(column, row)));
    yield { name, timesS: starts.map((row) => timesS[row] ?? 0), sums };
  }
}
