// The part of the map that is shown, and folding.

import { describe, expect, test } from 'vitest';
import { type MapChoice, wholeMap } from '../../src/map/choose/choice.js';
import { mapOf } from '../../src/map/choose/map-of.js';
import { buildGraph } from '../../src/map/graph/build-graph.js';
import type { FleetGraph } from '../../src/map/graph/fleet-graph.js';
import { topologyOf } from '../../src/model/topology/topology.js';
import { agent, edgesOf, idsOf, input, link, service, topologyWith } from './small-fleet.js';

const topology = topologyWith([
  ['lb1', '10.0.0.1', 'lb'],
  ['web1', '10.0.1.1', 'web'],
  ['web2', '10.0.1.2', 'web'],
  ['web10', '10.0.1.10', 'web'],
  ['db1', '10.0.2.1', 'db'],
  ['db2', '10.0.2.2', 'db'],
]);

const graph = buildGraph(
  input({
    topology,
    services: [
      service('192.0.2.1:80', 'Route', '10.0.1.1:80', '10.0.1.2:80'),
      service('192.0.2.3:3306', 'Route', '10.0.2.1:3306'),
      service('192.0.2.3:3307', 'Route', '10.0.2.2:3307'),
    ],
    agents: [
      agent('lb1', ['out 10.0.0.1 203.0.113.9 443 1'], {
        links: [link('10.0.1.1', { isLost: true }), link('10.0.1.2')],
      }),
      agent('web1', [
        'in 192.0.2.1 198.51.100.0/24 80 6',
        'out 10.0.1.1 192.0.2.3 3306 2',
        'out 10.0.1.1 10.0.2.2 22 1',
      ]),
      agent('web2', ['in 192.0.2.1 198.51.100.0/24 80 4', 'out 10.0.1.2 192.0.2.3 3306 3']),
      agent('web10', ['out 10.0.1.10 10.0.1.1 22 1']),
      agent('db1', ['in 192.0.2.3 10.0.1.0/24 3306 5']),
    ],
  }),
);

const map = (choice: Partial<MapChoice>, of: FleetGraph = graph) => mapOf(of, { ...wholeMap, ...choice });

test('folds roles, in the order of clients, services, the topology, and unknown', () => {
  const whole = map({});
  expect(idsOf(whole)).toEqual(['role:clients', 'role:services', 'role:lb', 'role:web', 'role:db', 'role:unknown']);
  expect(whole.nodes[3]).toEqual({
    id: 'role:web',
    kind: 'role',
    role: 'web',
    dc: 'tx',
    group: 'role:web',
    members: ['host:web1', 'host:web2', 'host:web10'],
  });
  expect(edgesOf(whole)).toEqual([
    'role:clients > role:services 10',
    'role:services > role:web 10',
    'role:services > role:db ?',
    'role:lb > role:web 0 2/1/0',
    'role:lb > role:unknown 1',
    'role:web > role:services 5',
    'role:web > role:web 1',
    'role:web > role:db 1',
  ]);
});

test('shows the members of a role one by one', () => {
  const expanded = map({ expand: ['web'] });
  expect(idsOf(expanded).slice(2, 6)).toEqual(['role:lb', 'host:web1', 'host:web2', 'host:web10']);
  expect(edgesOf(expanded)).toContain('role:lb > host:web1 0 1/1/0');
});

test('shows what is between two roles, with the services that both use', () => {
  const between = map({ between: ['web', 'db'], expand: ['services'] });
  expect(idsOf(between)).toEqual(['service:192.0.2.3:3306', 'role:web', 'role:db']);
  expect(edgesOf(between)).toEqual([
    'service:192.0.2.3:3306 > role:db 5',
    'role:web > service:192.0.2.3:3306 5',
    'role:web > role:db 1',
  ]);
  expect(edgesOf(map({ between: ['lb', 'db'] }))).toEqual([]);
});

test('hides roles and networks; a host with an address elsewhere stays', () => {
  expect(idsOf(map({ exclude: ['web', '203.0.113.0/24', 'clients'] }))).toEqual([
    'role:services',
    'role:lb',
    'role:db',
  ]);
  const two = buildGraph(input({ agents: [agent('a', ['out 10.0.0.1 10.0.0.2 1 1', 'out 192.0.2.1 10.0.0.3 1 1'])] }));
  expect(idsOf(map({ exclude: ['10.0.0.0/24'], expand: ['no role'] }, two))).toEqual(['host:a']);
});

