// The order of columns: those that come and go with single nodes do not move the others.

import { describe, expect, test } from 'vitest';
import { wholeMap } from '../../src/map/choose/choice.js';
import { mapOf } from '../../src/map/choose/map-of.js';
import { buildGraph } from '../../src/map/graph/build-graph.js';
import type { MapInput } from '../../src/map/map-input.js';
import type { MapAxis } from '../../src/model/map/fleet-map.js';
import { agent, idsOf, input, service, topologyWith } from './small-fleet.js';

const topology = topologyWith([
  ['www01', '10.0.1.1', 'web'],
  ['db1', '10.0.2.1', 'db'],
]);
const services = [service('192.0.2.1:80', 'Route', '10.0.1.1:80')];
const [web, app] = [
  agent('www01', ['in 192.0.2.1 198.19.1.0/24 80 6', 'out 10.0.1.1 10.0.2.1 3306 2']),
  agent('app1', ['out 10.0.3.1 192.0.2.1 80 6'], { role: 'app', dc: 'fr' }),
];
const columns = (agents: MapInput['agents'], by: MapAxis = 'role', names: MapInput['names'] = []) =>
  idsOf(mapOf(buildGraph(input({ topology, services, agents, names })), { ...wholeMap, by })).map((id) =>
    id.slice(id.indexOf(':') + 1),
  );
const usual = ['clients', 'services', 'web', 'db', 'app'];

describe('a new', () => {
  const names = [{ name: 'lb.example.com', addresses: ['203.0.113.1', '203.0.113.2'] }];
  test.each<[what: string, agents: MapInput['agents'], names: MapInput['names'], more: readonly string[]]>([
    ['name', [agent('app2', ['out 10.0.3.2 203.0.113.1 443 1'], { role: 'app' })], names, ['dns']],
    ['stranger', [agent('app2', ['out 10.0.3.2 203.0.113.9 443 1'], { role: 'app' })], [], ['unknown']],
    ['agent without a role', [agent('odd1', ['out 10.0.3.2 192.0.2.1 80 1'])], [], ['no role']],
    [
      'of each',
      [agent('odd1', ['out 10.0.3.2 203.0.113.1 443 1', 'out 10.0.3.2 203.0.113.9 443 1'])],
      names,
      ['dns', 'no role', 'unknown'],
    ],
  ])('%s is at the end', (_, agents, known, more) => {
    expect(columns([web, app])).toEqual(usual);
    expect(columns([web, app, ...agents], 'role', known)).toEqual([...usual, ...more]);
  });

  test('name is behind the data centres', () => {
    expect(columns([web, app], 'dc')).toEqual(['clients', 'services', 'fr', 'tx']);
    const agents = [web, app, agent('app2', ['out 10.0.3.2 203.0.113.1 443 1'], { role: 'app', dc: 'tx' })];
    expect(columns(agents, 'dc', names)).toEqual(['clients', 'services', 'fr', 'tx', 'dns']);
  });
});

test('real servers that only the table knows have no role, and are no strangers', () => {
  const graph = buildGraph(input({ services }));
  expect(graph.nodes.map(({ id, role, isKnown }) => [id, role, isKnown])).toEqual([
    ['service:192.0.2.1:80', 'services', true],
    ['host:10.0.1.1', 'no role', true],
  ]);
});
