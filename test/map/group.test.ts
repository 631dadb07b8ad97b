// Folding by data centre and by rack.

import { expect, test } from 'vitest';
import { type MapChoice, wholeMap } from '../../src/map/choose/choice.js';
import { mapOf } from '../../src/map/choose/map-of.js';
import { cypherText } from '../../src/map/format/cypher.js';
import { buildGraph } from '../../src/map/graph/build-graph.js';
import { topologyOf } from '../../src/model/topology/topology.js';
import { agent, edgesOf, idsOf, input, link, service, topologyWith } from './small-fleet.js';

const topology = topologyOf(
  [
    ['web1', '10.0.1.1', 'tx', 'r2', 'web'],
    ['web2', '10.0.1.2', 'tx', 'r10', 'web'],
    ['db1', '10.0.2.1', 'tx', 'r2', 'db'],
    ['db2', '10.1.2.1', 'fr', 'r2', 'db'],
    ['mon', '10.0.3.1', null, null, 'mon'],
  ].map(([host = '', address = '', dc = null, rack = null, role = null]) => {
    return { host: host ?? '', addresses: [address ?? ''], dc, rack, role };
  }),
);
if ('problem' in topology) throw new Error(topology.problem);

const graph = buildGraph(
  input({
    topology,
    services: [service('192.0.2.1:80', 'Route', '10.0.1.1:80', '10.0.1.2:80')],
    agents: [
      agent('web1', ['in 192.0.2.1 198.51.100.0/24 80 6', 'out 10.0.1.1 10.0.2.1 3306 2'], {
        links: [link('10.1.2.1', { isLost: true })],
      }),
      agent('web2', ['out 10.0.1.2 10.1.2.1 3306 3']),
      agent('mon', ['out 10.0.3.1 10.0.1.1 22 1']),
    ],
  }),
);
const map = (choice: Partial<MapChoice>) => mapOf(graph, { ...wholeMap, ...choice });

test('folds hosts by data centre; clients and services keep their roles in front', () => {
  const folded = map({ by: 'dc' });
  expect(idsOf(folded)).toEqual(['role:clients', 'role:services', 'dc:fr', 'dc:tx', 'dc:unplaced']);
  expect(folded.nodes[3]).toEqual({
    id: 'dc:tx',
    kind: 'dc',
    role: null,
    dc: 'tx',
    group: 'dc:tx',
    members: ['host:web1', 'host:web2', 'host:db1'],
  });
  expect(edgesOf(folded)).toEqual([
    'role:clients > role:services 6',
    'role:services > dc:tx 6',
    'dc:tx > dc:fr 3 1/1/0',
    'dc:tx > dc:tx 2',
    'dc:unplaced > dc:tx 1',
  ]);
});

test('folds hosts by rack, in natural order: racks of two data centres with one name are two', () => {
  const ids = ['role:clients', 'role:services', 'rack:fr/r2', 'rack:tx/r2', 'rack:tx/r10', 'rack:unplaced'];
  expect(idsOf(map({ by: 'rack' }))).toEqual(ids);
});

test('hosts of a role that is that of names have their places; names keep their column', () => {
  const named = topologyOf([
    { host: 'ns1', addresses: ['10.0.4.1'], dc: 'tx', rack: null, role: 'dns' },
    { host: 'web1', addresses: ['10.0.1.1'], dc: 'fr', rack: null, role: 'web' },
  ]);
  if ('problem' in named) throw new Error(named.problem);
  const agents = [agent('web1', ['out 10.0.1.1 10.0.4.1 53 1', 'out 10.0.1.1 203.0.113.1 443 1'])];
  const by = (some: object) =>
    idsOf(mapOf(buildGraph(input({ topology: named, agents, ...some })), { ...wholeMap, by: 'dc' }));
  expect(by({})).toEqual(['dc:fr', 'dc:tx', 'dc:unplaced']);
  const names = [{ name: 'lb', addresses: ['203.0.113.1', '203.0.113.2'] }];
  expect(by({ names })).toEqual(['dc:fr', 'dc:tx', 'role:dns']);
});

