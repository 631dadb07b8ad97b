// The map: how connections are attributed to hosts, services and clients.

import { describe, expect, test } from 'vitest';
import { buildMap } from '../../src/map/build-map.js';
import { wholeMap } from '../../src/map/choose/choice.js';
import { buildGraph } from '../../src/map/graph/build-graph.js';
import type { MapInput } from '../../src/map/map-input.js';
import type { FleetAgent } from '../../src/model/map/fleet.js';
import { randomFrom } from '../random.js';
import { agent, edgesOf, idsOf, input, link, service, topologyWith } from './small-fleet.js';

/** The map with all roles expanded. */
function detail(some: Partial<MapInput>) {
  const given = input(some);
  return buildMap(given, { ...wholeMap, expand: buildGraph(given).roles });
}

const topology = topologyWith([
  ['web1', '10.0.1.1', 'web'],
  ['web2', '10.0.1.2', 'web'],
  ['db1', '10.0.2.1', 'db'],
  ['db2', '10.0.2.2', 'db'],
]);

describe('a service with direct routing', () => {
  const services = [service('192.0.2.1:3306', 'Route', '10.0.2.1:3306', '10.0.2.2:3306')];
  const web1 = agent('web1', ['out 10.0.1.1 192.0.2.1 3306 5']);
  const db1 = agent('db1', ['in 192.0.2.1 10.0.1.0/24 3306 3', 'out 10.0.2.1 10.0.2.2 22 1']);
  const db2 = agent('db2', ['in 192.0.2.1 10.0.1.0/24 3306 2']);

  test('leads from the agents that see it to the real servers that have its address', () => {
    expect(edgesOf(detail({ services, topology, agents: [web1, db1, db2] }))).toEqual([
      'service:192.0.2.1:3306 > host:db1 3',
      'service:192.0.2.1:3306 > host:db2 2',
      'host:web1 > service:192.0.2.1:3306 5',
      'host:db1 > host:db2 1',
    ]);
  });

  test('is used by clients without an agent, as far as its real servers see more than agents send', () => {
    const more = agent('db2', ['in 192.0.2.1 10.0.1.0/24 3306 6', 'in 192.0.2.1 203.0.113.0/24 3306 4']);
    const edges = edgesOf(detail({ services, topology, agents: [web1, db1, more] }));
    expect(edges).toContain('clients:10.0.1.0/24 > service:192.0.2.1:3306 4');
    expect(edges).toContain('clients:203.0.113.0/24 > service:192.0.2.1:3306 4');
  });

  test('has an unknown number of connections to a real server that nobody sees, and of clients', () => {
    const agents = [agent('db1', ['in 192.0.2.1 203.0.113.0/24 3306 4'])];
    expect(edgesOf(detail({ services, topology, agents }))).toEqual([
      'clients:203.0.113.0/24 > service:192.0.2.1:3306 ?',
      'service:192.0.2.1:3306 > host:db1 4',
      'service:192.0.2.1:3306 > host:db2 ?',
    ]);
  });

  test('has no connections to a real server that is seen and has none', () => {
    const idle = agent('db2', ['out 10.0.2.2 10.0.2.1 22 1']);
    expect(edgesOf(detail({ services, topology, agents: [db1, idle] }))).toContain(
      'service:192.0.2.1:3306 > host:db2 0',
    );
  });

  test('has unknown connections where agents are silent', () => {
    const agents = [{ ...web1, isSilent: true }, { ...db1, isSilent: true }, db2];
    expect(edgesOf(detail({ services, topology, agents }))).toEqual([
      'service:192.0.2.1:3306 > host:db1 ?',
      'service:192.0.2.1:3306 > host:db2 2',
      'host:web1 > service:192.0.2.1:3306 ?',
      'host:db1 > host:db2 ?',
    ]);
  });

  test('has an unknown number of other clients in the network of a silent agent, or of one that sends more than it reports', () => {
    const seen = agent('db1', ['in 192.0.2.1 10.0.1.0/24 3306 8']);
    const idle = agent('db2', ['out 10.0.2.2 10.0.2.1 22 1']);
    const clientsOf = (sender: FleetAgent) =>
      edgesOf(detail({ services, topology, agents: [sender, seen, idle] })).find((edge) => edge.startsWith('clients:'));
    expect(clientsOf(web1)).toBe('clients:10.0.1.0/24 > service:192.0.2.1:3306 3');
    expect(clientsOf({ ...web1, isSilent: true })).toBe('clients:10.0.1.0/24 > service:192.0.2.1:3306 ?');
    expect(clientsOf({ ...web1, leftOut: 4000 })).toBe('clients:10.0.1.0/24 > service:192.0.2.1:3306 ?');
    const elsewhere = agent('web1', ['out 10.0.1.1 10.0.2.2 22 1'], { leftOut: 1 });
    expect(clientsOf(elsewhere)).toBe('clients:10.0.1.0/24 > service:192.0.2.1:3306 ?');
  });

  test('has an unknown number of connections, not none, where an agent has more than it reports', () => {
    const idle = agent('db2', ['out 10.0.2.2 10.0.2.1 22 1'], { leftOut: 1 });
    const sender = agent('web2', ['out 10.0.1.2 10.0.1.1 22 1'], {
      leftOut: 1,
      links: [link('192.0.2.1'), link('10.0.2.2')],
    });
    const edges = edgesOf(detail({ services, topology, agents: [db1, idle, sender] }));
    expect(edges).toContain('service:192.0.2.1:3306 > host:db2 ?');
    expect(edges).toContain('host:web2 > service:192.0.2.1:3306 ? 1/0/0');
    expect(edges).toContain('host:web2 > host:db2 ? 1/0/0');
  });

  test('does not give its address to the host of a real server', () => {
    const withVip = { ...db1, addresses: ['192.0.2.1', '10.0.2.1'] };
    const other = agent('web2', ['out 10.0.1.2 192.0.2.1 8080 1']);
    expect(edgesOf(detail({ services, topology, agents: [withVip, other] }))).toContain(
      'host:web2 > service:192.0.2.1:8080 1',
    );
  });
});

