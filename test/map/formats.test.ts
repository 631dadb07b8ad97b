// The map as SVG, DOT, Cypher and JSON; names that are markup there.

import { describe, expect, test } from 'vitest';
import { buildMap } from '../../src/map/build-map.js';
import { drawingOf } from '../../src/map/drawing/drawing.js';
import { layoutOf } from '../../src/map/drawing/layout.js';
import { cypherText } from '../../src/map/format/cypher.js';
import { dotText } from '../../src/map/format/dot.js';
import { jsonText } from '../../src/map/format/json.js';
import { svgText } from '../../src/map/format/svg.js';
import type { FleetMap, MapNode } from '../../src/model/map/fleet-map.js';
import { fifty, hostile, names } from './drawn-maps.js';
import { input, topologyWith } from './small-fleet.js';

describe('SVG', () => {
  test('is under 1,000 wide for 50 by 50, and draws troubled edges alone one by one', () => {
    const svg = svgText(fifty);
    const [, width] = /width="(\d+)"/.exec(svg) ?? [];
    expect(Number(width)).toBeGreaterThan(300);
    expect(Number(width)).toBeLessThan(1000);
    expect(svg.match(/<line /g)).toHaveLength(1);
    expect(svg).toContain('<title>host:web3 to host:db7: 1 connection, 1 of 1 link lost</title><line');
    expect(svg).toContain('>2500; 1/100 lost</text>');
  });

  test('is never wider, however many roles there are, and keeps every node inside', () => {
    const nodes = Array.from({ length: 40 }, (_, i): MapNode[] =>
      Array.from({ length: 1 + 30 * (i % 4) }, (_, j) => {
        return { id: `host:${i}-${j}`, kind: 'host', role: `role${i}`, dc: null, group: `role:role${i}`, members: [] };
      }),
    ).flat();
    const { width, height, columns } = layoutOf({ nodes, edges: [] });
    expect(width).toBeLessThan(1000);
    const cells = columns.flatMap((column) => column.cells.map((cell) => ({ cell: cell.box, column: column.box })));
    expect(cells).toHaveLength(nodes.length);
    for (const { cell, column } of cells) {
      expect(cell.x).toBeGreaterThanOrEqual(column.x);
      expect(cell.x + cell.width).toBeLessThanOrEqual(column.x + column.width + 0.1);
      expect(cell.y + cell.height).toBeLessThanOrEqual(column.y + column.height);
      expect(column.y + column.height).toBeLessThanOrEqual(height);
    }
  });

  test('labels trouble before busy arcs, and says where the numbers without room are', () => {
    const roles = ['a', 'b', 'c', 'd', 'e'];
    const nodes = roles.map((role): MapNode => {
      const id = `role:${role}`;
      return { id, kind: 'role', role, dc: null, group: id, members: [] };
    });
    const busy = nodes.flatMap(({ id: from }) =>
      nodes.map(({ id: to }) => ({ from, to, connections: 70_000, links: 9, lost: 0, stale: 0 })),
    );
    const remark = 'numbers that have no room are in the table';
    for (const lost of busy.filter(({ from, to }) => from !== to)) {
      const edges = busy.map((edge) => (edge === lost ? { ...edge, connections: 0, lost: 4 } : edge));
      const svg = svgText({ nodes, edges });
      expect(svg, `${lost.from} to ${lost.to}`).toContain('>0; 4/9 lost</text>');
      expect(svg.match(/>70000<\/text>/g)?.length).toBeLessThan(edges.length - 1);
      expect(svg).toContain(remark);
    }
    expect(svgText({ nodes, edges: busy.slice(1, 2) })).not.toContain(remark);
  });

  test('draws a thousand arcs at most, troubled ones and those with the most connections first, and says how many are left', () => {
    const nodes = Array.from({ length: 60 }, (_, i): MapNode => {
      const id = `rack:tx/r${i}`;
      return { id, kind: 'rack', role: null, dc: 'tx', group: id, members: [] };
    });
    const edges = nodes.flatMap(({ id: from }, i) =>
      nodes.map(({ id: to }, j) => {
        return { from, to, connections: i * 60 + j, links: 1, lost: i === 0 && j === 1 ? 1 : 0, stale: 0 };
      }),
    );
    const { arcs, undrawn } = drawingOf({ nodes, edges });
    expect([arcs.length, undrawn]).toEqual([1000, { arcs: 2600, lines: 0 }]);
    const drawn = arcs.map(({ edge }) => edge.connections);
    expect(drawn[0]).toBe(1);
    expect(Math.min(...drawn.slice(1))).toBe(3600 - 999);
    expect(svgText({ nodes, edges })).toContain('2600 arcs with fewer connections are not drawn');
  });

  test('names what is left of a group others, counts all of its nodes, and cuts no address short', () => {
    const [first = '', second = '', third = ''] = ['[2001:db8::10]:443', '198.51.100.50:443', '198.51.100.51:8443'];
    const node = { kind: 'virtual-service', role: 'services', dc: null, group: 'role:services', members: [] } as const;
    const rest = { ...node, id: 'role:services', kind: 'role', members: ['a', 'b', 'c'] } as const;
    const single = [first, second, third].map((name) => ({ ...node, id: `service:${name}` }));
    const svg = svgText({ nodes: [...single, rest], edges: [] });
    for (const name of [first, second, third, 'others (3)', '6 nodes']) expect(svg).toContain(`>${name}</text>`);
    expect(svg).toContain('<title>services: 6 nodes</title>');
  });

  test('puts a node in the same place whatever else changes', () => {
    const placesOf = (map: FleetMap) => layoutOf(map).columns;
    expect(placesOf({ ...fifty, edges: [] })).toEqual(placesOf(fifty));
  });

  test('has no markup and no address of names', () => {
    const svg = svgText(hostile());
    const tags = new Set([...svg.matchAll(/<\/?([^\s>/]*)/g)].map(([, tag]) => tag));
    expect([...tags].sort()).toEqual(['defs', 'g', 'line', 'marker', 'path', 'rect', 'svg', 'text', 'title']);
    // Outside of tags there is no quote, and no attribute has any text of names.
    const attributes = [...svg.matchAll(/<[a-z]+([^<>]*)>/g)].map(([, own = '']) => own).join(' ');
    expect(attributes).not.toMatch(/href|script|alert|DELETE|example/);
    expect(svg).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/);
    expect(svg).not.toMatch(/[\p{Cs}\p{Noncharacter_Code_Point}\u202e]|[^\P{Cc}\n]/u);
    expect([...svg.matchAll(/url\(([^)]*)\)/g)].map(([, own]) => own)).not.toContainEqual(
      expect.not.stringMatching(/^#arrow(-lost)?$/),
    );
  });
});