test('expands, hides and shows what is between data centres and racks', () => {
  const expanded = map({ by: 'rack', expand: ['tx/r2'], exclude: ['unplaced'] });
  expect(idsOf(expanded)).toEqual([
    'role:clients',
    'role:services',
    'rack:fr/r2',
    'host:web1',
    'host:db1',
    'rack:tx/r10',
  ]);
  expect(expanded.nodes[3]).toMatchObject({ role: 'web', dc: 'tx', group: 'rack:tx/r2' });
  expect(edgesOf(map({ by: 'dc', between: ['tx', 'fr'] }))).toEqual(['dc:tx > dc:fr 3 1/1/0']);
});

test('names the data centres if one is not there', () => {
  expect(() => map({ by: 'dc', expand: ['web'] })).toThrow(
    'there is no data centre "web" on the map: the data centres are clients, services, fr, tx, unplaced',
  );
  expect(() => map({ by: 'rack', exclude: ['nowhere'] })).toThrow('cannot exclude "nowhere": it is no rack on the map');
});

test('gives a graph database the kind of group as the label, if members have several roles', () => {
  const text = cypherText(map({ by: 'dc' }));
  expect(text).toContain(
    "MERGE (n:Node {id: 'dc:tx'}) SET n:`dc`, n.name = 'tx', n.kind = 'dc', n.role = null, n.dc = 'tx', n.members = ['host:web1', 'host:web2', 'host:db1'];",
  );
});

test.each(['services', 'clients', 'dns'])('hosts of a role named "%s" have a column beside that of the map', (role) => {
  const of = buildGraph(
    input({
      services: [service('192.0.2.1:80', 'Route', '10.0.1.1:80')],
      topology: topologyWith([
        ['web1', '10.0.1.1', 'web'],
        ['odd1', '10.0.2.1', role],
      ]),
      agents: [
        agent('odd1', ['out 10.0.2.1 10.0.1.1 22 1', 'out 10.0.2.1 192.0.2.1 80 2', 'out 10.0.2.1 198.18.0.2 443 3']),
        agent('web1', ['in 192.0.2.1 203.0.113.0/24 80 9']),
        agent('stated', ['out 10.0.3.1 10.0.1.1 22 4'], { role }),
      ],
      names: [{ name: 'lb.example.com', addresses: ['198.18.0.1', '198.18.0.2'] }],
      added: { nodes: [{ name: 'added', role, dc: null, addresses: ['10.0.4.1'], at: 'x' }], edges: [] },
    }),
  );
  const own = mapOf(of, wholeMap).nodes.filter(({ id }) => id === `role:${role}/hosts`);
  expect(own.map(({ members }) => members)).toEqual([['host:added', 'host:odd1', 'host:stated']]);
  const folded = mapOf(of, wholeMap).nodes.map(({ id }) => id);
  expect(folded).toEqual(expect.arrayContaining(['role:clients', 'role:dns', 'role:services']));
  const between = mapOf(of, { ...wholeMap, between: [`${role}/hosts`, 'web'] });
  expect(edgesOf(between)).toEqual([
    'role:services > role:web 9',
    `role:${role}/hosts > role:services 2`,
    `role:${role}/hosts > role:web 5`,
  ]);
});

test('a data centre that is named like a column of the map has a name of its own', () => {
  const named = topologyOf([
    { host: 'ns1', addresses: ['10.0.4.1'], dc: 'dns', rack: null, role: 'ns' },
    { host: 'web1', addresses: ['10.0.1.1'], dc: 'services', rack: null, role: 'web' },
  ]);
  if ('problem' in named) throw new Error(named.problem);
  const services = [service('192.0.2.1:80', 'Route', '10.0.1.1:80')];
  const agents = [agent('web1', ['out 10.0.1.1 10.0.4.1 53 1'])];
  const own = buildGraph(input({ topology: named, services, agents }));
  const choice: MapChoice = { ...wholeMap, by: 'dc' };
  expect(idsOf(mapOf(own, choice))).toEqual(['role:services', 'dc:dns/hosts', 'dc:services/hosts']);
  expect(idsOf(mapOf(own, { ...choice, expand: ['services/hosts'] }))).toEqual([
    'role:services',
    'dc:dns/hosts',
    'host:web1',
  ]);
  expect(idsOf(mapOf(own, { ...choice, expand: ['services'] }))).toContain('service:192.0.2.1:80');
});
