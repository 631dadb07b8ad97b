// The output of `lvs-stats map`: for people, for programs, and for drawing.

import type { PlaceLoss } from '../../map/choose/loss.js';
import type { UsesReport } from '../../map/count-uses.js';
import { cypherText } from '../../map/format/cypher.js';
import { dotText } from '../../map/format/dot.js';
import { jsonText } from '../../map/format/json.js';
import { lossHeadline, lossLines, lossRows, placeLossRecord } from '../../map/format/loss-text.js';
import { svgText } from '../../map/format/svg.js';
import { usesLines, usesRecord } from '../../map/format/uses-text.js';
import { type FleetMap, isFolded, type MapNode, nameOfNode } from '../../model/map/fleet-map.js';
import { countOf } from '../../model/text/count-of.js';
import { formatColumns } from '../text-table.js';

/** The map, and what is lost with a place if that was asked. */
export interface MapReport {
  readonly map: FleetMap;
  readonly without: PlaceLoss | null;
  /** The answer to a question about users, beside the map; null if nobody asks. */
  readonly uses: UsesReport | null;
}

/** The formats. */
export const mapFormats: Readonly<Record<'table' | 'json' | 'svg' | 'dot' | 'cypher', (report: MapReport) => string>> =
  {
    table: ({ map, without, uses }) =>
      [
        ...(without === null ? [] : [lossTable(without), '']),
        ...(uses === null ? [] : usesLines(uses).flatMap((line) => [line, ''])),
        mapTable(map),
      ].join('\n'),
    json: ({ map, without, uses }) =>
      jsonText(map, {
        ...(without === null ? {} : { without: placeLossRecord(without) }),
        ...(uses === null ? {} : { uses: usesRecord(uses) }),
      }),
    svg: ({ map }) => svgText(map),
    dot: ({ map }) => dotText(map),
    cypher: ({ map }) => cypherText(map),
  };

function mapTable({ nodes, edges }: FleetMap): string {
  if (nodes.length === 0) return 'There is nothing to show.';
  const names = new Map(nodes.map((node) => [node.id, titleOf(node)]));
  const loose = nodes.filter(({ id }) => !edges.some(({ from, to }) => from === id || to === id));
  const rows = edges.map(({ from, to, connections, links, lost, stale }) => [
    names.get(from) ?? '',
    names.get(to) ?? '',
    Number.isNaN(connections) ? '?' : String(connections),
    ...[links, lost, stale].map((count) => (count === 0 ? '' : String(count))),
  ]);
  const titles = ['from', 'to', 'connections', 'links', 'lost', 'stale'];
  return [
    `${countOf(nodes.length, 'node')}, ${countOf(edges.length, 'edge')}`,
    ...(rows.length === 0 ? [] : ['', formatColumns(titles, rows, titles.slice(2))]),
    ...(loose.length === 0 ? [] : ['', `Without connections and links: ${loose.map(titleOf).join(', ')}`]),
  ].join('\n');
}

/** `web (12)` for a folded group, `web01` for a host. */
function titleOf(node: MapNode): string {
  return isFolded(node) ? `${nameOfNode(node)} (${node.members.length})` : nameOfNode(node);
}

function lossTable(loss: PlaceLoss): string {
  const rows = lossRows(loss).map(({ service, loses, left }) => [service, loses, left]);
  return [
    lossHeadline(loss),
    ...lossLines(loss),
    ...(rows.length === 0 ? [] : ['', formatColumns(['service', 'loses', 'left'], rows, ['left'])]),
  ].join('\n');
}