describe('DOT', () => {
  test('has roles as clusters, and lost links in red', () => {
    const dot = dotText(buildMap(input({ topology: topologyWith([['web1', '10.0.0.1', 'web']]) })));
    expect(dot).toBe('digraph map {\n  rankdir=LR;\n  node [shape=box];\n}');
    expect(dotText(fifty).match(/color=red/g)).toHaveLength(1);
    expect(dotText(fifty)).toContain('    n3 [label="web3", tooltip="host:web3"];');
  });

  test('has names in quoted strings only, which end where they should', () => {
    const dot = dotText(hostile());
    const outside = dot.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
    expect(outside).not.toMatch(/[\\<]|script|evil|DELETE|SET/);
    expect(outside).toMatch(/^[\w\s{}[\]=,;>-]*(?:""[\w\s{}[\]=,;>-]*)*$/);
    expect(dot).toContain('label="back\\\\slash\\\\"');
    expect(dot).toContain('label="&amp;lt;&amp;amp;&amp;#39;"');
  });
});

/** Reads the string literals of Cypher as the grammar has them. */
function literalsOf(text: string): readonly string[] {
  return [...text.matchAll(/'((?:[^'\\]|\\(?:['\\]|u[0-9a-f]{4}))*)'/g)].map(([, own = '']) =>
    own.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/g, (_, hex: string | undefined, plain: string) =>
      hex === undefined ? plain : String.fromCharCode(Number.parseInt(hex, 16)),
    ),
  );
}

describe('Cypher', () => {
  test('is a statement for each node and each edge', () => {
    const nodes: readonly MapNode[] = [
      { id: 'role:web', kind: 'role', role: 'web', dc: null, group: 'role:web', members: ['host:web1'] },
      { id: 'host:db1', kind: 'host', role: 'db', dc: 'tx', group: 'role:db', members: [] },
    ];
    const edges = [{ from: 'role:web', to: 'host:db1', connections: Number.NaN, links: 1, lost: 0, stale: 0 }];
    expect(cypherText({ nodes, edges }).split('\n')).toEqual([
      "MERGE (n:Node {id: 'role:web'}) SET n:`web`, n.name = 'web', n.kind = 'role', n.role = 'web', n.dc = null, n.members = ['host:web1'];",
      "MERGE (n:Node {id: 'host:db1'}) SET n:`db`, n.name = 'db1', n.kind = 'host', n.role = 'db', n.dc = 'tx', n.members = [];",
      "MATCH (a:Node {id: 'role:web'}), (b:Node {id: 'host:db1'}) MERGE (a)-[r:TALKS_TO]->(b) SET r.connections = null, r.links = 1, r.lost = 0, r.stale = 0;",
    ]);
  });

  test('has names in literals and backticks only, which say the same as the names', () => {
    const lines = cypherText(hostile()).split('\n');
    expect(lines).toHaveLength(2 * names.length);
    for (const [i, name] of names.entries()) {
      const line = lines[i] ?? '';
      expect(literalsOf(line.replace(/SET n:`(?:[^`]|``)*`/, ''))).toEqual([
        `host:${name}`,
        name,
        'host',
        name,
        name,
        name,
      ]);
      const bare = line.replace(/SET n:`(?:[^`]|``)+`/, 'SET n:``').replaceAll(/'(?:[^'\\]|\\.)*'/g, "''");
      expect(bare).toBe(
        "MERGE (n:Node {id: ''}) SET n:``, n.name = '', n.kind = '', n.role = '', n.dc = '', n.members = [''];",
      );
    }
  });

  test('has nothing that decodes to a quote, a backtick or a backslash before the literal is read', () => {
    const decoded = (text: string) =>
      text.replaceAll(/(\\\\)|\\u([0-9a-f]{4})/g, (all, pair: string | undefined, hex: string) =>
        pair === undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : all,
      );
    const text = cypherText(hostile());
    const escapes = [...text.matchAll(/\\u([0-9a-f]{4})/g)].map(([, hex = '']) => Number.parseInt(hex, 16));
    expect(escapes.length).toBeGreaterThan(10);
    for (const forbidden of ["'", '`', '\\', '"']) expect(escapes).not.toContain(forbidden.charCodeAt(0));
    expect(decoded(text).match(/(?<!\\)'/g)).toHaveLength((text.match(/(?<!\\)'/g) ?? []).length);
  });
});

test('JSON has null for what is unknown, and further keys first', () => {
  const parsed = JSON.parse(jsonText(hostile(), { without: 1 })) as { nodes: MapNode[]; edges: object[] };
  expect(Object.keys(parsed)).toEqual(['without', 'nodes', 'edges']);
  expect(parsed.nodes.map(({ role }) => role)).toEqual(names);
  expect(parsed.edges[0]).toMatchObject({ connections: null, links: 2 });
});