describe('a service of UDP', () => {
  const tcp = service('192.0.2.53:53', 'Route', '10.0.2.1:53');
  const udp = { ...tcp, id: { ...tcp.id, protocol: 'udp' } as const };
  const web1 = agent('web1', ['out 10.0.1.1 10.0.1.2 22 1'], {
    links: [link('192.0.2.53'), link('10.0.2.1'), link('10.0.2.2')],
  });

  test('has unknown connections over links to it and to its real servers, since agents count TCP only', () => {
    const linked = (one: typeof tcp) =>
      edgesOf(detail({ services: [one], topology, agents: [web1] })).filter((edge) => edge.includes(' 1/0/0'));
    expect(linked(tcp)).toEqual([
      'host:web1 > service:192.0.2.53:53 0 1/0/0',
      'host:web1 > host:db1 0 1/0/0',
      'host:web1 > host:db2 0 1/0/0',
    ]);
    expect(linked(udp)).toEqual([
      'host:web1 > service:192.0.2.53:53/udp ? 1/0/0',
      'host:web1 > host:db1 ? 1/0/0',
      'host:web1 > host:db2 0 1/0/0',
    ]);
  });

  test.each(['192.0.2.53:53/udp', '192.0.2.53:53', '192.0.2.53_53_udp', 'service:192.0.2.53:53/udp'])(
    'is an end of an edge of the data file as %s',
    (to) => {
      const added = { nodes: [], edges: [{ from: 'web1', to, connections: 3, at: 'more.yaml:1:1' }] };
      const edges = edgesOf(detail({ services: [udp], topology, added }));
      expect(edges).toContain('host:web1 > service:192.0.2.53:53/udp 3');
    },
  );
});

