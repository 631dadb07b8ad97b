// Pages one by one: how long they are held, what is folded into what, and what is reported when a rack is back.

import { describe, expect, test } from 'vitest';
import type { OwnEvidence } from '../../../src/interpret/paging/own-evidence.js';
import type { Finding, FindingKind } from '../../../src/model/finding/finding.js';
import { standardPaging } from '../../../src/model/policy/paging.js';
import { noTopology, type TopologyEntry, topologyOf } from '../../../src/model/topology/topology.js';
import { startS } from '../findings/cycles.js';
import { PagedDirector, type Rack, racked } from './paged-director.js';

const racks: readonly Rack[] = [
  { rack: 'a', octets: [1, 2, 3, 4] },
  { rack: 'b', octets: [11, 12, 13, 14] },
];
const octets = racks.flatMap((own) => own.octets);
const services = [1, 2, 3].map((port) => [port, octets] as const);

const newDirector = (): PagedDirector => new PagedDirector(racked(racks), services);

function kill(director: PagedDirector, ...some: readonly number[]): void {
  for (const one of director.serversOn(some)) director.down.set(one, 'weight-0');
}

function revive(director: PagedDirector, ...some: readonly number[]): void {
  for (const one of director.serversOn(some)) director.down.delete(one);
}

function hostIn(dc: string, octet: number): TopologyEntry {
  return { host: `h${octet}`, addresses: [`10.0.0.${octet}`], rack: null, dc, role: null };
}

function finding(kind: FindingKind, subject: string, archives = [subject]): Finding {
  return { kind, subject, archives, severity: 'critical', sinceS: startS, numbers: { text: 'x', state: 'stopped' } };
}

describe('a page is held', () => {
  test.each([
    ['a real server', ['1/1'], ['server/10.0.0.1_80'], 2],
    ['a real server of several services', ['1/1', '2/1'], ['server/10.0.0.1_80'], 2],
    ['a host', ['1/1', '2/1', '3/1'], ['host/h1'], 1],
    ['a service', octets.map((octet) => `1/${octet}`), ['service/192.0.2.1_1'], 1],
    ['a part of a service', [1, 2, 11, 12].map((octet) => `1/${octet}`), ['service/192.0.2.1_1'], 1],
    ['a rack', [1, 2, 3, 4].flatMap((octet) => [`1/${octet}`, `2/${octet}`, `3/${octet}`]), ['rack/tx/a'], 0],
  ])('for the time of %s', (_, down, identities, cycles) => {
    const director = newDirector();
    for (const one of down) director.down.set(one, 'weight-0');
    director.cycle(2);
    while (director.paged.length === 0) director.cycle();
    const [page] = director.state.pages;
    expect(director.paged).toEqual(identities);
    expect(director.director.timeS - (page?.sinceS ?? Number.NaN)).toBe(300 * cycles);
  });

  test('for the time that the policy says', () => {
    const policy = { ...standardPaging, hostHoldS: 60 };
    const director = new PagedDirector(racked(racks), services, policy);
    kill(director, 1);
    director.cycle(2);
    director.step(59);
    expect(director.paged).toEqual([]);
    director.step(60);
    expect(director.paged).toEqual(['host/h1']);
  });

  test('and dropped if its cause ends before', () => {
    const director = newDirector();
    kill(director, 1);
    director.cycle(2);
    revive(director, 1);
    director.cycle(6);
    expect([director.said, director.state.pages]).toEqual([[], []]);
  });
});

test('without a topology a host is its address', () => {
  const director = new PagedDirector(noTopology, services);
  kill(director, 1, 2, 3, 4);
  director.cycle(6);
  expect(director.paged).toEqual([1, 2, 3, 4].map((octet) => `host/10.0.0.${octet}`));
});

test('a page that is out is folded into that of the rack, under which its alert is listed', () => {
  const director = newDirector();
  kill(director, 2);
  director.cycle(4);
  kill(director, 1, 3, 4);
  director.cycle(2);
  expect(director.said).toEqual(['page host/h2', 'page rack/tx/a', 'folded host/h2']);
  const [rack, host] = director.state.pages;
  expect([rack?.stage, host?.stage, host?.into]).toEqual(['out', 'listed', rack?.page.id]);
  expect(rack?.page).toMatchObject({
    severity: 'critical',
    title: 'rack tx/a: 4 hosts with 12 real servers of 3 services are down',
    hosts: ['h1', 'h2', 'h3', 'h4'],
  });
  // Hosts drained in one reading are one finding.
  expect(rack?.page.alerts.map(({ text }) => text)).toEqual([
    expect.stringContaining('10.0.0.2: weight 1 to 0 in 3 services'),
    expect.stringContaining('10.0.0.1 and 2 other hosts: weight 1 to 0 in 3 services'),
  ]);
});

