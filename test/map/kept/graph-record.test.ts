// Graphs as text: a kept graph is read back unchanged, and any other text is refused.

import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../../src/map/graph/build-graph.js';
import { graphText, parseGraph } from '../../../src/map/kept/graph-record.js';
import type { PlacedPool } from '../../../src/map/placed-pools.js';
import type { Finding } from '../../../src/model/finding/finding.js';
import { agent, input, link, service, topologyWith } from '../small-fleet.js';

const graph = buildGraph(
  input({
    topology: topologyWith([
      ['web1', '10.0.1.1', 'web'],
      ['db <b>"1"', '10.0.2.1', null],
    ]),
    services: [service('192.0.2.1:80', 'Route', '10.0.1.1:80')],
    agents: [
      agent('web1', ['in 192.0.2.1 198.51.100.0/24 80 6', 'out 10.0.1.1 10.0.2.1 3306 2'], {
        links: [link('10.0.2.1', { isLost: true }), link('10.0.2.1:3306', { isStale: true })],
      }),
      agent('silent', ['out 10.0.9.9 192.0.2.1 80 1'], { isSilent: true }),
    ],
  }),
);

const findings: readonly Finding[] = [
  {
    kind: 'link-lost',
    subject: 'link/web1/10.0.2.1',
    severity: 'critical',
    sinceS: 1_795_271_000,
    archives: ['tcp_192.0.2.1_80'],
    numbers: { agents: 2, why: 'three', share: Number.NaN },
  },
];

const pools: readonly PlacedPool[] = [
  {
    service: 'tcp_192.0.2.1_80',
    servers: [
      { name: '10.0.1.1_80', address: '10.0.1.1', weight: 100, place: { host: 'web1', rack: 'tx/r1', dc: 'tx' } },
      { name: '10.0.9.1_80', address: '10.0.9.1', weight: 0, place: { host: '10.0.9.1', rack: null, dc: null } },
    ],
  },
];

const unkept = { linkEdges: new Int32Array(0), servers: new Map() };

test('a graph is read back unchanged, with unknown connections, without the edges of links', () => {
  const kept = parseGraph(graphText({ timeS: 1_795_271_760, graph, findings, pools }));
  expect(Array.from(graph.connections).filter(Number.isNaN)).toHaveLength(1);
  expect(kept).toEqual({ timeS: 1_795_271_760, graph: { ...graph, ...unkept }, findings, pools });
});

test.each<[string, unknown]>([
  ['are missing, as in maps of older versions', undefined],
  ['are not a list', {}],
  ['have a service without a name', [[null, []]]],
  ['have no list of real servers', [['tcp_192.0.2.1_80', 3]]],
  ['have a weight that is no number', [['tcp_192.0.2.1_80', [['10.0.1.1_80', '1', 'web1', null, null]]]]],
  ['have a negative weight', [['tcp_192.0.2.1_80', [['10.0.1.1_80', -1, 'web1', null, null]]]]],
  ['have a real server nowhere', [['tcp_192.0.2.1_80', [['10.0.1.1_80', 1, null, null, null]]]]],
  ['have a rack that is no name', [['tcp_192.0.2.1_80', [['10.0.1.1_80', 1, 'web1', 7, null]]]]],
])('real servers that %s are unknown, and the graph is read', (_, own) => {
  const text = JSON.parse(graphText({ timeS: 5, graph, findings, pools }));
  const kept = parseGraph(JSON.stringify({ ...text, pools: own }));
  expect([kept.pools, kept.findings, kept.graph.nodes]).toEqual([null, findings, graph.nodes]);
});

test.each<[string, unknown]>([
  ['are missing', undefined],
  ['are of a kind that is not known', [{ ...findings[0], kind: 'moon-missing' }]],
  ['are of a severity that is not known', [{ ...findings[0], severity: 'fatal' }]],
  ['have no subject', [...findings, { ...findings[0], subject: 7 }]],
  ['have no time', [{ ...findings[0], sinceS: null }]],
  ['have archives that are not names', [{ ...findings[0], archives: [null] }]],
  ['have values that are neither numbers nor words', [{ ...findings[0], numbers: { agents: [] } }]],
  ['are not a list', {}],
])('findings that %s are unknown, and the graph is read', (_, own) => {
  const text = JSON.parse(graphText({ timeS: 5, graph, findings, pools }));
  const kept = parseGraph(JSON.stringify({ ...text, findings: own }));
  expect([kept.findings, kept.graph.nodes]).toEqual([null, graph.nodes]);
});

describe('refuses', () => {
  const text = graphText({ timeS: 5, graph, findings: null, pools: null });
  const changed = (change: Readonly<Record<string, unknown>>) => JSON.stringify({ ...JSON.parse(text), ...change });

  test.each([
    ['what is not JSON', '{', /JSON/],
    ['a list', '[]', /^it is not a map$/],
    ['another version', changed({ version: 2 }), /^its version is 2, not 1$/],
    ['no time', changed({ time: null }), /^its time is missing$/],
    ['a time that is none', changed({ time: 1e300 }), /^its time is missing$/],
    ['roles that are not names', changed({ roles: [1] }), /^its roles are not names$/],
    ['a node of another form', changed({ nodes: [['host:a', 'host', 0]] }), /^the node number 1 is not/],
    ['a node of a role that is not there', changed({ nodes: [['host:a', 'host', 9, null, null, 1, []]] }), /number 1/],
    ['a folded node', changed({ nodes: [['role:a', 'role', 0, null, null, 1, []]] }), /^the node number 1 is not/],
    ['an edge to a node that is not there', changed({ to: Array(graph.to.length).fill(99) }), /^its "to" has 99$/],
    ['unknown links', changed({ links: Array(graph.to.length).fill(null) }), /^its "links" has null$/],
    ['half a connection', changed({ connections: Array(graph.to.length).fill(0.5) }), /^its "connections" has 0.5$/],
    ['a missing column', changed({ stale: undefined }), /^its "stale" is missing$/],
    ['columns of different lengths', changed({ lost: [] }), /^its columns of edges have different lengths$/],
  ])('%s', (_, own, says) => {
    expect(() => parseGraph(own)).toThrow(says);
  });
});
