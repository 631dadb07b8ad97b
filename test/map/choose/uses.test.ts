// Who uses a virtual address: where agents see it, where they cannot, and where the table has no such service.

import { describe, expect, test } from 'vitest';
import { wholeMap } from '../../../src/map/choose/choice.js';
import { mapOf } from '../../../src/map/choose/map-of.js';
import { askedVip } from '../../../src/map/choose/uses.js';
import { countUses } from '../../../src/map/count-uses.js';
import { usesLines, usesRecord } from '../../../src/map/format/uses-text.js';
import { buildGraph } from '../../../src/map/graph/build-graph.js';
import type { MapInput, MapService } from '../../../src/map/map-input.js';
import type { Series } from '../../../src/model/series.js';
import { StoreError } from '../../../src/store/store-error.js';
import { agent, edgesOf, input, service } from '../small-fleet.js';

const tcp = service('192.0.2.53:53', 'Route', '10.0.1.1:53');
const udp: MapService = { ...tcp, id: { kind: 'address', protocol: 'udp', address: '192.0.2.53', port: 53 } };
const mark: MapService = { ...tcp, id: { kind: 'mark', mark: 7, family: 'ipv4' } };
const table = [tcp, udp, mark];

/** An archive of two rows of each data source. */
function sourceOf(rows: Readonly<Record<string, readonly [number, number]>>) {
  const asked: string[] = [];
  const fetch = async ({
    name,
    cf,
    startS,
    endS,
  }: {
    name: string;
    cf: Series['cf'];
    startS: number;
    endS: number;
  }) => {
    asked.push(name);
    const columns = Object.values(rows).map((own) => Float64Array.from(own));
    return { name, cf, stepS: 300, pdpS: 300, startS, endS, lastS: endS, dataSources: Object.keys(rows), columns };
  };
  return { asked, fetch };
}

const idle = sourceOf({ ActiveConn: [0, 0], InActConn: [0, 0], Conns: [0, 0], InPkts: [0, 0] });
const busy = sourceOf({ ActiveConn: [0, 0], InActConn: [30, 32], Conns: [0.25, 0.35], InPkts: [Number.NaN, 8] });
const silent = sourceOf({
  ActiveConn: [Number.NaN, 0],
  InActConn: [0, 0],
  Conns: [0, 0],
  InPkts: [Number.NaN, Number.NaN],
});

async function usesOf(some: Partial<MapInput>, vip: string, source = idle, isNow = true) {
  const asked = askedVip(buildGraph(input(some)), vip);
  return countUses(asked, { source, timeS: 1_795_271_760, isNow });
}

const edges = (some: Partial<MapInput>, vip: string) =>
  edgesOf(mapOf(buildGraph(input(some)), { ...wholeMap, question: { kind: 'uses', vip } }));

describe('a service whose users agents cannot see', () => {
  test.each([
    ['192.0.2.53:53/udp', '192.0.2.53:53/udp: its users are unknown, since agents report TCP only.'],
    ['mark 7', 'mark 7: its users are unknown, since agents see no firewall marks; only those are shown'],
  ])('%s says so', async (vip, begins) => {
    const [line, ...more] = usesLines(await usesOf({ services: table }, vip));
    expect(line).toContain(begins);
    expect(more).toEqual([]);
  });

  test.each([
    [
      'is in use',
      busy,
      'It is in use now: the director counted 31 open connections, 0.3 new ones/s, 8 packets/s in the last 10 minutes.',
    ],
    ['is idle', idle, 'The director counted no connection and no packet in the last 10 minutes: it is not in use now.'],
    ['has no counters', silent, "The director's counters of the last 10 minutes are unknown."],
  ])('that %s has the counters of the director', async (_, source, ends) => {
    const [line = ''] = usesLines(await usesOf({ services: table }, '192.0.2.53:53/udp', source));
    expect(line.slice(-ends.length)).toBe(ends);
  });

  test('has its counters of an earlier hour', async () => {
    const [line] = usesLines(await usesOf({ services: table }, 'fwm_7', busy, false));
    expect(line).toMatch(/It was in use: the director counted .* in the 10 minutes before\.$/);
  });

  test('is beside one of TCP at the same port, whose users are on the map', async () => {
    const { asked, fetch } = sourceOf({ ActiveConn: [1, 1], InActConn: [0, 2] });
    const report = await usesOf({ services: table }, '192.0.2.53', { asked, fetch });
    expect(asked).toEqual(['192.0.2.53_53_udp']);
    expect(usesRecord(report)).toMatchObject({
      vip: '192.0.2.53',
      isService: true,
      services: [
        { service: '192.0.2.53:53', archive: '192.0.2.53_53', users: 'reported', inUse: null, counters: null },
        {
          ...{ service: '192.0.2.53:53/udp', archive: '192.0.2.53_53_udp', users: 'unknown', inUse: true },
          counters: { overS: 600, connections: 2, connsPerS: null, packetsPerS: null },
        },
      ],
      says: [expect.stringContaining('192.0.2.53:53/udp: its users are unknown')],
    });
  });

  test('has unknown counters if it has no archive yet; other trouble is reported', async () => {
    const failing = (code: 'no-such-archive' | 'corrupt') => ({
      asked: [],
      fetch: () => Promise.reject(new StoreError(code, code)),
    });
    const [line] = usesLines(await usesOf({ services: table }, 'mark 7', failing('no-such-archive')));
    expect(line).toContain('are unknown.');
    await expect(usesOf({ services: table }, 'mark 7', failing('corrupt'))).rejects.toThrow('corrupt');
  });
});