test('a second cause inside a dead rack is reported when the rack is back, under the id that it had', () => {
  const director = newDirector();
  kill(director, 2);
  director.cycle(4);
  const before = director.deliveries[0]?.page.id;
  kill(director, 1, 3, 4);
  director.cycle(10);
  revive(director, 1, 3, 4);
  director.cycle(2);
  expect(director.said.slice(3)).toEqual([]);
  director.cycle();
  expect(director.said.slice(3)).toEqual(['page host/h2', 'resolved rack/tx/a']);
  expect(director.deliveries.findLast(({ kind }) => kind === 'page')?.page.id).toBe(before);
  director.cycle(10);
  revive(director, 2);
  director.cycle(4);
  expect(director.said.slice(5)).toEqual(['resolved host/h2']);
});

test('a cause that began inside a dead rack is reported when the rack is back', () => {
  const director = newDirector();
  kill(director, 1, 2, 3, 4);
  director.cycle(10);
  revive(director, 1, 2, 3, 4);
  director.down.set('2/3', 'weight-0');
  director.cycle(10);
  expect(director.said).toEqual(['page rack/tx/a', 'page server/10.0.0.3_80', 'resolved rack/tx/a']);
});

test.each([
  ['one by one, without some of its hosts', [1, 2], ['page host/h3', 'page host/h4', 'resolved rack/tx/a']],
  ['at once, without a host', [[1, 2, 3]], ['page host/h4', 'resolved rack/tx/a']],
] as const)('a rack whose real servers were removed comes back %s', (_, turns, said) => {
  // The first service stands in this rack alone.
  const director = new PagedDirector(racked(racks), [[9, [1, 2, 3, 4]], ...services]);
  for (const one of director.serversOn([1, 2, 3, 4])) director.down.set(one, 'removed');
  director.cycle(8);
  for (const back of turns) {
    revive(director, ...[back].flat());
    director.cycle();
  }
  director.cycle(8);
  expect(director.said).toEqual(['page rack/tx/a', ...said]);
  revive(director, 1, 2, 3, 4);
  director.cycle(4);
  expect(director.said.slice(1 + said.length).toSorted()).toEqual(
    said.flatMap((one) => (one.startsWith('page') ? [one.replace('page', 'resolved')] : [])),
  );
});

test('a page does not end while its findings change their kind', () => {
  // Two services are in the dead rack as a whole, until an operator adds a real server elsewhere.
  const spare = (port: number): readonly [number, readonly number[]] => [port, [1, 2, 3, 4, 11]];
  const director = new PagedDirector(racked(racks), [spare(8), spare(9)]);
  for (const port of [8, 9]) director.down.set(`${port}/11`, 'removed');
  director.cycle(300);
  director.deliveries.length = 0;
  kill(director, 1, 2, 3, 4);
  director.cycle(4);
  expect(director.director.found).toEqual(['service-without-server 192.0.2.1_8', 'service-without-server 192.0.2.1_9']);
  revive(director, 11);
  director.cycle();
  expect(director.director.found).toEqual([]);
  director.cycle(8);
  expect(director.said).toEqual(['page rack/tx/a']);
  revive(director, 1, 2, 3, 4);
  director.cycle(2);
  expect(director.said).toEqual(['page rack/tx/a', 'resolved rack/tx/a']);
});

test('a page is over after the hold of a real server if its real servers are no longer wanted', () => {
  const director = newDirector();
  kill(director, 1);
  director.cycle(4);
  expect(director.said).toEqual(['page host/h1']);
  for (const one of director.serversOn([1])) director.down.set(one, 'removed');
  director.cycle(3);
  expect([director.director.found, director.said]).toEqual([[], ['page host/h1']]);
  director.cycle(2);
  expect([director.said, director.state.pages]).toEqual([['page host/h1', 'resolved host/h1'], []]);
});

test('a real server that left before its service lost the others is folded into the page of the service', () => {
  const director = newDirector();
  director.down.set('1/1', 'removed');
  director.cycle(5);
  expect(director.said).toEqual(['page server/10.0.0.1_80']);
  for (const octet of octets) director.down.set(`1/${octet}`, 'removed');
  director.cycle(5);
  expect(director.said.slice(1)).toEqual(['page service/192.0.2.1_1', 'folded server/10.0.0.1_80']);
  expect(director.state.pages[0]?.page.title).toBe('192.0.2.1:1: 8 real servers on 8 hosts are down');
});

test('a rack that comes back and dies again is one page', () => {
  const director = newDirector();
  for (let i = 0; i < 5; i += 1) {
    kill(director, 1, 2, 3, 4);
    director.cycle(2);
    revive(director, 1, 2, 4);
    director.cycle();
  }
  expect(director.said).toEqual(['page rack/tx/a']);
});

test('real servers that only one service has on their hosts are a fault of that service', () => {
  const dedicated = new PagedDirector(racked(racks), [
    [1, [1, 2, 11, 12]],
    [2, [3, 4, 13, 14]],
  ]);
  kill(dedicated, 1, 2, 11, 12);
  dedicated.cycle(5);
  expect(dedicated.paged).toEqual(['service/192.0.2.1_1']);
});

test('a data centre of which nothing works is one page', () => {
  const director = newDirector();
  kill(director, ...octets);
  director.cycle(5);
  expect(director.paged).toEqual(['dc/tx']);
  expect(director.state.pages[0]?.page.title).toBe(
    'data centre tx: 8 hosts with 24 real servers of 3 services are down',
  );
});