test('finds nodes by a part of their name or address, with what they talk to', () => {
  expect(edgesOf(map({ search: 'WEB10' }))).toEqual(['host:web10 > role:web 1']);
  expect(idsOf(map({ search: '203.0.113' }))).toEqual(['role:lb', 'host:203.0.113.9']);
  expect(map({ search: 'nothing' })).toEqual({ nodes: [], edges: [] });
});

describe('answers', () => {
  test('who uses an address, or one of its services', () => {
    expect(edgesOf(map({ question: { kind: 'uses', vip: '192.0.2.3' } }))).toEqual([
      'host:web1 > service:192.0.2.3:3306 2',
      'host:web2 > service:192.0.2.3:3306 3',
    ]);
    const unused = map({ question: { kind: 'uses', vip: '192.0.2.3:3307' } });
    expect([idsOf(unused), edgesOf(unused)]).toEqual([['service:192.0.2.3:3307'], []]);
    expect(edgesOf(map({ question: { kind: 'uses', vip: '192.0.2.1:80' } }))).toEqual([
      'clients:198.51.100.0/24 > service:192.0.2.1:80 10',
    ]);
  });

  test('who uses one of several services that share a real server', () => {
    const shared = buildGraph(
      input({
        services: ['192.0.2.1:80', '[2001:db8::1]:80'].map((vip) =>
          service(vip.replace(/[[\]]/g, ''), 'Masq', '10.0.1.1:80'),
        ),
        agents: [agent('web1', ['in 10.0.1.1 198.51.100.0/24 80 6'])],
      }),
    );
    for (const vip of ['2001:db8::1', '[2001:db8:0::1]:80', '[2001:db8::1]']) {
      expect(edgesOf(map({ question: { kind: 'uses', vip } }, shared))).toEqual([
        'clients:198.51.100.0/24 > one-of:192.0.2.1:80 | [2001:db8::1]:80 6',
      ]);
    }
  });

  test('what is in no configuration', () => {
    expect(edgesOf(map({ question: { kind: 'unknown' } }))).toEqual([
      'clients:198.51.100.0/24 > role:services 10',
      'role:lb > host:203.0.113.9 1',
    ]);
  });

  test('what a host takes with it that several services share, with those who use one of them', () => {
    const shared = buildGraph(
      input({
        topology,
        services: [
          service('192.0.2.1:80', 'Masq', '10.0.1.1:80', '10.0.1.2:80'),
          service('192.0.2.2:80', 'Masq', '10.0.1.1:80'),
        ],
        agents: [agent('web1', ['in 10.0.1.1 198.51.100.0/24 80 7'])],
      }),
    );
    const services = new Set(['service:192.0.2.1:80']);
    const question = { kind: 'without', hosts: new Set(['web1']), services } as const;
    expect(edgesOf(map({ question }, shared))).toEqual([
      'role:clients > one-of:192.0.2.1:80 | 192.0.2.2:80 ?',
      'one-of:192.0.2.1:80 | 192.0.2.2:80 > host:web1 7',
      'service:192.0.2.1:80 > host:web1 ?',
      'role:services > host:web1 ?',
    ]);
  });

  test('what a host that is no real server talks to, in both directions', () => {
    const question = { kind: 'without', hosts: new Set(['web10']), services: new Set<string>() } as const;
    expect(edgesOf(map({ question }))).toEqual(['host:web10 > role:web 1']);
    const both = { kind: 'without', hosts: new Set(['db2']), services: new Set<string>() } as const;
    expect(edgesOf(map({ question: both }))).toEqual(['role:services > host:db2 ?', 'role:web > host:db2 1']);
  });

  test('what a host takes with it', () => {
    const question = {
      kind: 'without',
      hosts: new Set(['db1']),
      services: new Set(['service:192.0.2.3:3306']),
    } as const;
    expect(edgesOf(map({ question }))).toEqual([
      'service:192.0.2.3:3306 > host:db1 5',
      'role:web > service:192.0.2.3:3306 5',
    ]);
  });
});

