import { describe, expect, test } from 'vitest';
import { parseAdded } from '../../../src/cli/map/added-file.js';

const parse = (text: string) => parseAdded(text, 'extra.yaml');

test('reads nodes and edges with their places, as YAML and as JSON', () => {
  const added = {
    nodes: [
      { name: 'mainframe', role: 'legacy', dc: 'tx', addresses: ['10.9.0.1', '2001:db8::1'], at: 'extra.yaml:2:5' },
      { name: 'dns:db.example.com', role: null, dc: null, addresses: [], at: 'extra.yaml:3:5' },
    ],
    edges: [
      { from: 'mainframe', to: '192.0.2.1:80', connections: null, at: 'extra.yaml:5:5' },
      { from: 'a', to: 'b', connections: 3, at: 'extra.yaml:6:5' },
    ],
  };
  const text = `nodes:
  - {name: mainframe, role: legacy, dc: tx, addresses: [10.9.0.1, "2001:0db8::0:1"]}
  - {name: "dns:db.example.com"}
edges:
  - {from: mainframe, to: "192.0.2.1:80"}
  - {from: a, to: b, connections: 3}
`;
  expect(parse(text)).toEqual(added);
  const json = '{"nodes": [{"name": "a", "addresses": ["10.9.0.1"]}], "edges": [{"from": "a", "to": "b"}]}';
  expect(parse(json)).toEqual({
    nodes: [{ name: 'a', role: null, dc: null, addresses: ['10.9.0.1'], at: 'extra.yaml:1:12' }],
    edges: [{ from: 'a', to: 'b', connections: null, at: 'extra.yaml:1:65' }],
  });
});

test.each(['', '{}', '# nothing'])('%j adds nothing', (text) => {
  expect(parse(text)).toEqual({ nodes: [], edges: [] });
});

describe('a wrong line is an error with its position:', () => {
  test.each<readonly [what: string, text: string, says: string]>([
    ['another key', 'node: []', 'extra.yaml:1:1: the file has no key "node", only nodes, edges'],
    ['a list', '[]', 'extra.yaml:1:1: the file has keys: nodes, edges'],
    ['a node without a name', 'nodes: [{role: a}]', 'extra.yaml:1:9: "nodes[0]" needs "name"'],
    ['a name with markup', 'nodes: [{name: <b>}]', '"nodes[0].name" cannot be "<b>": write up to 100 letters'],
    ['a role with a backtick', 'nodes: [{name: a, role: "`"}]', '"nodes[0].role" cannot be "`"'],
    ['a network', 'nodes: [{name: a, addresses: [10.0.0.0/8]}]', '"nodes[0].addresses[0]" cannot be "10.0.0.0/8"'],
    ['a name twice', 'nodes:\n  - {name: a}\n  - {name: a}', '"nodes": "a" is there twice, again at extra.yaml:3:5'],
    ['an edge without an end', 'edges: [{from: a}]', 'extra.yaml:1:9: "edges[0]" needs "to"'],
    ['half a connection', 'edges: [{from: a, to: b, connections: 0.5}]', 'write a whole number of connections'],
    ['no YAML', 'nodes: [', 'this is not YAML'],
  ])('%s', (_, text, says) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'bad-config' }));
    expect(() => parse(text)).toThrow(says);
  });
});
