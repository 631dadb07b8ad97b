// The map as Cypher, for anyone who has a graph database: a statement for each node, then one for each edge, that can be run again.
// https://opencypher.org/resources, openCypher 9: string literals and escaped symbolic names.
//
//   MERGE (n:Node {id: 'host:web01'}) SET n:`web`, n.name = 'web01', n.kind = 'host', n.role = 'web', n.dc = null, n.members = [];
//   MATCH (a:Node {id: 'host:web01'}), (b:Node {id: 'host:db1'}) MERGE (a)-[r:TALKS_TO]->(b) SET r.connections = 5, …;

import { type FleetMap, type MapEdge, type MapNode, nameOfNode } from '../../model/map/fleet-map.js';

/** The map as statements, each on a line. */
export function cypherText({ nodes, edges }: FleetMap): string {
  return [...nodes.map(nodeStatement), ...edges.map(edgeStatement)].join('\n');
}

function nodeStatement(node: MapNode): string {
  const { id, kind, role, dc, members } = node;
  const values = [
    ['name', literal(nameOfNode(node))],
    ['kind', literal(kind)],
    ['role', role === null ? 'null' : literal(role)],
    ['dc', dc === null ? 'null' : literal(dc)],
    ['members', `[${members.map(literal).join(', ')}]`],
  ].map(([key, value]) => `n.${key} = ${value}`);
  return `MERGE (n:Node {id: ${literal(id)}}) SET n:${symbol(role ?? kind)}, ${values.join(', ')};`;
}

function edgeStatement({ from, to, connections, links, lost, stale }: MapEdge): string {
  const count = Number.isNaN(connections) ? 'null' : String(connections);
  return (
    `MATCH (a:Node {id: ${literal(from)}}), (b:Node {id: ${literal(to)}}) MERGE (a)-[r:TALKS_TO]->(b) ` +
    `SET r.connections = ${count}, r.links = ${links}, r.lost = ${lost}, r.stale = ${stale};`
  );
}

/**
 * A string literal. Everything but plain characters is an escape of four digits for each UTF-16 unit. A backslash is two; a `u` after one is an
 * escape too, since older versions of Neo4j decode `\u` before they read the literal.
 */
function literal(text: string): string {
  const escaped = text.replace(/\\u|[\\']|[^\x20-\x7e]/g, (found) => {
    if (found === '\\u') return `\\\\${unit('u')}`;
    return found === '\\' || found === "'" ? `\\${found}` : unit(found);
  });
  return `'${escaped}'`;
}

function unit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A name in backticks, which are doubled inside. Other escapes are not possible, so a backslash, a control character and an empty name are replaced. */
function symbol(name: string): string {
  const safe = name.replaceAll('`', '``').replace(/[\\\p{C}\p{Zl}\p{Zp}]/gu, '_');
  return `\`${safe === '' ? '_' : safe}\``;
}
