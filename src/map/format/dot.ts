// The map for Graphviz, in the DOT language (https://graphviz.org/doc/info/lang.html). Nodes are numbered, and names are labels only.

import { type FleetMap, isFolded, nameOfNode } from '../../model/map/fleet-map.js';
import { visibleLine } from '../../model/text/visible.js';
import { groupColumns } from '../drawing/group-columns.js';
import { edgeText } from './edge-text.js';

/** The map as a digraph. */
export function dotText(map: FleetMap): string {
  const number = new Map(map.nodes.map(({ id }, i) => [id, i]));
  const clusters = groupColumns(map).map(({ group, nodes }, i) => {
    const own = nodes.map((node) => {
      const label = isFolded(node) ? `${nameOfNode(node)} (${node.members.length})` : nameOfNode(node);
      return `    n${number.get(node.id)} [label=${quoted(label)}, tooltip=${quoted(node.id)}];`;
    });
    return [`  subgraph cluster_${i} {`, `    label=${quoted(nameOfNode({ id: group }))};`, ...own, '  }'].join('\n');
  });
  const edges = map.edges.map((edge) => {
    const colour = edge.lost > 0 ? ', color=red, penwidth=2' : '';
    const style = edge.stale > 0 ? ', style=dashed' : '';
    return `  n${number.get(edge.from)} -> n${number.get(edge.to)} [tooltip=${quoted(edgeText(edge))}${colour}${style}];`;
  });
  return ['digraph map {', '  rankdir=LR;', '  node [shape=box];', ...clusters, ...edges, '}'].join('\n');
}

/** A text in quotes: in labels, backslashes begin escapes (escString), and entities of HTML stand for characters. */
function quoted(text: string): string {
  const safe = visibleLine(text).replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `"${safe}"`;
}
