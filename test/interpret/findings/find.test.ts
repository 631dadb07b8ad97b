// Each kind of finding by what a director shows: when it opens, when it closes, and what is not a fault.

import { describe, expect, test } from 'vitest';
import { interpretFailure } from '../../../src/interpret/interpret.js';
import { findingId } from '../../../src/model/finding/finding.js';
import { findingLine, findingRecord } from '../../../src/model/finding/finding-text.js';
import type { Counters, KernelReading } from '../../../src/model/snapshot.js';
import { type Server, type Service, startS, TestDirector } from './cycles.js';

const dayCycles = 288;
const four: readonly Server[] = [
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 1],
];
const web: Service = { port: 80, servers: four };
const api: Service = { port: 443, servers: four };

function weighted(service: Service, octet: number, weight: number): Service {
  return { ...service, servers: service.servers.map((own) => (own[0] === octet ? [octet, weight] : own)) };
}

function without(service: Service, ...octets: readonly number[]): Service {
  return { ...service, servers: service.servers.filter(([octet]) => !octets.includes(octet)) };
}

describe('a quiet director', () => {
  test('has no finding', () => {
    const director = new TestDirector();
    director.read([web, api], { times: 50 });
    expect(director.table.findings).toBeUndefined();
  });
});

describe('a service without a usable real server', () => {
  test.each<readonly [title: string, service: Service, text: string]>([
    ['no real server', without(web, 1, 2, 3, 4), '192.0.2.1:80: no real server: connections are refused'],
    [
      'all at weight 0',
      { port: 80, servers: four.map(([octet]) => [octet, 0]) },
      '192.0.2.1:80: all 4 real servers have weight 0: new connections are refused',
    ],
  ])('is found at once with %s, alone, and over with the first usable one', (_, broken, text) => {
    const director = new TestDirector();
    director.read([web, api]);
    director.read([broken, api], { times: 3 });
    expect(director.found).toEqual(['service-without-server 192.0.2.1_80']);
    expect(director.open.map(findingLine)).toEqual([text]);
    director.read([without(web, 2, 3, 4), api]);
    expect(director.found).not.toContain('service-without-server 192.0.2.1_80');
  });
});

test('a service whose only real server is at weight 0 is said to have one', () => {
  const director = new TestDirector();
  director.read([without(web, 2, 3, 4)]);
  director.read([{ port: 80, servers: [[1, 0]] }]);
  expect(director.open.map(findingLine)).toEqual([
    '192.0.2.1:80: its only real server has weight 0: new connections are refused',
  ]);
});

describe('a host at weight 0', () => {
  test('is one finding for all of its services, from the second reading, with the weight that it had', () => {
    const director = new TestDirector();
    director.read([web, api]);
    const drained = [weighted(web, 3, 0), weighted(api, 3, 0)];
    director.read(drained);
    expect(director.found).toEqual([]);
    director.read(drained);
    expect(director.found).toEqual(['server-drained host/10.0.0.3']);
    const [finding] = director.open;
    expect(finding).toMatchObject({ sinceS: startS + 300, numbers: { weight: '1', services: 2 } });
    expect(finding && findingLine(finding)).toBe('10.0.0.3: weight 1 to 0 in 2 services: draining, or forgotten');
  });

  test('closes after two readings with a weight', () => {
    const director = new TestDirector();
    director.read([weighted(web, 3, 0)], { times: 2 });
    director.read([web]);
    expect(director.found).toHaveLength(1);
    director.read([web]);
    expect(director.found).toEqual([]);
    expect(director.events).toEqual(['finding-opened server-drained', 'finding-closed server-drained']);
    expect(director.details).toEqual([
      '192.0.2.1_80: 10.0.0.3:80 of 192.0.2.1:80: weight 0: draining, or forgotten',
      '192.0.2.1_80: 10.0.0.3:80 of 192.0.2.1:80: weight 0, over after 15 min',
    ]);
  });

  test('is not found when the weight comes back with the next reading', () => {
    const director = new TestDirector();
    director.read([web]);
    director.read([weighted(web, 3, 0)]);
    director.read([web], { times: 3 });
    expect(director.events).toEqual([]);
  });
});

