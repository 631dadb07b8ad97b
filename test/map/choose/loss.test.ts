// The loss of a host, a rack or a data centre, on maps whose hosts the topology, agents, or a data file know.

import { describe, expect, test } from 'vitest';
import { lossOf } from '../../../src/map/choose/loss.js';
import { lossHeadline, lossLines, lossRows, placeLossRecord } from '../../../src/map/format/loss-text.js';
import { buildGraph } from '../../../src/map/graph/build-graph.js';
import type { AddedNode, MapInput } from '../../../src/map/map-input.js';
import { placedPools } from '../../../src/map/placed-pools.js';
import type { DirectorGroup } from '../../../src/model/policy/redundancy.js';
import { topologyOf } from '../../../src/model/topology/topology.js';
import { agent, input, service, topologyWith } from '../small-fleet.js';

const services = [
  service('203.0.113.5:80', 'Route', '10.0.1.1:80', '10.0.1.2:80'),
  service('203.0.113.5:443', 'Route', '10.0.1.1:443', '10.0.1.9:443'),
];
const pools = new Map([
  ['203.0.113.5_80', new Map(Object.entries({ '10.0.1.1_80': 1, '10.0.1.2_80': 1 }))],
  ['203.0.113.5_443', new Map(Object.entries({ '10.0.1.1_443': 1, '10.0.1.9_443': 0 }))],
]);
const dr1 = agent('dr1', ['in 10.0.1.1 198.19.1.0/24 22 1']);

function added(name: string, addresses: readonly string[], dc: string | null = null): MapInput['added'] {
  const node: AddedNode = { name, role: null, dc, addresses, at: 'more.yaml:1:1' };
  return { nodes: [node], edges: [] };
}

function askedOf(some: Partial<MapInput>, name: string, groups: readonly DirectorGroup[] = []) {
  const of = input({ services, ...some });
  const directors = { own: 'lb1', groups };
  const ground = { graph: buildGraph(of), topology: of.topology, directors };
  return lossOf({ ...ground, pools: placedPools(pools, ground) }, name);
}

/** The services that lose something: `203.0.113.5:80 1 of 2, 1 left`. */
function lossesOf(some: Partial<MapInput>, name: string): readonly string[] {
  return lossRows(askedOf(some, name).report).map((row) => `${row.service} ${row.loses}, ${row.left} left`);
}

const both = ['203.0.113.5:80 1 of 2, 1 left', '203.0.113.5:443 1 of 1, 0 left'];

describe('a host is lost with its real servers', () => {
  const listed = topologyOf([{ host: 'web1', addresses: ['10.0.1.0/28'], rack: 'r1', dc: 'tx', role: 'web' }]);
  if ('problem' in listed) throw new Error(listed.problem);

  test.each<[what: string, some: Partial<MapInput>, name: string, host: string]>([
    ['which only its agent knows', { agents: [dr1] }, 'dr1', 'dr1'],
    ['by an address that only its agent knows', { agents: [dr1] }, '10.0.1.1', 'dr1'],
    ['which only the data file knows', { added: added('app9', ['10.0.1.1']) }, 'app9', 'app9'],
    ['by an address of the data file', { added: added('app9', ['10.0.1.1']) }, '10.0.1.1', 'app9'],
    ['which nothing but the table knows', {}, '10.0.1.1', '10.0.1.1'],
    [
      'by the agent where the data file says otherwise',
      { agents: [dr1], added: added('app9', ['10.0.1.1']) },
      'dr1',
      'dr1',
    ],
    [
      'by the topology where its agent says otherwise',
      { agents: [dr1], topology: topologyWith([['web1', '10.0.1.1', 'web']]) },
      '10.0.1.1',
      'web1',
    ],
  ])('%s', (_, some, name, host) => {
    expect(lossesOf(some, name)).toEqual(both);
    expect(askedOf(some, name).report.place).toEqual({ level: 'host', name: host });
  });

  test("which loses nothing if the data file claims an address that is an agent's", () => {
    expect(lossesOf({ agents: [dr1], added: added('app9', ['10.0.1.1']) }, 'app9')).toEqual([]);
  });

  test('which the topology lists by a network, with all that is in it', () => {
    expect(lossesOf({ topology: listed }, 'web1')).toEqual([
      '203.0.113.5:80 2 of 2, 0 left',
      '203.0.113.5:443 1 of 1, 0 left',
    ]);
  });

  test("which is the data file's where two agents have its address", () => {
    const agents = [dr1, agent('dr2', ['in 10.0.1.1 198.19.1.0/24 22 1'])];
    expect(lossesOf({ agents, added: added('app9', ['10.0.1.1']) }, 'app9')).toEqual(both);
  });
});

