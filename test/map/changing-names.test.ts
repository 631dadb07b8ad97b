// Names whose addresses change on the map.

import { describe, expect, test } from 'vitest';
import { buildMap } from '../../src/map/build-map.js';
import { wholeMap } from '../../src/map/choose/choice.js';
import { buildGraph } from '../../src/map/graph/build-graph.js';
import type { MapInput } from '../../src/map/map-input.js';
import { agent, edgesOf, idsOf, input, link, service, topologyWith } from './small-fleet.js';

const lb = { name: 'lb.example.com', addresses: ['203.0.113.1', '203.0.113.2', '203.0.113.3'] };
const web1 = agent('web1', ['out 10.0.1.1 203.0.113.1 443 2', 'out 10.0.1.1 203.0.113.2 443 3'], {
  links: [link('203.0.113.3:443', { isLost: true })],
});

function detail(some: Partial<MapInput>) {
  const given = input({ agents: [web1], names: [lb], ...some });
  return buildMap(given, { ...wholeMap, expand: buildGraph(given).roles });
}

test('a name is one node with the addresses of the day, whichever of them its connections and links have', () => {
  const map = detail({});
  expect(edgesOf(map)).toEqual(['host:web1 > dns:lb.example.com 5 1/1/0']);
  expect(map.nodes.find(({ id }) => id === 'dns:lb.example.com')).toMatchObject({
    kind: 'dns',
    role: 'dns',
    members: lb.addresses,
  });
  expect(
    buildMap(input({ agents: [web1], names: [lb] }), { ...wholeMap, question: { kind: 'unknown' } }).nodes,
  ).toEqual([]);
});

test('a name that nothing connects to is not on the map', () => {
  expect(idsOf(detail({ names: [{ ...lb, addresses: ['203.0.113.8', '203.0.113.9'] }] }))).not.toContain(
    'dns:lb.example.com',
  );
});

describe('a name is left out that has an address', () => {
  test.each<[string, Partial<MapInput>]>([
    ['of the topology', { topology: topologyWith([['own', '203.0.113.3', 'web']]) }],
    ['of an agent', { agents: [web1, agent('own', ['out 203.0.113.3 10.0.9.9 80 1'])] }],
    ['of a real server', { services: [service('192.0.2.1:80', 'Masq', '203.0.113.3:80')] }],
    ['of a virtual service', { services: [service('203.0.113.3:80', 'Masq', '10.0.0.1:80')] }],
    [
      'of the data file',
      {
        added: {
          nodes: [{ name: 'mainframe', role: null, dc: null, addresses: ['203.0.113.3'], at: 'x' }],
          edges: [],
        },
      },
    ],
  ])('%s', (_, some) => {
    const ids = idsOf(detail(some));
    expect(ids).not.toContain('dns:lb.example.com');
    expect(ids).toContain('host:203.0.113.1');
  });
});

test('an address that two names have is neither of them', () => {
  const other = { name: 'www.example.com', addresses: ['203.0.113.2', '203.0.113.9'] };
  expect(edgesOf(detail({ names: [lb, other] }))).toEqual([
    'host:web1 > dns:lb.example.com 2 1/1/0',
    'host:web1 > host:203.0.113.2 3',
  ]);
});

test('the data file may say the role of a name', () => {
  const added = {
    nodes: [{ name: 'dns:lb.example.com', role: 'edge', dc: 'tx', addresses: [], at: 'x' }],
    edges: [],
  };
  const map = detail({ added });
  expect(map.nodes.find(({ id }) => id === 'dns:lb.example.com')).toMatchObject({
    role: 'edge',
    dc: 'tx',
    members: lb.addresses,
  });
});