describe('hosts drained in the same reading', () => {
  const drained = [weighted(weighted(web, 2, 0), 3, 0), weighted(api, 3, 0)];

  test('are one finding, until the last of them has a weight', () => {
    const director = new TestDirector();
    director.read([web, api]);
    director.read(drained, { times: 2 });
    expect(director.found).toEqual(['server-drained host/10.0.0.2']);
    expect(director.open.map(findingLine)).toEqual([
      '10.0.0.2 and 1 other host: weight 1 to 0 in 2 services: draining, or forgotten',
    ]);
    director.read([weighted(web, 3, 0), weighted(api, 3, 0)], { times: 3 });
    expect(director.open.map(findingLine)).toEqual(['10.0.0.3: weight 1 to 0 in 2 services: draining, or forgotten']);
    director.read([web, api], { times: 2 });
    expect(director.events).toEqual(['finding-opened server-drained', 'finding-closed server-drained']);
  });

  test('are apart from one that is drained later, and from those that were at weight 0 when reading began', () => {
    const director = new TestDirector();
    director.read([weighted(weighted(web, 1, 0), 2, 0), api]);
    director.read([weighted(weighted(weighted(web, 1, 0), 2, 0), 3, 0), api], { times: 2 });
    expect(director.found).toEqual([1, 2, 3].map((octet) => `server-drained host/10.0.0.${octet}`));
  });
});

describe('a host that left', () => {
  test('is one finding for all of its services, until it is back', () => {
    const director = new TestDirector();
    director.read([web, api]);
    director.read([without(web, 2), without(api, 2)], { times: 4 });
    expect(director.found).toEqual(['server-left host/10.0.0.2']);
    director.read([web, api], { times: 2 });
    expect(director.found).toEqual([]);
  });

  test('is still the finding of all of its services when there are many, each real server counted once a service', () => {
    const director = new TestDirector();
    const many = Array.from({ length: 30 }, (_, i): Service => ({ port: 8000 + i, servers: four }));
    director.read(many);
    director.read(
      many.map((service) => without(service, 2)),
      { times: 5 },
    );
    const [finding] = director.open;
    expect(finding?.archives).toHaveLength(30);
    expect(finding && findingLine(finding)).toBe('10.0.0.2: left 30 services, whose other real servers stayed');
    expect(finding && findingRecord(finding)).toMatchObject({ archives: { length: 20 }, numbers: { services: 30 } });
  });

  test('is taken to be gone for good after a day', () => {
    const director = new TestDirector();
    director.read([web]);
    director.read([without(web, 2)], { times: dayCycles - 5 });
    expect(director.found).toHaveLength(1);
    director.read([without(web, 2)], { times: 10 });
    expect(director.found).toEqual([]);
  });

  test("is still found after others came back one by one, which take nobody's place", () => {
    const director = new TestDirector();
    director.read([web, api]);
    director.read([without(web, 1, 2, 3), without(api, 1, 2, 3)], { times: 4 });
    director.read([without(web, 2, 3), without(api, 2, 3)]);
    director.read([without(web, 3), without(api, 3)], { times: 4 });
    expect(director.found).toEqual(['server-left host/10.0.0.3']);
  });

  test('is found once others are back, if its service had lost all of them', () => {
    const director = new TestDirector();
    director.read([web, api]);
    director.read([without(web, 1, 2, 3, 4), api], { times: 4 });
    expect(director.found).toEqual(['service-without-server 192.0.2.1_80']);
    director.read([without(web, 2, 3), api]);
    director.read([without(web, 3), api], { times: 2 });
    expect(director.found).toEqual(['server-left host/10.0.0.3']);
    director.read([web, api], { times: 2 });
    expect(director.found).toEqual([]);
  });

  test('has its place taken by one other at most, which takes the place of the one that left last', () => {
    const director = new TestDirector();
    const plus = (service: Service, octet: number): Service => ({
      ...service,
      servers: [...service.servers, [octet, 1]],
    });
    director.read([web, api]);
    director.read([without(web, 1, 2, 3, 4), api]);
    director.read([plus(without(web, 1, 2, 3), 9), api], { times: 3 });
    expect(director.found).toEqual(['server-left host/10.0.0.2', 'server-left host/10.0.0.3']);
    director.read([plus(plus(without(web, 1, 2, 3, 4), 9), 10), api], { times: 3 });
    expect(director.found).toEqual(['server-left host/10.0.0.2', 'server-left host/10.0.0.3']);
  });

  test.each<readonly [title: string, readings: readonly Service[]]>([
    ['it was drained first', [web, weighted(web, 2, 0), without(web, 2)]],
    [
      'others took the places of all, one after the other',
      [
        web,
        { port: 80, servers: [...without(web, 1, 2, 3).servers, [9, 1]] },
        { port: 80, servers: [...without(web, 1, 2, 3).servers, [9, 1], [10, 1], [11, 1]] },
      ],
    ],
    ['another one took its place', [web, { port: 80, servers: [...without(web, 2).servers, [9, 1]] }]],
    ['it came back at once', [web, without(web, 2), web]],
    ['none stayed', [web, without(web, 1, 2, 3, 4)]],
  ])('is not found if %s', (_, readings) => {
    const director = new TestDirector();
    for (const service of readings) director.read([service, api]);
    director.read([readings.at(-1) ?? web, api], { times: 5 });
    expect(director.found.filter((one) => one.startsWith('server-left'))).toEqual([]);
  });
});