test('a data centre without racks is one page once nothing of it works, and its hosts are pages before', () => {
  const all = topologyOf([
    ...[1, 2, 3, 4].map((octet) => hostIn('tx', octet)),
    ...[11, 12, 13, 14].map((octet) => hostIn('ny', octet)),
  ]);
  if ('problem' in all) throw new Error(all.problem);
  const director = new PagedDirector(all, services);
  kill(director, 1, 2, 3);
  director.cycle(4);
  expect(director.paged).toEqual(['host/h1', 'host/h2', 'host/h3']);
  kill(director, 4);
  director.cycle(3);
  expect(director.said.slice(3)).toEqual(['page dc/tx', 'folded host/h1', 'folded host/h2', 'folded host/h3']);

  const other = new PagedDirector(all, services);
  kill(other, 1, 2, 3, 4);
  other.cycle(5);
  expect(other.paged).toEqual(['dc/tx']);
});

test('hosts that died by and by are a fault of their rack once nothing of it works', () => {
  const director = newDirector();
  for (const octet of [1, 2, 3]) {
    kill(director, octet);
    director.cycle(12);
  }
  expect(director.paged).toEqual(['host/h1', 'host/h2', 'host/h3']);
  kill(director, 4);
  director.cycle(3);
  expect(director.said.slice(3)).toEqual(['page rack/tx/a', 'folded host/h1', 'folded host/h2', 'folded host/h3']);
});

describe('evidence of its own', () => {
  const ofRack: OwnEvidence = {
    level: 'rack',
    place: { rack: 'tx/a', dc: 'tx' },
    finding: finding('counters-frozen', 'rack/tx/a'),
  };
  const ofHost = (host: string): OwnEvidence => ({
    level: 'host',
    place: { host, rack: 'tx/a', dc: 'tx' },
    finding: finding('counters-frozen', `host/${host}`),
  });

  test('of a rack that comes last takes in a host that is held', () => {
    const director = newDirector();
    kill(director, 1);
    director.cycle(2);
    director.own = [ofRack];
    director.step(299);
    director.cycle(3);
    expect(director.paged).toEqual(['rack/tx/a']);
  });

  test('of a host in a dead rack is listed under the rack, though it carries no real server', () => {
    const director = newDirector();
    kill(director, 1, 2, 3, 4);
    director.own = [ofHost('db1')];
    director.cycle(5);
    expect(director.paged).toEqual(['rack/tx/a']);
    expect(director.state.pages[0]?.page.alerts.map(({ id }) => id)).toContain(`counters-frozen/host/db1@${startS}`);
  });

  test('of hosts makes their rack the cause', () => {
    const director = newDirector();
    director.own = ['db1', 'db2', 'db3', 'db4'].map(ofHost);
    director.cycle(2);
    expect(director.paged).toEqual(['rack/tx/a']);
  });

  test('of a host outweighs a table that has it', () => {
    const director = newDirector();
    director.own = [ofHost('h1')];
    director.cycle(3);
    expect(director.paged).toEqual(['host/h1']);
    expect(director.state.pages[0]?.page).toMatchObject({ servers: 3, services: 3 });
    director.own = [];
    director.cycle();
    expect(director.said).toEqual(['page host/h1', 'resolved host/h1']);
  });
});

describe('a finding that is no evidence', () => {
  test('pages alone', () => {
    const director = newDirector();
    director.others = [finding('collecting', 'all')];
    director.cycle(4);
    expect(director.paged).toEqual(['alone/collecting/all']);
    expect(director.state.pages[0]?.page.title).toContain('collecting has stopped');
  });

  test('is listed under the cause that broke its service, and reported when it outlives that', () => {
    const director = newDirector();
    kill(director, 1, 2, 3, 4);
    const collapsed = finding('traffic-collapsed', '192.0.2.1_1');
    director.others = [collapsed];
    director.cycle(8);
    expect(director.paged).toEqual(['rack/tx/a']);
    expect(director.state.pages[0]?.page.alerts[0]?.id).toBe(`traffic-collapsed/192.0.2.1_1@${startS}`);
    revive(director, 1, 2, 3, 4);
    director.cycle(6);
    expect(director.said.slice(1)).toEqual(['resolved rack/tx/a', 'page alone/traffic-collapsed/192.0.2.1_1']);
  });

  test('of lower severity than a warning never pages', () => {
    const director = newDirector();
    director.others = [{ ...finding('chains-long', 'all/table'), severity: 'notice' }];
    director.cycle(8);
    expect(director.state.pages).toEqual([]);
  });
});

test('a pool that is emptied by removals is explained by the rack that held it, after a restart too', () => {
  const director = new PagedDirector(racked(racks), [[9, [1, 2]], ...services]);
  for (const one of director.serversOn([1, 2, 3, 4])) director.down.set(one, 'removed');
  director.cycle(5);
  expect(director.paged).toEqual(['rack/tx/a']);
  expect(director.state.pages[0]?.page.alerts.map(({ text }) => text)).toContain(
    '192.0.2.1:9: no real server: connections are refused',
  );
});