describe('a service with masquerading', () => {
  const one = service('192.0.2.1:80', 'Masq', '10.0.1.1:8080', '10.0.1.2:8080');
  const two = service('192.0.2.2:80', 'Masq', '10.0.1.2:8080');
  const web1 = agent('web1', ['in 10.0.1.1 203.0.113.0/24 8080 7']);
  const web2 = agent('web2', ['in 10.0.1.2 203.0.113.0/24 8080 4']);

  test('is found by the address and port of its real server', () => {
    expect(edgesOf(detail({ services: [one], topology, agents: [web1, web2] }))).toEqual([
      'clients:203.0.113.0/24 > service:192.0.2.1:80 11',
      'service:192.0.2.1:80 > host:web1 7',
      'service:192.0.2.1:80 > host:web2 4',
    ]);
  });

  test('is one of several where a real server has several, and is not guessed', () => {
    const map = detail({ services: [one, two], topology, agents: [web1, web2] });
    expect(edgesOf(map)).toEqual([
      'clients:203.0.113.0/24 > one-of:192.0.2.1:80 | 192.0.2.2:80 4',
      'clients:203.0.113.0/24 > service:192.0.2.1:80 7',
      'one-of:192.0.2.1:80 | 192.0.2.2:80 > host:web2 4',
      'service:192.0.2.1:80 > host:web1 7',
      'service:192.0.2.1:80 > host:web2 ?',
      'service:192.0.2.2:80 > host:web2 ?',
    ]);
    expect(map.nodes.find(({ kind }) => kind === 'one-of')?.members).toEqual([
      'service:192.0.2.1:80',
      'service:192.0.2.2:80',
    ]);
  });

  test('has nothing of what agents send straight to its real server', () => {
    const db1 = agent('db1', ['out 10.0.2.1 10.0.1.1 8080 3']);
    const web = agent('web1', ['in 10.0.1.1 10.0.2.0/24 8080 3']);
    expect(
      edgesOf(detail({ services: [service('192.0.2.1:80', 'Masq', '10.0.1.1:8080')], topology, agents: [db1, web] })),
    ).toEqual(['service:192.0.2.1:80 > host:web1 0', 'host:db1 > host:web1 3']);
  });

  test('takes every port where its own is 0', () => {
    const all = service('192.0.2.1:0', 'Masq', '10.0.1.1:0');
    const db1 = agent('db1', ['out 10.0.2.1 192.0.2.1 443 2']);
    expect(edgesOf(detail({ services: [all], topology, agents: [db1, web1] }))).toEqual([
      'clients:203.0.113.0/24 > service:192.0.2.1:0 7',
      'service:192.0.2.1:0 > host:web1 7',
      'host:db1 > service:192.0.2.1:0 2',
    ]);
  });

  test('is found by its firewall mark, and a service of UDP is not', () => {
    const server = { address: '10.0.1.1', port: 8080, forwarding: 'Masq' };
    const services: MapInput['services'] = [
      { id: { kind: 'mark', mark: 7, family: 'ipv4' }, servers: [server] },
      { id: { kind: 'address', protocol: 'udp', address: '192.0.2.9', port: 53 }, servers: [server] },
    ];
    expect(edgesOf(detail({ services, topology, agents: [web1] }))).toEqual([
      'clients:203.0.113.0/24 > service:mark 7 7',
      'service:192.0.2.9:53/udp > host:web1 ?',
      'service:mark 7 > host:web1 7',
    ]);
  });
});

describe('a host', () => {
  test('is that of the topology, of an agent, of the data file, or its address, which is then unknown', () => {
    const agents = [
      agent('cache1', ['out 10.0.3.1 10.0.3.2 6379 1'], { role: 'cache', dc: 'fr' }),
      agent('web1', ['out 10.0.1.1 10.0.3.1 6379 1', 'out 10.0.1.1 10.0.9.9 25 1', 'out 10.0.1.1 10.0.2.1 1 1']),
    ];
    const added = {
      nodes: [{ name: 'mail', role: 'mail', dc: null, addresses: ['10.0.9.9'], at: 'x:1:1' }],
      edges: [],
    };
    const { nodes, edges } = detail({ topology, agents, added });
    expect(nodes.map(({ id, role, dc }) => `${id} ${role} ${dc}`)).toEqual([
      'host:web1 web tx',
      'host:db1 db tx',
      'host:cache1 cache fr',
      'host:mail mail null',
      'host:10.0.3.2 unknown null',
    ]);
    expect(edges).toHaveLength(4);
  });

  test('is not the one of an address that two agents have', () => {
    const bridge = 'in 172.17.0.1 10.9.0.0/24 80 1';
    const agents = [
      agent('a1', ['out 10.0.3.1 172.17.0.1 80 1', bridge]),
      agent('a2', ['out 10.0.3.2 172.17.0.1 80 1', bridge]),
    ];
    expect(edgesOf(detail({ agents }))).toContain('host:a1 > host:172.17.0.1 1');
  });

  test('has links: to hosts, to services by port, and to one of the services of an address', () => {
    const services = [service('192.0.2.1:80', 'Masq', '10.0.2.1:80'), service('192.0.2.1:443', 'Masq', '10.0.2.1:443')];
    const links = [
      link('10.0.2.1', { isLost: true, isStale: true }),
      link('10.0.2.1:22', { isStale: true }),
      link('192.0.2.1:80'),
      link('192.0.2.1'),
    ];
    const web1 = agent('web1', ['out 10.0.1.1 192.0.2.1 80 9'], { links });
    expect(edgesOf(detail({ services, topology, agents: [web1] })).filter((edge) => edge.startsWith('host'))).toEqual([
      'host:web1 > one-of:192.0.2.1:443 | 192.0.2.1:80 0 1/0/0',
      'host:web1 > service:192.0.2.1:80 9 1/0/0',
      'host:web1 > host:db1 0 2/1/1',
    ]);
    const quiet = detail({ topology, agents: [agent('web1', [], { links: [link('10.0.2.1')] })] });
    expect(edgesOf(quiet)).toEqual(['host:web1 > host:db1 ? 1/0/0']);
  });
});