describe('a data centre is lost with its real servers', () => {
  const agents = [{ ...dr1, dc: 'fr' }];

  test('of agents and of the data file', () => {
    const some = { agents, added: added('app9', ['10.0.1.2'], 'tx') };
    expect(lossesOf(some, 'tx')).toEqual(['203.0.113.5:80 1 of 2, 1 left']);
    expect(lossesOf(some, 'fr')).toEqual(both);
    const { question } = askedOf(some, 'tx');
    expect(question).toEqual({
      kind: 'without',
      hosts: new Set(['app9', '10.0.1.2']),
      services: new Set(['service:203.0.113.5:80']),
    });
  });

  test('and what is left is unknown if nobody states where the others stand', () => {
    expect(lossesOf({ agents }, 'fr')).toEqual(['203.0.113.5:80 1 of 2, ? left', '203.0.113.5:443 1 of 1, 0 left']);
  });
});

describe('a host that is no real server is lost', () => {
  const agents = [
    agent('www1', ['out 10.0.1.1 10.0.2.1 3306 5', 'in 10.0.1.1 198.19.1.0/24 22 1'], { role: 'web' }),
    agent('www2', ['out 10.0.1.2 10.0.2.1 3306 7'], { role: 'web' }),
    agent('old1', ['out 10.0.1.9 10.0.2.1 3306 1'], { role: 'old' }),
    agent('mute1', ['out 10.0.1.8 10.0.2.1 3306 1'], { isSilent: true }),
    agent(
      'db1',
      ['in 10.0.2.1 10.0.1.0/24 3306 13', 'in 10.0.2.1 198.19.9.0/24 3306 2', 'out 10.0.2.1 10.0.2.2 3306 4'],
      {
        role: 'db',
      },
    ),
    agent('db2', ['in 10.0.2.2 10.0.2.0/24 3306 4'], { role: 'db' }),
  ];
  const report = (name: string, groups: readonly DirectorGroup[] = []) => askedOf({ agents }, name, groups).report;

  test('with those that are connected to it, and the services that they serve', () => {
    const loss = report('db1');
    expect(lossHeadline(loss)).toBe('Without host db1 no service loses real servers, but 4 nodes are connected to it');
    expect(lossLines(loss)).toEqual([
      '15 connections to it, by role: web (2), clients (1), old (1).',
      'The connections to it of 1 more node are unknown.',
      '2 services have real servers among these: 203.0.113.5:80, 203.0.113.5:443.',
    ]);
    expect(placeLossRecord(loss)).toEqual({
      ...{ level: 'host', name: 'db1', services: [], director: null },
      connected: {
        roles: [
          { role: 'web', nodes: 2 },
          { role: 'clients', nodes: 1 },
          { role: 'old', nodes: 1 },
        ],
        ...{ connections: 15, unsure: 1, services: ['203.0.113.5_80', '203.0.113.5_443'] },
      },
    });
  });

  test('with nobody', () => {
    const loss = report('old1');
    expect(lossLines(loss)).toEqual([]);
    expect(lossHeadline(loss)).toBe(
      'Without host old1 no service loses anything: its real servers have weight 0. The map shows what it talks to.',
    );
  });

  test.each<[what: string, name: string, groups: readonly DirectorGroup[], says: string, line: string]>([
    [
      'this director',
      'lb1',
      [],
      'this director is lost',
      'It is this director: its 2 services end, since "groups" of the policy names no director that could take over.',
    ],
    [
      'this director of a group',
      'lb1',
      [{ name: 'edge', directors: ['lb1', 'lb2'] }],
      'this director is lost',
      'It is this director of the group "edge": its 2 services end unless lb2 takes over.',
    ],
    [
      'its partner',
      'lb2',
      [{ name: 'edge', directors: ['lb1', 'lb2.example.com'] }],
      'a director is lost',
      'It is a director of the group "edge": lb1 would have to do its work. This table has 2 services.',
    ],
  ])('which is %s', (_, name, groups, says, line) => {
    const more = [agent(name, ['in 10.0.5.1 198.19.1.0/24 22 1'])];
    const { report: loss } = askedOf({ agents: more }, name, groups);
    expect(lossHeadline(loss)).toBe(`Without host ${name}, ${says}`);
    expect(lossLines(loss)).toEqual([line, expect.stringContaining('1 connection to it, by role: clients (1).')]);
  });

  test('which is no director though its name begins alike', () => {
    const more = [agent('lb10', ['in 10.0.5.1 198.19.1.0/24 22 1'])];
    expect(askedOf({ agents: more }, 'lb10').report.director).toBeNull();
  });
});
