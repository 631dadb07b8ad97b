// Maps for tests of formats: one of fifty by fifty hosts, and one of names that are markup somewhere.

import { buildMap } from '../../src/map/build-map.js';
import { wholeMap } from '../../src/map/choose/choice.js';
import type { FleetMap, MapNode } from '../../src/model/map/fleet-map.js';
import { agent, input, link, topologyWith } from './small-fleet.js';

/** Names that end, begin or escape something in SVG, DOT or Cypher. */
export const names = [
  '<script>alert(1)</script>',
  '"><a href="javascript:x">',
  "' SET n.x = 1 //",
  '`) DETACH DELETE n //',
  'back\\slash\\',
  '\\u0027 }) DELETE n //',
  '\\" ]; evil [label="',
  '&lt;&amp;&#39;',
  ']]> --> <!--',
  'two\nlines\r\u2028\u0000\u001b[31m',
  '\u202eright to left',
  'half \ud800 of a character \uffff',
  '😀 https://example.com/x',
  '',
];

/** A map of nodes with such names, also as roles and data centres. */
export function hostile(): FleetMap {
  const nodes = names.map((name): MapNode => {
    return { id: `host:${name}`, kind: 'host', role: name, dc: name, group: `role:${name}`, members: [name] };
  });
  const edges = names.map((name) => {
    return { from: `host:${name}`, to: `host:${names[0]}`, connections: Number.NaN, links: 2, lost: 1, stale: 1 };
  });
  return { nodes, edges };
}

const topology = topologyWith(
  ['web', 'db'].flatMap((role, r) =>
    Array.from({ length: 50 }, (_, i) => [`${role}${i}`, `10.0.${r}.${i}`, role] as const),
  ),
);
/** Two roles of fifty hosts, one by one, of which one has lost a link. */
export const fifty = buildMap(
  input({
    topology,
    agents: Array.from({ length: 50 }, (_, i) => {
      const outs = Array.from({ length: 50 }, (_, j) => `out 10.0.0.${i} 10.0.1.${j} 3306 1`);
      return agent(`web${i}`, outs, { links: [link('10.0.1.7', { isLost: i === 3 }), link('10.0.1.8')] });
    }),
  }),
  { ...wholeMap, expand: ['web', 'db'] },
);