describe('clients', () => {
  const clients = topologyWith([
    ['office', '203.0.113.0/24', null],
    ['partners', '2001:db8::/32', null],
  ]);

  test('have the names that the policy gives to their networks', () => {
    const ins = ['203.0.113.0/24', '2001:db8:1::/48', '198.51.100.0/24'].map((net) => `in 10.0.1.1 ${net} 80 1`);
    const map = detail({ topology, clients, agents: [agent('web1', ins)] });
    expect(edgesOf(map)).toEqual([
      'clients:198.51.100.0/24 > host:web1 1',
      'clients:office > host:web1 1',
      'clients:partners > host:web1 1',
    ]);
    expect(map.nodes[2]?.members).toEqual(['2001:db8:1::/48']);
  });

  test('of IPv6 are matched with agents in their networks', () => {
    const agents = [
      agent('a1', ['out 2001:db8:1:2::9 2001:db8:9::1 80 2']),
      agent('a2', ['in 2001:db8:9::1 2001:db8:1::/48 80 2']),
    ];
    expect(edgesOf(detail({ agents }))).toEqual(['host:a1 > host:a2 2']);
  });
});

describe('the data file', () => {
  const at = 'extra.yaml:3:5';
  const services = [service('192.0.2.1:80', 'Route', '10.0.1.1:80')];

  test('adds nodes and edges, and names whose addresses change', () => {
    const nodes = [
      { name: 'dns:db.example.com', role: 'db', dc: null, addresses: ['198.51.100.7', '198.51.100.8'], at },
      { name: 'robot', role: null, dc: 'fr', addresses: [], at },
    ];
    const edges = [
      { from: 'robot', to: '192.0.2.1:80', connections: null, at },
      { from: 'web2', to: 'dns:db.example.com', connections: 4, at },
    ];
    const web1 = agent('web1', ['out 10.0.1.1 198.51.100.7 3306 1', 'out 10.0.1.1 198.51.100.8 3306 2']);
    expect(edgesOf(detail({ topology, services, agents: [web1], added: { nodes, edges } }))).toEqual([
      'service:192.0.2.1:80 > host:web1 0',
      'host:web1 > dns:db.example.com 3',
      'host:web2 > dns:db.example.com 4',
      'host:robot > service:192.0.2.1:80 ?',
    ]);
  });

  test.each([
    ['an unknown end', { from: 'web9', to: 'web1' }, `${at}: there is no "web9"`],
    ['an edge to itself', { from: 'web1', to: '10.0.1.1' }, `${at}: "web1" and "10.0.1.1" are the same node`],
  ])('is wrong with %s', (_, ends, says) => {
    const added = { nodes: [], edges: [{ ...ends, connections: null, at }] };
    expect(() => detail({ topology, services, added })).toThrow(says);
  });

  test.each([
    ['10.0.1.1', 'the host "web1" of the topology'],
    ['192.0.2.1', 'a virtual service'],
  ])('cannot have %s, an address of %s', (address, owner) => {
    const added = { nodes: [{ name: 'x', role: null, dc: null, addresses: [address], at }], edges: [] };
    expect(() => detail({ topology, services, added })).toThrow(`${at}: ${address} of "x" belongs to ${owner}`);
  });
});