describe('names a service', () => {
  const [web, dns] = [service('192.0.2.1:80', 'Route', '10.0.1.1:80'), service('192.0.2.1:53', 'Route', '10.0.1.1:53')];
  const [six] = [service('192.0.2.9:80', 'Route', '10.0.1.2:80')];
  const named = buildGraph(
    input({
      topology,
      services: [
        web,
        dns,
        { ...dns, id: { kind: 'address', protocol: 'udp', address: '192.0.2.1', port: 53 } },
        { ...six, id: { kind: 'address', protocol: 'tcp', address: '2001:db8::10', port: 443 } },
        { ...six, id: { kind: 'mark', mark: 100, family: 'ipv4' } },
      ],
    }),
  );
  const [tcp53, udp53] = ['service:192.0.2.1:53', 'service:192.0.2.1:53/udp'];

  test.each<readonly [vip: string, ids: readonly string[]]>([
    ['192.0.2.1', ['service:192.0.2.1:53', udp53, 'service:192.0.2.1:80']],
    ['192.0.2.1:53', [tcp53, udp53]],
    ['192.0.2.1:53/udp', [udp53]],
    ['192.0.2.1:53/tcp', [tcp53]],
    ['192.0.2.1_53', [tcp53]],
    ['192.0.2.1_53_udp', [udp53]],
    ['[2001:db8:0::10]:443', ['service:[2001:db8::10]:443']],
    ['2001:db8::10', ['service:[2001:db8::10]:443']],
    ['2001-db8--10_443', ['service:[2001:db8::10]:443']],
    ['mark 100', ['service:mark 100']],
    ['fwm_100', ['service:mark 100']],
  ])('as %s', (vip, ids) => {
    expect(idsOf(map({ question: { kind: 'uses', vip } }, named)).toSorted()).toEqual(ids.toSorted());
  });
});

describe('refuses', () => {
  test.each<readonly [what: string, choice: Partial<MapChoice>, says: string]>([
    [
      'a role that is not there',
      { expand: ['webb'] },
      'no role "webb" on the map: the roles are clients, services, lb, web',
    ],
    ['another one', { between: ['web', 'x'] }, 'there is no role "x"'],
    ['one role twice', { between: ['web', 'web'] }, 'nothing is between "web" and itself: name two roles'],
    ['neither a role nor a network', { exclude: ['webb'] }, 'cannot exclude "webb": it is no role on the map'],
    ['a network that is not one', { exclude: ['10.0.0.1/24'] }, 'it is not the first address of its network'],
    ['a mark that is not there', { question: { kind: 'uses', vip: 'mark 9' } }, 'no virtual service "mark 9"'],
  ])('%s', (_, choice, says) => {
    expect(() => map(choice)).toThrow(says);
  });
});

test('networks hide hosts all of whose addresses are inside, by networks of any length and family', () => {
  const topology = topologyOf([
    { host: 'both', addresses: ['10.9.1.1', '2001:db8:9::1'], dc: null, rack: null, role: 'x' },
    { host: 'one', addresses: ['10.9.1.2'], dc: null, rack: null, role: 'x' },
  ]);
  if ('problem' in topology) throw new Error(topology.problem);
  const connections = ['out 10.0.0.1 10.9.1.1 80 1', 'out 10.0.0.1 2001:db8:9::1 80 1', 'out 10.0.0.1 10.9.1.2 80 1'];
  const of = buildGraph(input({ topology, agents: [agent('a', connections)] }));
  const shown = (...exclude: readonly string[]) =>
    idsOf(map({ exclude, expand: ['x'] }, of)).filter((id) => id.startsWith('host:') && id !== 'host:a');
  expect(shown()).toEqual(['host:both', 'host:one']);
  expect(shown('10.9.0.0/16')).toEqual(['host:both']);
  expect(shown('10.9.1.2', '10.8.0.0/16')).toEqual(['host:both']);
  expect(shown('10.9.1.1/32', '2001:db8::/32')).toEqual(['host:one']);
  expect(shown('10.9.1.0/24', '2001:db8:9::1')).toEqual([]);
  expect(shown('10.9.1.128/25', '2001:db8:a::/48')).toEqual(['host:both', 'host:one']);
});