describe('an address that is no virtual service', () => {
  const app = agent('app1', ['out 10.0.9.9 192.0.2.80 443 4', 'out 10.0.9.9 192.0.2.80 80 2'], { role: 'app' });
  const webs = ['web1', 'web2'].map((name, i) =>
    agent(name, [`in 192.0.2.80 198.19.1.0/24 443 7`, `in 10.0.1.${i + 1} 198.19.1.0/24 22 1`], { role: 'web' }),
  );

  test('has users after its service was removed, by the address alone', async () => {
    const some = { services: table, agents: [app, ...webs] };
    expect(edges(some, '192.0.2.80')).toEqual(['host:app1 > host:192.0.2.80 6']);
    expect(usesLines(await usesOf(some, '192.0.2.80'))).toEqual([
      '192.0.2.80 is no virtual service now. Hosts that have the address: web1, web2. The map shows who is connected to it.',
    ]);
    expect(usesLines(await usesOf(some, '192.0.2.80:443'))).toEqual([
      expect.stringMatching(
        / The map shows who is connected to it\. Connections to all ports of the address are shown\.$/,
      ),
    ]);
  });

  test('is that of a host', async () => {
    const some = { agents: [app, ...webs.slice(0, 1)] };
    expect(edges(some, '192.0.2.80')).toEqual(['clients:198.19.1.0/24 > host:web1 8', 'host:app1 > host:web1 6']);
    expect(usesLines(await usesOf(some, '192.0.2.80', idle, false))).toEqual([
      '192.0.2.80 is no virtual service at that hour. The address belongs to web1. The map shows all that is connected to that host.',
    ]);
  });

  test('is a port of one that has other services', async () => {
    const some = { services: [service('192.0.2.80:8080', 'Route', '10.0.1.1:8080')], agents: [app] };
    expect(edges(some, '192.0.2.80:443')).toEqual(['host:app1 > service:192.0.2.80:443 4']);
    expect(usesLines(await usesOf(some, '192.0.2.80:443'))).toEqual([
      '192.0.2.80:443 is no virtual service now. The map shows who is connected to it.',
    ]);
    expect(usesLines(await usesOf(some, '192.0.2.80'))).toEqual([]);
  });

  test('has no users', async () => {
    expect(edges({ services: table }, '[2001:db8::1]:443')).toEqual([]);
    const report = await usesOf({ services: table }, '[2001:db8::1]:443');
    expect(usesRecord(report)).toEqual({
      vip: '[2001:db8::1]:443',
      isService: false,
      services: [],
      says: ['[2001:db8::1]:443 is no virtual service now. No connection to it is reported.'],
    });
  });

  test.each(['mark 8', 'fwm_8', 'www01', '192.0.2', '192.0.2.1:99999', ''])('is not "%s", which is refused', (vip) => {
    expect(() => askedVip(buildGraph(input({ services: table })), vip)).toThrow(`there is no virtual service "${vip}"`);
  });
});