function shuffled<T>(all: readonly T[], seed: number): readonly T[] {
  const random = randomFrom(seed);
  return all
    .map((one) => ({ one, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one);
}

test('is the same whatever the order of agents, services and connections', () => {
  const services = Array.from({ length: 9 }, (_, i) =>
    service(`192.0.2.${i}:80`, i % 2 === 0 ? 'Route' : 'Masq', ...[1, 2, 3].map((j) => `10.0.1.${(i + j) % 5}:80`)),
  );
  const agents = Array.from({ length: 5 }, (_, i) =>
    agent(`a${i}`, [
      ...services.map((_, s) => `in ${s % 2 === 0 ? `192.0.2.${s}` : `10.0.1.${i}`} 203.0.113.0/24 80 ${s + 1}`),
      ...services.map((_, s) => `out 10.0.1.${i} 192.0.2.${s} 80 1`),
    ]),
  );
  const text = JSON.stringify(detail({ services, agents }));
  for (let seed = 1; seed < 20; seed += 1) {
    const other = {
      services: shuffled(services, seed),
      agents: shuffled(agents, seed).map((own) => ({
        ...own,
        connections: shuffled(own.connections.split('\n'), seed).join('\n'),
      })),
    };
    expect(JSON.stringify(detail(other))).toBe(text);
  }
});

test('of nothing is empty', () => {
  expect(buildMap(input({}))).toEqual({ nodes: [], edges: [] });
  expect(idsOf(buildMap(input({ services: [service('192.0.2.1:80', 'Masq')] })))).toEqual(['role:services']);
});

describe('a port of a virtual address that no service has', () => {
  const services = [service('192.0.2.1:80', 'Route', '10.0.1.1:80')];
  const some = {
    services,
    topology,
    agents: [
      agent('web2', ['out 10.0.1.2 192.0.2.1 8080 2']),
      agent('web1', ['in 192.0.2.1 203.0.113.0/24 22 3', 'in 192.0.2.1 10.0.1.0/24 8080 2']),
    ],
  };

  test('is a node that is in no configuration, between those who use it and the host where they end', () => {
    const map = detail(some);
    expect(edgesOf(map)).toEqual([
      'clients:203.0.113.0/24 > service:192.0.2.1:22 3',
      'service:192.0.2.1:80 > host:web1 0',
      'host:web2 > service:192.0.2.1:8080 2',
      'service:192.0.2.1:22 > host:web1 3',
      'service:192.0.2.1:8080 > host:web1 2',
    ]);
    expect(map.nodes.filter(({ role }) => role === 'unknown').map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      'service:192.0.2.1:22 virtual-service',
      'service:192.0.2.1:8080 virtual-service',
    ]);
  });

  test('is part of the answer to what is unknown, and to who uses the address', () => {
    const unknown = buildMap(input(some), { ...wholeMap, question: { kind: 'unknown' } });
    expect(edgesOf(unknown)).toContain('role:web > service:192.0.2.1:8080 2');
    const users = buildMap(input(some), { ...wholeMap, question: { kind: 'uses', vip: '192.0.2.1' } });
    expect(edgesOf(users)).toEqual([
      'clients:203.0.113.0/24 > service:192.0.2.1:22 3',
      'host:web2 > service:192.0.2.1:8080 2',
    ]);
  });

  test('is no end for an edge of a data file', () => {
    const added = { nodes: [], edges: [{ from: 'db1', to: '192.0.2.1:8080', connections: 1, at: 'x:1:1' }] };
    expect(() => buildGraph(input({ ...some, added }))).toThrow('x:1:1: there is no "192.0.2.1:8080"');
  });

  test('is a service where one of port 0 takes every port', () => {
    const all = [service('192.0.2.1:0', 'Route', '10.0.1.1:0')];
    expect(edgesOf(detail({ ...some, services: all }))).toContain('host:web2 > service:192.0.2.1:0 2');
  });
});