describe('a service that left', () => {
  test('is a finding for a day, and over when it is back', () => {
    const director = new TestDirector();
    director.read([web, api]);
    director.read([web], { times: 3 });
    expect(director.found).toEqual(['service-left 192.0.2.1_443']);
    director.read([web, api]);
    expect(director.found).toEqual([]);
  });
});

describe('a share', () => {
  const uneven = { port: 80, servers: [...four.slice(0, 3), [4, 1, 200, 200]] as const };

  test.each(['rr', 'wrr', 'lc', 'wlc'])('that %s does not keep is found after six readings', (scheduler) => {
    const director = new TestDirector();
    director.read([{ ...web, scheduler }], { times: 3 });
    director.read([{ ...uneven, scheduler }], { times: 5 });
    expect(director.found).toEqual([]);
    director.read([{ ...uneven, scheduler }], { times: 1 });
    expect(director.found).toEqual(['share-off 192.0.2.1_80/10.0.0.4_80']);
    expect(director.open[0]?.numbers).toMatchObject({ share: 0.4, fairShare: 0.25 });
  });

  test.each([
    ['the scheduler promises none', { ...uneven, scheduler: 'sh' }],
    ['clients are kept at their servers', { ...uneven, flags: 'persistent 600' }],
    ['the weights say so', { ...uneven, scheduler: 'wrr', servers: [...four.slice(0, 3), [4, 2, 200]] as const }],
    [
      'chance explains it',
      { port: 80, servers: [...four.slice(0, 3).map(([o]) => [o, 1, 6] as const), [4, 1, 9]] as const },
    ],
  ])('is not found if %s', (_, service) => {
    const director = new TestDirector();
    director.read([service], { times: 20 });
    expect(director.found).toEqual([]);
  });
});

function kernelOf(shares: readonly number[], cycle: number, table = { size: 4096, entries: 4096 }): KernelReading {
  const countersOf = (share: number): Counters => {
    const conns = BigInt(Math.round(cycle * 1e6 * share));
    return { conns, inPkts: conns, outPkts: conns, inBytes: conns, outBytes: conns };
  };
  return {
    totals: null,
    ratesPerS: null,
    laterTotals: null,
    processors: new Map(shares.map((share, number) => [number, countersOf(share)])),
    tableSize: table.size,
    tableEntries: table.entries,
    isEstimating: true,
    syncDaemons: '',
  };
}

describe('the kernel', () => {
  test.each<readonly [title: string, shares: readonly number[], found: readonly string[]]>([
    ['one of four processors with 58 %', [0.14, 0.14, 0.58, 0.14], ['processor-overloaded all/cpu_2']],
    ['one of four with 45 %', [0.18, 0.18, 0.45, 0.19], []],
    ['one of two with 80 %', [0.2, 0.8], ['processor-overloaded all/cpu_1']],
    ['the only one', [1], []],
  ])('with %s', (_, shares, found) => {
    const director = new TestDirector();
    for (let cycle = 1; cycle < 9; cycle += 1) director.read([web], { kernel: kernelOf(shares, cycle) });
    expect(director.found).toEqual(found);
  });

  test('whose connections far outnumber its buckets has long chains, after an hour', () => {
    const director = new TestDirector();
    const table = { size: 4096, entries: 40_960 };
    for (let cycle = 1; cycle < 14; cycle += 1) director.read([web], { kernel: kernelOf([0.5, 0.5], cycle, table) });
    expect(director.open.map(findingLine)).toEqual([
      'connection table: 40,960 connections in 4,096 buckets: 10.0 to a chain; load ip_vs with a larger conn_tab_bits',
    ]);
  });
});

describe('the event of a finding', () => {
  test('names its subject, unless that is the archive of the event', () => {
    const director = new TestDirector();
    director.read([web, api]);
    director.read([weighted(web, 3, 0), without(api, 1, 2, 3, 4)], { times: 2 });
    expect(director.details).toEqual([
      '192.0.2.1_443: no real server: connections are refused',
      '192.0.2.1_80: 10.0.0.3:80 of 192.0.2.1:80: weight 1 to 0: draining, or forgotten',
    ]);
  });
});

describe('findings', () => {
  test('stay through a failed cycle, and keep their identity', () => {
    const director = new TestDirector();
    director.read([weighted(web, 3, 0)], { times: 3 });
    const ids = director.open.map(findingId);
    director.take(interpretFailure(director.table, { timeS: director.timeS + 300, code: 'failed', message: 'no' }));
    expect(director.open.map(findingId)).toEqual(ids);
    director.read([weighted(web, 3, 0)], { times: 3 });
    expect(director.open.map(findingId)).toEqual(ids);
    expect(ids).toEqual([`server-drained/host/10.0.0.3@${startS}`]);
  });
});
